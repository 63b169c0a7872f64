"""Registering and cancelling; moving up stands in services.waiting."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import get_language

from core import vietnamese
from core.models import Place
from training_events import codes, retention
from training_events.availability import Availability, Kind, availability
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import messages, pools, seats
from training_events.services.waiting import promote_waiting


@dataclass(frozen=True, slots=True)
class RegistrationData:
    """What a party states. ``phone`` is E.164; ``idempotency_key`` is the same however often a form is sent."""

    name: str
    phone: str
    idempotency_key: str
    consent_text: str
    consent_version: str
    party_size: int = 1
    other_names: str = ""
    email: str = ""
    place: Place | None = None


__all__ = ["RegistrationData", "RegistrationRefused", "cancel", "promote_waiting", "register"]


class RegistrationRefused(Exception):
    """The event takes no registration now; ``state`` says why."""

    def __init__(self, state: Availability) -> None:
        super().__init__(str(state.kind))
        self.state = state


def register(event: EventPage | SeatPool, data: RegistrationData, *, now: datetime.datetime) -> Registration:
    """Give the party its seats or a place on the waiting list; everybody or nobody.

    Sending the same ``idempotency_key`` again returns the first registration and changes nothing.

    Args:
        event: the event, in any language, or its pool.
        data: what the party states.
        now: the moment (aware) of the request.

    Raises:
        RegistrationRefused: when the event is closed, full without a waiting list, cancelled …
        ValueError: when the party is larger than the event allows.
    """
    if earlier := sent_before(data.idempotency_key):
        return earlier
    pool = event if isinstance(event, SeatPool) else pools.ensure_pool(event)
    try:
        with seats.holding(pool.pk) as held:
            return _register_held(held, data, now)
    except IntegrityError:
        # the same form arrived twice at once and the other request was first
        if earlier := sent_before(data.idempotency_key):
            return earlier
        raise


def sent_before(idempotency_key: str) -> Registration | None:
    """Return the registration that was made with this key, if any."""
    return Registration.objects.filter(idempotency_key=idempotency_key).first()


def _register_held(pool: SeatPool, data: RegistrationData, now: datetime.datetime) -> Registration:
    if not 1 <= data.party_size <= pool.max_party:
        raise ValueError(f"A party of this event has 1 to {pool.max_party} people.")
    state = availability(pool, now)
    if not state.can_register:
        raise RegistrationRefused(state)
    has_seats = state.kind is Kind.OPEN and seats.take(pool.pk, data.party_size)
    if not has_seats and not pool.waiting_list:
        raise RegistrationRefused(dataclasses.replace(state, kind=Kind.FULL))
    row = Registration.objects.create(
        pool=pool,
        code=_free_code(),
        idempotency_key=data.idempotency_key,
        sequence=seats.next_arrival(pool.pk),
        status=Registration.Status.CONFIRMED if has_seats else Registration.Status.WAITING,
        party_size=data.party_size,
        contact_name=data.name,
        phone=data.phone,
        email=data.email,
        place=data.place,
        other_names=vietnamese.to_nfc(data.other_names),
        language=get_language() or "vi",
        consent_text=data.consent_text,
        consent_version=data.consent_version,
        consented_at=now,
        created_at=now,
        keep_until=retention.keep_until(pool, now=now),
    )
    messages.queue_confirmation(row)
    return row


def _free_code() -> str:
    """Return a code that no registration has (a clash is a matter of one in thousands of millions, but free)."""
    while True:
        code = codes.new_code()
        if not Registration.objects.filter(code=code).exists():
            return code


def cancel(row: Registration, *, now: datetime.datetime) -> Registration:
    """Cancel a registration, free its seats and move waiting parties up. Cancelling twice changes nothing.

    Args:
        row: the registration; it is brought up to date.
        now: the moment (aware).
    """
    with seats.holding(row.pool_id) as pool:
        row.refresh_from_db()
        if row.is_cancelled:
            return row
        had_seats = row.is_confirmed
        row.status, row.cancelled_at = Registration.Status.CANCELLED, now
        row.save(update_fields=["status", "cancelled_at"])
        if had_seats:
            seats.give_back(pool.pk, row.party_size)
            promote_waiting(pool, now=now)
    return row
