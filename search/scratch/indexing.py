"""Index the pages of a scratch: in several processes where the database is the engine, as `make index` does on a server."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any, TextIO

from django.conf import settings
from django.db import connections
from modelsearch.index import get_indexed_models
from wagtail.search.backends import get_search_backend

from core.models import ContentPage
from search import index_state, kinds, outbox, suggestion_index, vocabulary
from search.progress import Progress
from search.scratch import worker

BATCH = 200


def index_pages(jobs: int, stream: TextIO) -> None:
    """Index all pages for every engine that is set; what stands in the index is replaced."""
    worker.hurry()
    servers = outbox.server_names()
    for name in settings.WAGTAILSEARCH_BACKENDS:
        if name not in servers:
            # what is noted until now is in the index that is made of it; topics that were told would have all their pages told
            noted = index_state.known(name, list(get_indexed_models()))
            _in_database(name, jobs, stream)
            outbox.strike_out(noted)
    if servers:
        index_state.rebuild_now(servers, report=lambda name, total: Progress(name, total, stream))
    else:
        vocabulary.refresh()
        suggestion_index.rebuild_all()


def _batches() -> list[tuple[str, list[int]]]:
    """Return (page type, primary keys) in batches."""
    found = []
    for model in kinds.page_types():
        keys = list(_pages(model).order_by("pk").values_list("pk", flat=True))
        found += [(model._meta.label, keys[start : start + BATCH]) for start in range(0, len(keys), BATCH)]
    return found


def _pages(model: Any) -> Any:
    """Return the pages of exactly this type."""
    return model.objects.filter(content_type__app_label=model._meta.app_label,
                                content_type__model=model._meta.model_name)  # fmt: skip


def _in_database(name: str, jobs: int, stream: TextIO) -> None:
    batches = _batches()
    total = sum(len(keys) for _, keys in batches)
    with Progress("Indexing", total, stream) as progress:
        if jobs < 2 or len(batches) < 2 * jobs:
            for label, keys in batches:
                progress.step(worker.add(name, label, keys))
            return
        connections.close_all()
        # not fork: the children would share the connections of this process
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=worker.set_up) as pool:
            for done in _as_completed(pool.submit(worker.add, name, label, keys) for label, keys in batches):
                progress.step(done.result())


def _as_completed(futures: Iterator[Future[int]]) -> Iterator[Future[int]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from done


def is_there() -> bool:
    """Return whether every search server that is set holds an index: a node that begins anew holds none."""
    for name in outbox.server_names():
        backend = get_search_backend(name)
        if not backend.es.indices.exists(index=backend.get_index_for_model(ContentPage).name):
            return False
    return True


def processes() -> int:
    """Return how many processes this machine has room for."""
    return max(1, min(8, os.cpu_count() or 1))
