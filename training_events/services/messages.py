"""Queueing messages: rows of the outbox, written in the transaction of what they tell.

What is committed is told, what is rolled back is not; a queue or mail server that does not answer delays a message and never
breaks a registration. Sending stands in services.delivery.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from training_events.models import Message, Occasion, Registration

logger = logging.getLogger(__name__)

#: After so many days of failed attempts a message is given up and shown to staff.
GIVE_UP = datetime.timedelta(days=3)

_FIRST = {
    Registration.Status.CONFIRMED: Occasion.CONFIRMED,
    Registration.Status.PENDING: Occasion.PENDING,
    Registration.Status.WAITING: Occasion.WAITING,
}


def queue_confirmation(row: Registration) -> None:
    """Tell the party what became of its registration. Somebody who stands at the door knows."""
    if row.source != Registration.Source.WALK_IN:
        queue(row, _FIRST[Registration.Status(row.status)])


def queue_moved_up(row: Registration) -> None:
    """Tell a waiting party that it has its seats now."""
    queue(row, Occasion.MOVED_UP)


def queue_changed(row: Registration) -> None:
    """Tell the party what its registration says now."""
    queue(row, Occasion.CHANGED)


def queue_approved(row: Registration) -> None:
    """Tell the party that its registration was approved."""
    queue(row, Occasion.APPROVED)


def queue_ended(row: Registration, *, had_seats: bool) -> None:
    """Tell the party that its registration was cancelled or not approved; ``had_seats``: whether it had been invited."""
    ended = Occasion.CANCELLED if row.is_cancelled else Occasion.REFUSED
    queue(row, ended, details={"invited": had_seats})


def queue(row: Registration, occasion: str, *, details: dict[str, Any] | None = None) -> None:
    """Queue one message about the registration as it stands; a second one for the same version changes nothing."""
    queue_many([row], occasion, version=row.version, details=details)


def queue_many(
    rows: Iterable[Registration],
    occasion: str,
    *,
    version: int,
    details: dict[str, Any] | None = None,
    due_at: datetime.datetime | None = None,
    expires_at: datetime.datetime | None = None,
) -> int:
    """Queue the same message to several parties.

    Args:
        rows: the parties.
        occasion: what happened.
        version: tells apart what may happen several times (Message.version).
        details: what the words need besides the registration.
        due_at: when it goes out at the earliest (aware); at once when not given.
        expires_at: when it has become useless (aware).

    Returns:
        How many rows were given to the database, those that were there already included.
    """
    now = timezone.now()
    made = [
        Message(
            registration=row,
            occasion=occasion,
            version=version,
            details=details or {},
            created_at=now,
            due_at=due_at or now,
            expires_at=expires_at or (due_at or now) + GIVE_UP,
        )
        for row in rows
    ]
    Message.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    if due_at is None:
        # the others, and whatever gets lost here, are found by the sweep (manage send_messages)
        keys = [str(one.key) for one in made if one.registration.email or settings.SMS_URL]
        for key in keys:
            transaction.on_commit(lambda key=key: _nudge(key), robust=True)  # type: ignore[misc]
    return len(made)


def _nudge(key: str) -> None:
    """Ask a worker to send the message now."""
    from training_events.tasks import send_message  # noqa: PLC0415 - tasks stand above services

    try:
        send_message.enqueue(key)
    except Exception:
        # the key only: names and numbers do not belong into a log
        logger.exception("Message %s could not be queued; it goes out with the next sweep.", key)
