"""manage.py upkeep: everything that has to be done every few minutes, wherever the site runs."""

import logging
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

logger = logging.getLogger(__name__)
#: In this order: what readers wait for first. Units of systemd name the same commands, two of them in a unit of their own.
JOBS = (
    "publish_scheduled",
    "deliver_index",
    "clearsessions",
    "prune_db_task_results",
    "purge_search_log",
    "purge_registrations",
)


class Command(BaseCommand):
    """Runs all jobs, once or for ever. One that fails is written to the log and keeps no other from being done."""

    help = (
        "Publish pages whose hour has come, keep the search index in step, forget sessions and finished tasks, delete what is "
        "kept no longer. Once, or with --every for ever."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --every."""
        parser.add_argument("--every", type=float, help="go on for ever, with pauses of so many seconds")

    def handle(self, **options: Any) -> None:
        """Run the jobs.

        Raises:
            CommandError: without --every, when a job failed.
        """
        while True:
            failed = [job for job in JOBS if not self._done(job, options["verbosity"])]
            if not options["every"]:
                break
            close_old_connections()
            time.sleep(options["every"])
        if failed:
            raise CommandError(f"{', '.join(failed)}: see the log. The next run tries again.")

    def _done(self, job: str, verbosity: int) -> bool:
        try:
            call_command(job, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr)
        except Exception:
            logger.exception("%s failed; the other jobs go on.", job)
            return False
        return True
