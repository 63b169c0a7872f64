"""What staff decide: approving, refusing, and seating somebody past the order of the waiting list."""

from __future__ import annotations

import datetime

from training_events.models import Registration
from training_events.services import history, messages, party, seats, waiting
from training_events.services.history import Actor
from training_events.services.registration import end


def approve(row: Registration, *, now: datetime.datetime, by: Actor, tell: bool = True) -> Registration:
    """Approve a registration. One whose seats are kept has them for good; a waiting one will need no approval later.

    Approving twice, or approving what has ended, changes nothing. ``tell``: whether the party is written to.
    """
    with seats.holding(row.pool_id):
        row.refresh_from_db()
        if row.approved_at is not None or not row.is_current:
            return row
        was_pending = row.is_pending
        row.approved_at, row.version = now, row.version + 1
        if was_pending:
            row.status = Registration.Status.CONFIRMED
        row.save(update_fields=["approved_at", "status", "version"])
        history.record(row, history.Action.APPROVED, by, now=now)
        if was_pending and tell:
            messages.queue_approved(row)
    return row


def refuse(row: Registration, *, now: datetime.datetime, by: Actor) -> Registration:
    """Refuse a registration and give its seats to others; the reason is shown on the slip.

    Raises:
        ValueError: without a reason.
    """
    if not by.reason.strip():
        raise ValueError("Refusing a registration needs a reason.")
    return end(row, Registration.Status.REFUSED, history.Action.REFUSED, now=now, by=by)


def seat_now(row: Registration, *, now: datetime.datetime, by: Actor, tell: bool = True) -> Registration:
    """Give a waiting party its seats at once, past the order of arrival and past the number of seats if need be.

    ``tell``: whether the party is written to.

    Raises:
        ValueError: without a reason: that is where favours begin (pretix issue 1236).
    """
    if not by.overrides:
        raise ValueError("Going past the waiting list needs a member of staff and a reason.")
    with seats.holding(row.pool_id) as pool:
        row.refresh_from_db()
        if row.is_waiting:
            claims = party.claims(pool, row.place, row.group_key)
            row.reserve = seats.best(pool, row.party_size, claims, now=now)
            seats.take(pool.pk, row.party_size, now=now, reserve_id=row.reserve_id, beyond=True)
            row.approved_at = now
            row.save(update_fields=["approved_at", "reserve"])
            waiting.seat(row, pool, by, now=now, tell=tell)
    return row
