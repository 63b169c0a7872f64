"""`manage.py read_documents`: read the files of the document library, here and now."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from core.models import SiteDocument
from search.document_tasks import index_again, read_document
from search.models import DocumentText

Status = DocumentText.Status


class Command(BaseCommand):
    """Reads what was not read yet; afterwards the pages that offer it are indexed in tasks."""

    help = "Reads the files of the document library, so that they are found by their text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to read."""
        parser.add_argument(
            "--again", action="store_true", help="read every file anew, also those that did not change"
        )
        parser.add_argument(
            "--no-index", action="store_true", help="leave the index alone: it is rebuilt afterwards anyway"
        )

    def handle(self, *args: Any, again: bool, no_index: bool, verbosity: int, **options: Any) -> None:
        """Read file after file, each in a process of its own."""
        documents = SiteDocument.objects.order_by("pk")
        if not again:
            documents = documents.filter(
                Q(read_text__isnull=True) | Q(read_text__status=Status.PENDING) | Q(read_text__file_hash="")
            )
        total = documents.count()
        progress = verbosity > 0 and sys.stderr.isatty()
        states: Counter[str] = Counter()
        done: list[int] = []
        for document in documents.iterator(chunk_size=100):
            row = read_document(document, again=again)
            states[row.status] += 1
            done.append(document.pk)
            if progress:
                self.stderr.write(f"\r{len(done)} / {total}", ending="")
            if row.status not in (Status.DONE, Status.UNSUPPORTED) and verbosity > 0:
                self.stdout.write(
                    f"{document.title} ({document.filename}): {row.status} {row.detail}".rstrip()
                )
        if progress and done:
            self.stderr.write("")
        if done and not no_index:
            index_again(done)
        if verbosity > 0:
            counts = ", ".join(f"{count} {status}" for status, count in sorted(states.items()))
            self.stdout.write(f"{len(done)} files read" + (f": {counts}" if counts else ""))
