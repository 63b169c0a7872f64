"""Rebuilding the index as a task whose progress staff can see, also from another process."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from search import index_state
from search.models import IndexRun

#: Seconds between two notes of the progress.
NOTE_EVERY = 1.0
#: Runs that are kept.
KEPT = 20


class _Told:
    """Notes the progress of one backend in the row of the run."""

    def __init__(self, run_id: int, backend: str, total: int) -> None:
        self._run_id, self._done, self._noted = run_id, 0, 0.0
        self._write(backend=backend, total=total, done=0)

    def _write(self, **values: Any) -> None:
        IndexRun.objects.filter(pk=self._run_id).update(heard_at=timezone.now(), **values)

    def step(self, number: int = 1) -> None:
        """Add ``number`` finished objects."""
        self._done += number
        if time.monotonic() - self._noted >= NOTE_EVERY:
            self._noted = time.monotonic()
            self._write(done=self._done)

    def end(self) -> None:
        """Note the last objects."""
        self._write(done=self._done)


def latest() -> IndexRun | None:
    """Return the last run, whatever became of it."""
    return IndexRun.objects.select_related("by").first()


def begin(user: Any) -> IndexRun | None:
    """Ask for a rebuild as a task; None when one is waiting or going on."""
    last = latest()
    if last is not None and last.is_open:
        return None
    run = IndexRun.objects.create(by=user)
    old = IndexRun.objects.values_list("pk", flat=True)[KEPT:]
    IndexRun.objects.filter(pk__in=list(old)).delete()
    transaction.on_commit(partial(rebuild.enqueue, run.pk))
    return run


@task()
def rebuild(run_id: int) -> int:
    """Rebuild all indexes for a run; return the number of objects. What goes wrong is written into the run."""
    IndexRun.objects.filter(pk=run_id).update(started_at=timezone.now(), heard_at=timezone.now())
    told: list[_Told] = []

    def report(backend: str, total: int) -> _Told:
        if told:
            told[-1].end()
        told.append(_Told(run_id, backend, total))
        return told[-1]

    problem, done = "", 0
    try:
        done = index_state.rebuild_now(report=report)
        if told:
            told[-1].end()
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:300]
        raise
    finally:
        IndexRun.objects.filter(pk=run_id).update(ended_at=timezone.now(), problem=problem)
    return done
