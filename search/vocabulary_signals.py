"""Has the words counted and everyday phrases offered anew some time after pages were published or taken down."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task
from wagtail.signals import page_published, page_unpublished

from search import suggestion_tasks, vocabulary

#: Seconds that changes are gathered: counting reads every page, and a word published a minute ago is found without it.
GATHER = 300
_DUE = "search.vocabulary.due"
#: Below every other task: nobody waits for it.
PRIORITY = -60


@task(priority=PRIORITY)
def count_words_task() -> None:
    """Count the words of public pages; offer the everyday phrases whose meaning stands in them, and no others."""
    cache.delete(_DUE)
    vocabulary.refresh()
    suggestion_tasks.sync_terms.call()


@receiver(page_published)
@receiver(page_unpublished)
def words_have_changed(**_kwargs: Any) -> None:
    """Enqueue one count for all changes of the next minutes."""
    if cache.add(_DUE, True, 4 * GATHER):
        transaction.on_commit(_enqueue)


def _enqueue() -> None:
    if count_words_task.get_backend().supports_defer:
        count_words_task.using(run_after=timezone.now() + datetime.timedelta(seconds=GATHER)).enqueue()
    else:
        count_words_task.enqueue()
