"""manage send_messages: plan reminders and send what is due."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from training_events.services import delivery, health, reminders, waiting

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Every minute: seats held back until now, reminders whose time has come, and messages that were not sent at once.

    Beside the worker, never against it: a message is claimed by one of them.
    """

    help = "Plan reminders and send the messages of training events that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --every."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on, with so many seconds between"
        )

    def handle(self, *, every: int | None, verbosity: int, **options: Any) -> None:
        """Do it once, or for ever."""
        if every is None:
            self._once(verbosity)
            return
        while True:
            try:
                self._once(verbosity - 1)
            except DatabaseError:
                # a database that is being restarted: the next turn does what this one did not
                logger.exception("Messages could not be read.")
            close_old_connections()
            time.sleep(every)

    def _once(self, verbosity: int) -> None:
        now = timezone.now()
        # seats that are held back no longer: whoever moves up is told with the messages sent next
        waiting.release_due(now=now)
        planned = reminders.plan(now=now)
        sent = delivery.send_due()
        health.ran(health.MESSAGES, now=timezone.now())
        if verbosity > 0:
            self.stdout.write(f"{planned} reminders planned, {sent} messages finished.")
