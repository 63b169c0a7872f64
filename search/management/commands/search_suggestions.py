"""Bring the suggestions of the search up to date."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Site

from search import suggestion_index


class Command(BaseCommand):
    """`manage.py search_suggestions`: readers have suggestions all the time, only differences are written."""

    help = "Bring the suggestions of the search box up to date, for every office and language."

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        """Rebuild, telling the number of entries of each office and language."""

        def tell(site: Site, language: str, number: int) -> None:
            if verbosity and number:
                self.stdout.write(f"{site.hostname} ({language}): {number}")

        total = suggestion_index.rebuild_all(tell)
        if verbosity:
            self.stdout.write(self.style.SUCCESS(f"{total} gợi ý tìm kiếm."))
