"""Bring the search index up to date where a task was lost: a job for every few minutes."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from search import building, lost_tasks, outbox, vocabulary_signals


class Command(BaseCommand):
    """Takes up what a killed worker, a failed task or a rebuild that was broken off has left."""

    help = (
        "Delivers changes of pages that no task has delivered, as after a worker was killed, clears away what a rebuild that was "
        "broken off has left, and has lost tasks of the search run again. May run as often as you like, beside everything else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--every", type=float, help="go on for ever, with pauses of so many seconds")

    def handle(self, **options: Any) -> None:
        """Look once, or for ever."""
        while True:
            self._look(options["verbosity"])
            if not options["every"]:
                return
            close_old_connections()
            time.sleep(options["every"])

    def _look(self, verbosity: int) -> None:
        cleared = building.clear_broken_off()
        delivered = outbox.deliver_forgotten()
        taken = lost_tasks.take_up()
        vocabulary_signals.count_forgotten()
        if verbosity:
            self.stdout.write(f"{delivered} changes delivered, {taken} tasks taken up.")
            if cleared:
                self.stdout.write("A rebuild was broken off: start it again.")
