"""manage.py purge_registrations: delete personal data whose day has passed, keep anonymous totals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from training_events.services import health, purge


class Command(BaseCommand):
    """Deletes registrations, contacts and answers that are kept no longer. May run as often as one likes."""

    help = "Delete registrations, contacts and answers that are kept no longer; anonymous totals remain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --dry-run."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be deleted, change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge, and say how much."""
        is_loud = options["verbosity"] > 0

        def say(line: str) -> None:
            if is_loud:
                self.stdout.write(line)

        done = purge.purge(now=timezone.now(), dry_run=options["dry_run"], say=say)
        say(
            f"{'Would delete' if options['dry_run'] else 'Deleted'}: {done.registrations} registrations, "
            f"{done.contacts} contacts, {done.answers} answers, {done.certificates} certificates, {done.looks} looks."
        )
        if not done.failures and not options["dry_run"]:
            health.ran(health.PURGE, now=timezone.now())
        if done.failures:
            raise CommandError(
                f"{done.failures} parts could not be deleted: see the log. The next run tries again."
            )
