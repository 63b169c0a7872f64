"""Tasks of the search whose worker was killed: django_tasks_db leaves them as running and never takes them up again."""

from __future__ import annotations

import datetime
import logging

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

#: After so long no task of the search is still running, but for those that build an index: they may take an hour, and staff
#: see that they were broken off (search.index_runs).
LOST = datetime.timedelta(minutes=15)
REBUILDS = ("search.index_runs.rebuild", "search.index_state.rebuild")
#: Workers that may be lost over one task: perhaps it is what kills them.
MOST = 3


def take_up() -> int:
    """Let a worker take up the tasks that another left behind; return how many. All of them may run twice."""
    rows = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING,
        task_path__startswith="search.",
        started_at__lt=timezone.now() - LOST,
    ).exclude(task_path__in=REBUILDS)
    taken = 0
    for row in rows:
        state = TaskResultStatus.READY if len(row.worker_ids) < MOST else TaskResultStatus.FAILED
        same = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        if state == TaskResultStatus.READY:
            taken += same.update(status=state, started_at=None)
        elif same.update(status=state, finished_at=timezone.now()):
            logger.error(
                "Gave the task %s %s up: %d workers were lost over it.", row.task_path, row.args_kwargs, MOST
            )
    return taken
