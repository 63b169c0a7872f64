"""Build the search index anew: `make index`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.index_state import CHUNK, AlreadyRunning, rebuild_now
from search.progress import Progress


class Command(BaseCommand):
    """Builds the index of every engine that is set; readers have results all the time."""

    help = (
        "Builds the search index anew. A search server gets a new index that takes over when it is complete; "
        "the database's own is replaced entry by entry."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--backend", help="one alias of WAGTAILSEARCH_BACKENDS instead of all")
        parser.add_argument(
            "--chunk", type=int, default=CHUNK, help="objects at a time (default %(default)s)"
        )

    def handle(self, **options: Any) -> None:
        """Build, with a bar on a terminal and lines elsewhere."""
        bars: list[Progress] = []

        def report(name: str, total: int) -> Progress:
            if bars:
                bars[-1].end()
            bars.append(Progress(name, total, sys.stderr))
            return bars[-1]

        quiet = {} if options["verbosity"] == 0 else {"report": report}
        try:
            done = rebuild_now(
                [options["backend"]] if options["backend"] else None, chunk=options["chunk"], **quiet
            )
        except AlreadyRunning as problem:
            raise CommandError(str(problem)) from problem
        finally:
            if bars:
                bars[-1].end()
        if options["verbosity"]:
            self.stdout.write(f"{done} objects indexed.")
