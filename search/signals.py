"""Index a published page once more when it is complete.

Wagtail asks for indexing when the page's row is saved, which is before its topics, places and child rows are: a quick worker
would read the old ones.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import Page
from wagtail.signals import page_published


@receiver(page_published)
def index_when_complete(instance: Page, **_kwargs: Any) -> None:
    """Enqueue the indexing of ``instance`` for after the transaction."""
    transaction.on_commit(
        partial(
            insert_or_update_object_task.enqueue,
            instance._meta.app_label,
            instance._meta.model_name,
            str(instance.pk),
        )
    )
