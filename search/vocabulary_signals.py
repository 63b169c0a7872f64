"""Has the words counted and everyday phrases offered anew some time after pages were published or taken down."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task
from wagtail.signals import page_published, page_unpublished

from search import claims, suggestion_tasks, vocabulary

#: Seconds that changes are gathered: counting reads every page, and a word published a minute ago is found without it.
GATHER = 300
#: Seconds after which a count that was asked for has been lost.
LOST = 4 * GATHER
#: Held from the first change to the beginning of the count.
CLAIM = "count words"
#: Below every other task: nobody waits for it.
PRIORITY = -60


@task(priority=PRIORITY)
def count_words_task() -> None:
    """Count the words of public pages; offer the everyday phrases whose meaning stands in them, and no others."""
    # before the pages are read: what is published from now on has itself counted
    claims.release(CLAIM)
    vocabulary.refresh()
    suggestion_tasks.sync_terms.call()


@receiver(page_published)
@receiver(page_unpublished)
def words_have_changed(**_kwargs: Any) -> None:
    """Enqueue one count for all changes of the next minutes."""
    transaction.on_commit(_count_later)


def _count_later() -> None:
    if claims.take(CLAIM, LOST) is None:
        return
    if count_words_task.get_backend().supports_defer:
        count_words_task.using(run_after=timezone.now() + datetime.timedelta(seconds=GATHER)).enqueue()
    else:
        count_words_task.enqueue()


def count_forgotten() -> None:
    """Ask for a count anew that was asked for and never begun."""
    if claims.is_lost(CLAIM, LOST):
        _count_later()
