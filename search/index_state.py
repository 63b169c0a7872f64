"""Whether the search index fits the program, and building it anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from modelsearch.backends.base import get_model_root
from modelsearch.index import get_indexed_models
from wagtail.search.backends import get_search_backend

from search import building, outbox, suggestion_index, vocabulary
from search.analysis import VERSION
from search.building import AlreadyRunning, Builder, Overtaken
from search.models import IndexChange, IndexState
from search.places import is_empty, place_of

__all__ = ["AlreadyRunning", "Overtaken", "needs_rebuild", "rebuild", "rebuild_now"]

#: Objects that are read and indexed at a time.
CHUNK = 200


class Report(Protocol):
    """Whoever is told how far a rebuild is."""

    def step(self, number: int = 1) -> None:
        """Add ``number`` finished objects."""


class Silent:
    """Nobody is told."""

    def step(self, number: int = 1) -> None:
        """Say nothing."""


def needs_rebuild() -> bool:
    """Return whether an index was made by another version of the analysis or in another place, or holds nothing."""
    states = {state.backend: state for state in IndexState.objects.all()}
    servers = set(outbox.server_names())
    for name in settings.WAGTAILSEARCH_BACKENDS:
        state = states.get(name)
        if state is None or state.version != VERSION or (name in servers and state.built_at is None):
            return True
        # a database that was indexed before its place was written down is where it was
        if state.place != place_of(name) and (state.place or name in servers):
            return True
        if is_empty(name):
            return True
    return False


@task()
def rebuild() -> int:
    """Build all indexes anew; return the number of objects. As a task: ``rebuild.enqueue()``."""
    return rebuild_now()


def rebuild_now(
    names: Sequence[str] | None = None,
    report: Callable[[str, int], Any] = lambda _label, _total: Silent(),
    chunk: int = CHUNK,
) -> int:
    """Build indexes anew, and count words and gather suggestions; readers have results all the time.

    Args:
        names: aliases of WAGTAILSEARCH_BACKENDS; all by default.
        report: given the name of a backend and the number of its objects, returns who is told (a Report).
        chunk: objects at a time.

    Returns:
        The number of objects that were indexed, over all backends.

    Raises:
        AlreadyRunning, Overtaken: see there.
    """
    done = 0
    with building.alone() as builder:
        for name in settings.WAGTAILSEARCH_BACKENDS if names is None else names:
            done += _rebuild(name, report, chunk, builder)
            IndexState.objects.update_or_create(
                backend=name,
                defaults={"version": VERSION, "place": place_of(name), "built_at": timezone.now()},
            )
    # what happened meanwhile, then what stands beside an index and is made from the same pages
    outbox.deliver_now()
    vocabulary.refresh()
    suggestion_index.rebuild_all()
    return done


def _rebuild(name: str, report: Callable[[str, int], Any], chunk: int, builder: Builder) -> int:
    is_server = name in outbox.server_names()
    backend = outbox.server(name).for_building() if is_server else get_search_backend(name)
    groups: dict[str, tuple[Any, list[Any]]] = {}
    for model in get_indexed_models():
        index = backend.get_index_for_model(model)
        groups.setdefault(index.get_key(), (index, []))[1].append(model)
    told = report(
        name, sum(model.get_indexed_objects().count() for _, models in groups.values() for model in models)
    )
    told.step(0)
    done = 0
    for index, models in groups.values():
        rebuilder = backend.rebuilder_class(index) if is_server else building.InPlace(name, index, builder)
        target = rebuilder.start()
        noted = known(name, models)
        try:
            if is_server:
                target.add_models(models)
            for model in models:
                for number, items in _chunks(model, chunk):
                    builder.goes_on()
                    # a server keeps what is newer: it is told when these were read
                    target.add_items(model, items, **({"number": number} if is_server else {}))
                    done += len(items)
                    told.step(len(items))
            builder.goes_on()
            rebuilder.finish()
        except BaseException:
            rebuilder.abandon()
            raise
        outbox.strike_out(noted)
        if not is_server:
            outbox.tell_again(name)
    if is_server:
        backend.breaker.reset()
    return done


def known(name: str, models: Sequence[Any]) -> list[tuple[int, int]]:
    """Return key and number of the changes that are there before anything is read: the new index knows them."""
    roots = {get_model_root(model)._meta.label_lower for model in models}
    return list(IndexChange.objects.filter(backend=name, model__in=roots).values_list("pk", "number"))


def _chunks(model: Any, size: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield all objects of ``model`` to be indexed, each time with the moment before they were read (nanoseconds).

    They come by key, so that what is added meanwhile pushes none out of its place.
    """
    last = None
    while True:
        number = time.time_ns()
        rows = model.get_indexed_objects().order_by("pk")
        items = list((rows if last is None else rows.filter(pk__gt=last))[:size])
        if not items:
            return
        yield number, items
        last = items[-1].pk
