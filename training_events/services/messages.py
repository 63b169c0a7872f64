"""Messages to parties that gave an e-mail address, queued when the registration is committed.

Registration never depends on them: a queue or mail server that does not answer is logged and nothing else.
"""

import logging

from django.db import transaction

from training_events.models import Registration

logger = logging.getLogger(__name__)


def queue_confirmation(row: Registration) -> None:
    """Send the code and what happens next."""
    _queue(row, "confirmation")


def queue_moved_up(row: Registration) -> None:
    """Tell a waiting party that it has its seats now."""
    _queue(row, "moved_up")


def queue_changed(row: Registration) -> None:
    """Tell the party what its registration says now."""
    _queue(row, "changed")


def queue_approved(row: Registration) -> None:
    """Tell the party that its registration was approved."""
    _queue(row, "approved")


def queue_refused(row: Registration) -> None:
    """Tell the party that its registration was not approved, and why."""
    _queue(row, "refused")


def _queue(row: Registration, kind: str) -> None:
    if row.email:
        transaction.on_commit(lambda: _enqueue(row.pk, kind), robust=True)


def _enqueue(pk: int, kind: str) -> None:
    from training_events.tasks import send_message  # noqa: PLC0415 - tasks stand above services

    try:
        send_message.enqueue(pk, kind)
    except Exception:
        # the primary key only: names and numbers do not belong into a log
        logger.exception("The message %s of registration %s could not be queued.", kind, pk)
