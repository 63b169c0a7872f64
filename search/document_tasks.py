"""Reads the files of the document library, and has the pages that offer them indexed again."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.utils import timezone
from django_tasks import task

from core.models import SiteDocument
from search import offering, outbox
from search.models import DocumentText
from search.reading import limits, sandbox

logger = logging.getLogger(__name__)

#: Below every other task: a message to somebody who has registered must not wait for a long file.
PRIORITY = -50


@task(priority=PRIORITY)
def read_document_task(document_id: int) -> None:
    """Read the file of a document if it changed, and index the pages that offer it. Never fails because of a file."""
    document = SiteDocument.objects.filter(pk=document_id).first()
    if document is not None:
        read_document(document)
        index_again([document_id])


def read_document(document: SiteDocument, *, again: bool = False) -> DocumentText:
    """Read the file of ``document`` and keep what it says.

    Args:
        document: a saved document.
        again: also when the file is the one that was read before.
    """
    known = DocumentText.objects.filter(document_id=document.pk).first()
    try:
        with tempfile.TemporaryDirectory(prefix="document-") as folder:
            path = Path(folder) / "file"
            digest = _copy(document, path)
            if (
                known
                and not again
                and known.file_hash == digest
                and known.status != DocumentText.Status.PENDING
            ):
                return known
            found = sandbox.read(str(path), document.file_extension.lower())
    except (
        OSError
    ) as error:  # the file is gone, or the storage does not answer: without a hash it is tried again
        digest, found = "", sandbox.Reading("broken", detail=f"{type(error).__name__}: {error}"[:300])
    if found.status != DocumentText.Status.DONE:
        logger.info("Document %s: %s %s", document.pk, found.status, found.detail)
    values = {
        "text": found.text,
        "status": found.status,
        "detail": found.detail,
        "file_hash": digest,
        "pages": found.pages,
        "pages_read": found.pages_read,
        "seconds": found.seconds,
        "extracted_at": timezone.now(),
    }
    return DocumentText.objects.update_or_create(document_id=document.pk, defaults=values)[0]


def _copy(document: SiteDocument, path: Path) -> str:
    """Copy the document's file from wherever it is stored; return its SHA-1. Stops above the size that is read."""
    digest = hashlib.sha1(usedforsecurity=False)
    copied = 0
    with document.file.storage.open(document.file.name, "rb") as source, path.open("wb") as target:
        while copied <= limits.MAX_BYTES and (chunk := source.read(1024 * 1024)):
            digest.update(chunk)
            target.write(chunk)
            copied += len(chunk)
    return digest.hexdigest()


def index_again(keys: Iterable[int]) -> None:
    """Have the documents ``keys`` and the pages that offer them indexed again."""
    keys = list(keys)
    outbox.note(list(SiteDocument.objects.filter(pk__in=keys)))
    outbox.note(offering.pages_offering(keys), follows=True)


@task(priority=PRIORITY)
def index_collection_task(path: str) -> None:
    """Index the pages that offer documents of the collection at the tree path ``path`` or of one below it."""
    keys = list(SiteDocument.objects.filter(collection__path__startswith=path).values_list("pk", flat=True))
    if keys:
        index_again(keys)
