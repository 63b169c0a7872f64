"""Moving up from the waiting list."""

from __future__ import annotations

import datetime

from training_events.models import Registration, SeatPool
from training_events.services import messages, seats


def promote_waiting(pool: SeatPool, *, now: datetime.datetime) -> list[Registration]:
    """Give free seats to waiting parties that fit, in order of arrival; a party that does not fit keeps its place.

    Nobody moves up once registration has closed, the event has begun or does not take place: a seat given in the last
    minute to somebody who does not know of it helps nobody (pretix issue 1031).

    Args:
        pool: the event's seats.
        now: the moment (aware).

    Returns:
        The parties that moved up.
    """
    moved: list[Registration] = []
    with seats.holding(pool.pk) as held:
        if held.status != "scheduled" or (held.deadline is not None and held.deadline <= now):
            return moved
        for row in list(Registration.objects.filter(pool=held).waiting()):
            if seats.take(held.pk, row.party_size):
                row.status, row.moved_up_at = Registration.Status.CONFIRMED, now
                row.save(update_fields=["status", "moved_up_at"])
                messages.queue_moved_up(row)
                moved.append(row)
    return moved
