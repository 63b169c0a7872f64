"""Forget the questions that readers asked the search long ago."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from search import log


class Command(BaseCommand):
    """Deletes questions asked once after 30 days, all after a year. May run as often as one likes."""

    help = "Delete old questions from the count of what readers search for."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how much."""
        deleted = log.purge(timezone.localdate())
        if options["verbosity"] > 0:
            self.stdout.write(f"{deleted} rows deleted.")
