"""What is to be indexed: everything that is saved or deleted, and published pages once more when they are complete.

A page is noted when its row is saved, which may be before its topics, places and child rows are: a quick worker would read
the old ones. The outbox keeps the indexes of all engines; Wagtail's own task, which nobody would run again when it fails or its
worker is killed, is switched off.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from modelsearch import signal_handlers
from modelsearch.index import get_indexed_models
from wagtail.models import Page
from wagtail.signals import page_published, post_page_move

from core.showing import pages_that_show
from search import outbox


@receiver(page_published)
def note_complete_page(instance: Page, **_kwargs: Any) -> None:
    """Note a page that was published."""
    outbox.note([instance])


@receiver(post_page_move)
def note_moved_pages(instance: Page, **_kwargs: Any) -> None:
    """Note a page and all below it, whose paths have changed."""
    outbox.note(list(Page.objects.descendant_of(instance, inclusive=True).only("pk")))


def note_change(instance: Model, **kwargs: Any) -> None:
    """Note an object that was saved."""
    if not kwargs.get("raw"):
        outbox.note([instance])


def remember_pages(instance: Any, **_kwargs: Any) -> None:
    """Remember the pages in which something of an object stands that goes: afterwards nobody knows which they were."""
    instance.shown_by = pages_that_show(instance)


def note_deletion(instance: Any, **_kwargs: Any) -> None:
    """Note an object that was deleted, and those pages."""
    outbox.note([instance])
    outbox.note_pages(instance.shown_by)


def connect() -> None:
    """Listen to every model that is searched, in place of Wagtail."""
    for model in get_indexed_models():
        name = f"search.outbox.{model._meta.label}"
        model.search_auto_update = False
        post_save.disconnect(signal_handlers.post_save_signal_handler, sender=model)
        post_delete.disconnect(signal_handlers.post_delete_signal_handler, sender=model)
        post_save.connect(note_change, sender=model, dispatch_uid=name)
        pre_delete.connect(remember_pages, sender=model, dispatch_uid=name)
        post_delete.connect(note_deletion, sender=model, dispatch_uid=name)
