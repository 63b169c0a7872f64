"""Changes on their way to a search server: noted with the change itself, delivered by a task, tried again until they arrive.

Saving and publishing only write a row to the database, whatever state the server is in. The index of the database is kept
by Wagtail's own task, so that a server that is down holds nothing else up.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone
from django_tasks import task
from modelsearch.backends import import_backend
from modelsearch.backends.base import get_model_root
from wagtail.search.backends import get_search_backend

from search.models import IndexChange, IndexState

logger = logging.getLogger(__name__)

#: Changes in one go.
BATCH = 500
#: Seconds before the first new try, and the longest time between two. Each failure doubles the time.
FIRST_RETRY, LONGEST_RETRY = 5, 300


def server_names() -> list[str]:
    """Return the aliases of the backends that are search servers."""
    return [
        name
        for name, conf in settings.WAGTAILSEARCH_BACKENDS.items()
        if getattr(import_backend(conf["BACKEND"]), "is_server", False)
    ]


def server(name: str) -> Any:
    """Return the backend of a search server, which knows its alias."""
    backend = get_search_backend(name)
    backend.alias = name
    return backend


def note(objects: Sequence[Model]) -> None:
    """Note that objects were saved or deleted, and deliver that after the transaction. Nothing without a server."""
    if not objects or not server_names():
        return
    number = time.time_ns()
    IndexChange.objects.bulk_create(
        [
            IndexChange(
                model=get_model_root(type(obj))._meta.label_lower, object_id=str(obj.pk), number=number
            )
            for obj in objects
        ],
        update_conflicts=True,
        unique_fields=["model", "object_id"],
        update_fields=["number"],
    )
    transaction.on_commit(deliver.enqueue)


@task()
def deliver() -> int:
    """Tell the servers of all changes that they do not know yet; return how many. What fails is tried again later."""
    names = server_names()
    if not names:
        return 0
    delivered, complete = 0, True
    for model in IndexChange.objects.order_by().values_list("model", flat=True).distinct():
        # each index by itself: one that is missing holds up no other
        while changes := list(IndexChange.objects.filter(model=model).order_by("number")[:BATCH]):
            told = {name: _told(name, model, changes) for name in names}
            if not all(told.values()):
                complete = False
                break
            delivered += len(changes)
            for change in changes:
                # a change that came in the meantime has a higher number and stays
                IndexChange.objects.filter(pk=change.pk, number=change.number).delete()
    if complete:
        IndexState.objects.filter(Q(retry_at__isnull=False) | Q(tries__gt=0)).update(retry_at=None, tries=0)
    return delivered


def _told(name: str, model: str, changes: Sequence[IndexChange]) -> bool:
    """Tell one server; return False, and see to a new try, when it does not answer or has no such index."""
    backend = server(name)
    try:
        if backend.breaker.is_open:
            raise ConnectionError("it is being left alone")
        _tell(backend, model, [change.object_id for change in changes])
    except Exception as problem:
        first = _retry_later(name)
        if isinstance(problem, backend.unreachable):
            if not isinstance(problem, backend.too_late):
                backend.breaker.failed(f"{type(problem).__name__}: {problem}"[:300])
        elif isinstance(problem, backend.not_indexed):
            if first:
                logger.warning("The search server %s needs `manage.py rebuild_index`: %s", name, problem)
        elif not isinstance(problem, ConnectionError):
            logger.exception("%d changes could not be told to the search server %s.", len(changes), name)
        return False
    return True


def _tell(backend: Any, model: str, keys: Sequence[str]) -> None:
    building = (
        IndexState.objects.filter(backend=backend.alias).values_list("building", flat=True).first() or {}
    )
    number = time.time_ns()
    try:
        root = apps.get_model(model)
    except LookupError:
        return
    alias = backend.get_index_for_model(root)
    targets = [alias]
    if alias.name in building:
        targets.append(backend.index_class(backend, building[alias.name]).as_target())
    objects = list(_indexed(root, keys))
    gone = sorted(set(keys) - {str(obj.pk) for obj in objects})
    for target in targets:
        for kind in {type(obj) for obj in objects}:
            target.add_items(kind, [obj for obj in objects if type(obj) is kind], number)
        target.remove(gone, number)


def _indexed(root: type[Model], keys: Sequence[str]) -> Iterator[Any]:
    """Yield the objects that are to be in the index, each of its own class, with what indexing needs prefetched."""
    kinds: dict[type[Any], list[Any]] = defaultdict(list)
    for obj in root._default_manager.filter(pk__in=keys):
        found = obj.get_indexed_instance()  # type: ignore[attr-defined]
        if found is not None:
            kinds[type(found)].append(found.pk)
    for kind, listed in kinds.items():
        yield from kind.get_indexed_objects().filter(pk__in=listed)


def _retry_later(name: str) -> bool:
    """See to one new try, however many tasks have failed in the meantime; return whether this was the first failure."""
    IndexState.objects.get_or_create(backend=name)
    now = timezone.now()
    states = IndexState.objects.filter(backend=name)
    tries = states.values_list("tries", flat=True).get()
    wait = datetime.timedelta(seconds=min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY))
    free = states.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now))
    if free.update(retry_at=now + wait, tries=F("tries") + 1) and deliver.get_backend().supports_defer:
        deliver.using(run_after=now + wait).enqueue()
    return not tries
