"""How an engine is told of changed objects: a database and a search server alike, for ``search.outbox``."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Model
from modelsearch.index import class_is_indexed
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from search.models import IndexState, PageText

logger = logging.getLogger(__name__)

#: Objects that a database is told of at a time: on SQLite a writer makes all others wait.
DATABASE_BATCH = 50
#: So many objects in a row that a database does not take are not to blame themselves.
TOO_MANY = 5


@dataclass
class Told:
    """What became of it: the objects that are in the index now, and the keys of those that the engine does not take."""

    objects: list[Any] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)


class Engine(Protocol):
    """An engine to be told.

    Attributes:
        batch: objects at a time, at most.
        keeps_newer: the engine itself refuses what is older than what it has.
    """

    batch: int
    keeps_newer: bool

    def tell(self, model: str, keys: Sequence[str], *, quiet: bool = False) -> Told:
        """Bring the objects ``keys`` of a root model up to date in the index.

        Args:
            model: label of the root model.
            keys: of objects that were saved or deleted.
            quiet: what is wrong with an object was said before.
        """

    def is_too_slow(self, problem: Exception) -> bool:
        """Whether a problem says that it was too much at a time."""

    def report(self, problem: Exception, number: int, *, is_first: bool) -> None:
        """Tell the log, and whoever must know, of a problem with ``number`` changes."""


class Database:
    """The index in the database.

    Args:
        name: alias in WAGTAILSEARCH_BACKENDS.
    """

    batch, keeps_newer = DATABASE_BATCH, False

    def __init__(self, name: str) -> None:
        self._name = name

    def tell(self, model: str, keys: Sequence[str], *, quiet: bool = False) -> Told:
        """See Engine."""
        root = _model(model)
        if root is None:
            return Told()
        backend = get_search_backend(self._name)
        objects = indexed(root, keys)
        failed: set[str] = set()
        for kind, rows in _by_kind(objects).items():
            index = backend.get_index_for_model(kind)
            try:
                index.add_items(kind, rows)
            except Exception:
                failed |= self._one_by_one(index, kind, rows, quiet=quiet)
        self._remove(backend.get_index_for_model(root), root, set(keys) - {str(obj.pk) for obj in objects})
        return Told([obj for obj in objects if str(obj.pk) not in failed], failed)

    def _one_by_one(self, index: Any, kind: Any, rows: Sequence[Any], *, quiet: bool) -> set[str]:
        """Index objects one by one, so that one that cannot be indexed keeps no other out."""
        failed: set[str] = set()
        for number, obj in enumerate(rows):
            try:
                index.add_items(kind, [obj])
            except Exception:
                failed.add(str(obj.pk))
                if len(rows) > 1 and len(failed) == min(TOO_MANY, len(rows)) == number + 1:
                    raise
                if not quiet:
                    logger.exception("%s %s cannot be indexed; it is tried again.", kind._meta.label, obj.pk)
        return failed

    @staticmethod
    def _remove(index: Any, root: Any, keys: set[str]) -> None:
        if keys:
            types = get_descendants_content_types_pks(root)
            entries = index.entries.filter(content_type_id__in=types, object_id__in=keys)
            entries._raw_delete(entries.db)
            if root is Page:
                PageText.objects.filter(page_id__in=keys).delete()

    def is_too_slow(self, problem: Exception) -> bool:
        """See Engine: a database is never asked for much at a time."""
        return False

    def report(self, problem: Exception, number: int, *, is_first: bool) -> None:
        """See Engine."""
        if is_first:
            logger.error("%d changes could not be indexed; they are tried again.", number, exc_info=problem)


class Server:
    """A search server.

    Args:
        backend: as ``search.outbox.server`` returns it.
    """

    batch, keeps_newer = 10_000, True

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def tell(self, model: str, keys: Sequence[str], *, quiet: bool = False) -> Told:
        """See Engine. A server that is left alone raises ConnectionError."""
        backend = self._backend
        if backend.breaker.is_open:
            raise ConnectionError("it is being left alone")
        number = time.time_ns()
        root = _model(model)
        if root is None:
            return Told()
        objects = indexed(root, keys)
        gone = sorted(set(keys) - {str(obj.pk) for obj in objects})
        kinds = _by_kind(objects)
        for target in self._targets(root):
            for kind, rows in kinds.items():
                target.add_items(kind, rows, number)
            target.remove(gone, number)
        # readers may have been kept away from it until now
        backend.breaker.succeeded()
        return Told(objects)

    def _targets(self, root: Any) -> Iterator[Any]:
        backend = self._backend
        states = IndexState.objects.filter(backend=backend.alias)
        building = states.values_list("building", flat=True).first() or {}
        alias = backend.get_index_for_model(root)
        yield alias
        if alias.name in building:
            yield backend.index_class(backend, building[alias.name]).as_target()

    def is_too_slow(self, problem: Exception) -> bool:
        """See Engine."""
        return isinstance(problem, self._backend.too_late)

    def report(self, problem: Exception, number: int, *, is_first: bool) -> None:
        """See Engine. A server that is merely slow goes on answering readers."""
        backend = self._backend
        if isinstance(problem, backend.unreachable):
            if not isinstance(problem, backend.too_late):
                backend.breaker.failed(f"{type(problem).__name__}: {problem}"[:300])
        elif isinstance(problem, backend.not_indexed):
            if is_first:
                logger.warning(
                    "The search server %s needs `manage.py rebuild_index`: %s", backend.alias, problem
                )
        elif not isinstance(problem, ConnectionError):
            logger.error(
                "%d changes could not be told to the search server %s.",
                number,
                backend.alias,
                exc_info=problem,
            )


def indexed(root: type[Model], keys: Sequence[str]) -> list[Any]:
    """Return the objects that are to be in the index, each of its own class, with what indexing needs prefetched.

    They come by class and key: two who write the same rows in the same order never wait for each other in a circle.
    """
    kinds: dict[Any, list[Any]] = defaultdict(list)
    for obj in root._default_manager.filter(pk__in=keys):
        if isinstance(obj, Page):
            kinds[obj.specific_class].append(obj.pk)
        else:
            found = obj.get_indexed_instance()  # type: ignore[attr-defined]
            kinds[type(found)].append(obj.pk)
    return [
        obj
        for kind in sorted(filter(class_is_indexed, kinds), key=lambda kind: kind._meta.label)
        for obj in kind.get_indexed_objects().filter(pk__in=kinds[kind]).order_by("pk")
    ]


def _by_kind(objects: Sequence[Any]) -> dict[type[Any], list[Any]]:
    kinds: dict[type[Any], list[Any]] = defaultdict(list)
    for obj in objects:
        kinds[type(obj)].append(obj)
    return kinds


def _model(label: str) -> Any:
    """Return a model by its label; None for one that is gone with its app."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None
