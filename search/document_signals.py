"""What happens to files of the document library, told to the search after the transaction."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Collection, CollectionViewRestriction

from core.models import SiteDocument
from search import offering, outbox
from search.document_tasks import index_collection_task, read_document_task

#: What Wagtail fills in when somebody looks at a document.
_MEASURED = {"file_size", "file_hash"}


@receiver(post_save, sender=SiteDocument)
def document_saved(
    instance: SiteDocument, raw: bool = False, update_fields: frozenset[str] | None = None, **_kwargs: Any
) -> None:
    """Read a new file; without one, title or collection may have changed, which the pages that offer it must know."""
    if not raw and not (update_fields and set(update_fields) <= _MEASURED):
        transaction.on_commit(partial(read_document_task.enqueue, instance.pk))


@receiver(pre_delete, sender=SiteDocument)
def document_goes(instance: Any, **_kwargs: Any) -> None:
    """Remember the pages that offer the document: they must be asked for before the references go."""
    instance.offered_by = offering.pages_offering([instance.pk])


@receiver(post_delete, sender=SiteDocument)
def document_is_gone(instance: Any, **_kwargs: Any) -> None:
    """Have those pages indexed without it."""
    outbox.note(instance.offered_by)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def privacy_changed(instance: CollectionViewRestriction, raw: bool = False, **_kwargs: Any) -> None:
    """Take the words of files that became private out of the index, or bring those of public ones back."""
    if not raw:
        transaction.on_commit(partial(index_collection_task.enqueue, instance.collection.path))


@receiver(post_save, sender=Collection)
def collection_saved(instance: Collection, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    """A collection may be moved below a private one; the staff area moves it after saving, in the same transaction."""
    if not raw and not created:
        transaction.on_commit(partial(_index_collection, instance.pk))


def _index_collection(key: int) -> None:
    path = Collection.objects.filter(pk=key).values_list("path", flat=True).first()
    if path:
        index_collection_task.enqueue(path)
