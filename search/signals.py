"""What is to be indexed besides what Wagtail sees to: published pages when they are complete, and all that a server must know.

Wagtail asks for indexing when the page's row is saved, which is before its topics, places and child rows are: a quick worker
would read the old ones. Its own task keeps the database's index; a search server hears of everything through the outbox.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from modelsearch.index import get_indexed_models
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import Page
from wagtail.signals import page_published, post_page_move

from search import outbox


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
    outbox.note([instance])


@receiver(post_page_move)
def tell_server_of_move(instance: Page, **_kwargs: Any) -> None:
    """Note a page and all below it, whose paths have changed."""
    outbox.note(list(Page.objects.descendant_of(instance, inclusive=True).only("pk")))


def tell_server(instance: Model, **kwargs: Any) -> None:
    """Note an object that was saved or deleted."""
    if not kwargs.get("raw"):
        outbox.note([instance])


def connect() -> None:
    """Listen to every model that is searched."""
    for model in get_indexed_models():
        post_save.connect(tell_server, sender=model, dispatch_uid=f"search.outbox.{model._meta.label}")
        post_delete.connect(tell_server, sender=model, dispatch_uid=f"search.outbox.{model._meta.label}")
