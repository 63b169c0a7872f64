"""Registering and cancelling; moving up stands in services.waiting, changing in services.change."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import get_language

from core import vietnamese
from core.models import Place
from core.taxonomy import source_language
from training_events import codes, retention
from training_events.availability import Availability, Kind, availability, kind_of_seats
from training_events.models import EventPage, Registration, SeatPool, SeatReserve
from training_events.services import history, messages, party, pools, seats
from training_events.services.history import HOLDER, Actor
from training_events.services.party import AnswerData, PersonData
from training_events.services.waiting import promote_waiting, release


@dataclass(frozen=True, slots=True)
class RegistrationData:
    """What a party states. ``phone`` is E.164; ``idempotency_key`` is the same however often a form is sent.

    ``people`` are the participants as far as they are known, the contact included; the rest stay without names.
    """

    name: str
    phone: str
    idempotency_key: str
    consent_text: str
    consent_version: str
    party_size: int = 1
    people: tuple[PersonData, ...] = ()
    answers: tuple[AnswerData, ...] = ()
    email: str = ""
    place: Place | None = None
    #: Key of the reserve of the group that the party says it belongs to.
    group: uuid.UUID | None = None
    registrant: str = Registration.Registrant.PERSON
    organisation_name: str = ""
    tax_code: str = ""
    source: str = Registration.Source.WEB
    #: Whether a registration of the same person or organisation comes in the way: they have not said yes to a second one.
    only_first: bool = False

    @property
    def name_key(self) -> str:
        """The name as duplicates are found by: without marks."""
        return vietnamese.fold(self.name)[:100]

    def is_said_by(self, row: Registration) -> bool:
        """Whether ``row`` is what such a form made when it was sent first: the same contact (the rest: services.resent)."""
        return (row.contact_name, row.phone) == (self.name, self.phone)


__all__ = [
    "AlreadyRegistered",
    "RegistrationData",
    "RegistrationRefused",
    "cancel",
    "promote_waiting",
    "register",
    "sent_before",
]


#: What not even staff with a reason go past.
_NOBODY = (Kind.CANCELLED, Kind.WITHDRAWN)


class RegistrationRefused(Exception):
    """The event takes no registration now; ``state`` says why."""

    def __init__(self, state: Availability) -> None:
        super().__init__(str(state.kind))
        self.state = state


class AlreadyRegistered(Exception):
    """The same person or organisation has ``row`` already and has not been asked about a second registration."""

    def __init__(self, row: Registration) -> None:
        super().__init__(row.code)
        self.row = row


def register(
    event: EventPage | SeatPool, data: RegistrationData, *, now: datetime.datetime, by: Actor = HOLDER
) -> Registration:
    """Give the party its seats or a place on the waiting list; everybody or nobody.

    Sending the same ``idempotency_key`` again returns the first registration and changes nothing.

    Args:
        event: the event, in any language, or its pool.
        data: what the party states.
        now: the moment (aware) of the request.
        by: who registers. Staff may register for events for staff only; with a reason also past the window, past the largest
            group and past the number of seats, which the history records.

    Raises:
        AlreadyRegistered: when ``data`` is for a first registration only and there is one.
        RegistrationRefused: when the event is closed, full without a waiting list, cancelled …; where seats are the reason, its
            state says how many this party could have (``seats_left``) and how many wait for others (``held``).
        ValueError: when the party is larger than the event allows, or of a kind that it does not take.
    """
    if earlier := sent_before(data.idempotency_key):
        return earlier
    pool = event if isinstance(event, SeatPool) else pools.ensure_pool(event)
    try:
        with seats.holding(pool.pk) as held:
            return _register_held(held, data, now, by)
    except IntegrityError:
        # the same form arrived twice at once and the other request was first
        if earlier := sent_before(data.idempotency_key):
            return earlier
        raise


def sent_before(idempotency_key: str) -> Registration | None:
    """Return the registration that was made with this key, if any."""
    return Registration.objects.filter(idempotency_key=idempotency_key).first()


def state_for(pool: SeatPool, by: Actor, now: datetime.datetime) -> Availability:
    """Return what ``by`` can do: an event for staff only is open to staff."""
    state = availability(pool, now)
    if by.is_staff and state.kind is Kind.STAFF_ONLY:
        return dataclasses.replace(state, kind=kind_of_seats(pool, now))
    return state


def _register_held(pool: SeatPool, data: RegistrationData, now: datetime.datetime, by: Actor) -> Registration:
    if data.only_first:
        _look_for_twin(pool, data)
    largest = Registration.LARGEST_PARTY if by.overrides else pool.max_party
    if not 1 <= data.party_size <= largest:
        raise ValueError(f"A party of this event has 1 to {largest} people.")
    is_person = data.registrant == Registration.Registrant.PERSON
    if not (pool.takes_people if is_person else pool.takes_organisations) and not by.overrides:
        raise ValueError("This event does not take such registrants.")
    if pool.held and not pool.held_at(now):
        release(pool, now=now)
        pool.refresh_from_db()
    state = state_for(pool, by, now)
    if not state.can_register and (not by.overrides or state.kind in _NOBODY):
        raise RegistrationRefused(state)
    claims = party.claims(pool, data.place, data.group)
    reserve = seats.best(pool, data.party_size, claims, now=now)
    reserve_id = reserve.pk if reserve else None
    has_seats = seats.take(pool.pk, data.party_size, now=now, reserve_id=reserve_id, beyond=by.overrides)
    if not has_seats and not pool.waiting_list:
        raise RegistrationRefused(_too_few(pool, claims, state, now))
    row = Registration.objects.create(
        pool=pool,
        reserve=reserve if has_seats else next(iter(claims), None),
        group_key=data.group,
        code=_free_code(),
        idempotency_key=data.idempotency_key,
        sequence=seats.next_arrival(pool.pk),
        status=_first_status(pool, by, data.source, has_seats=has_seats),
        party_size=data.party_size,
        registrant=data.registrant,
        organisation_name=data.organisation_name,
        tax_code=data.tax_code,
        contact_name=data.name,
        phone=data.phone,
        email=data.email,
        place=data.place,
        language=_language(by, data.source),
        source=data.source,
        registered_by=by.user,
        consent_text=data.consent_text,
        consent_version=data.consent_version,
        consented_at=now,
        created_at=now,
        approved_at=None if _needs_approval(pool, by, data.source) else now,
        keep_until=retention.keep_until(pool, now=now),
        kept_days=retention.days_kept(pool),
        contact_days=retention.contact_days(pool),
    )
    party.add_people(row, data.people, pool, now)
    party.add_answers(row, data.answers, pool, now)
    if by.is_staff:
        action = history.Action.OVERRIDDEN if by.overrides else history.Action.REGISTERED
        history.record(row, action, by, now=now)
    messages.queue_confirmation(row)
    return row


def _language(by: Actor, source: str) -> str:
    """Return the language in which the party is written to: what a clerk's own screens speak says nothing about who calls."""
    if by.is_staff and source != Registration.Source.WEB:
        return source_language()
    return get_language() or source_language()


def _look_for_twin(pool: SeatPool, data: RegistrationData) -> None:
    """Look while the pool is held: of two forms of one person that are sent at once, the second finds the first."""
    twins = pool.registrations.same_registrant(
        name=data.name, phone=data.phone, organisation=data.organisation_name
    )
    # the same form twice at once is no twin: the unique key decides
    if found := twins.exclude(idempotency_key=data.idempotency_key).first():
        raise AlreadyRegistered(found)


def _too_few(
    pool: SeatPool, claims: Sequence[SeatReserve], state: Availability, now: datetime.datetime
) -> Availability:
    """Return why the party got no seats: how many it could have had, its own reserves counted, and what waits for others."""
    hall, held = max(0, (pool.capacity or 0) - pool.taken), pool.held_at(now)
    unused = [0, *(min(held, one.unused) for one in claims)]
    # the rule of seats.has_room: seats of its own alone, or with those of everybody
    left = max(max(min(own, hall), hall - (held - own)) for own in unused)
    others = held - max(unused)
    kind = Kind.RESERVED if others and hall > left else Kind.FULL
    return dataclasses.replace(state, kind=kind, seats_left=left, held=others)


def _needs_approval(pool: SeatPool, by: Actor, source: str) -> bool:
    """Whether staff have yet to approve: not what they enter for somebody; their own place in a class for staff, yes."""
    is_own = pool.staff_only and source != Registration.Source.PHONE
    return pool.approval and not by.overrides and (is_own or not by.is_staff)


def _first_status(pool: SeatPool, by: Actor, source: str, *, has_seats: bool) -> str:
    if not has_seats:
        return Registration.Status.WAITING
    if _needs_approval(pool, by, source):
        return Registration.Status.PENDING
    return Registration.Status.CONFIRMED


def _free_code() -> str:
    """Return a code that no registration has (a clash is a matter of one in thousands of millions, but free)."""
    while True:
        code = codes.new_code()
        if not Registration.objects.filter(code=code).exists():
            return code


def cancel(row: Registration, *, now: datetime.datetime, by: Actor = HOLDER) -> Registration:
    """Cancel a registration, free its seats and move waiting parties up. Cancelling twice changes nothing.

    Args:
        row: the registration; it is brought up to date.
        now: the moment (aware).
        by: who cancels.
    """
    return end(row, Registration.Status.CANCELLED, history.Action.CANCELLED, now=now, by=by)


def end(row: Registration, status: str, action: str, *, now: datetime.datetime, by: Actor) -> Registration:
    """End a registration as cancelled or refused: free its seats, move waiting parties up, enter it into the history."""
    with seats.holding(row.pool_id) as pool:
        row.refresh_from_db()
        if not row.is_current:
            return row
        had_seats, before = row.holds_seats, row.status
        row.status, row.cancelled_at, row.version = status, now, row.version + 1
        row.save(update_fields=["status", "cancelled_at", "version"])
        history.record(row, action, by, now=now, details=[{"field": "status", "old": before, "new": status}])
        messages.queue_ended(row, had_seats=had_seats)
        if had_seats:
            seats.give_back(pool.pk, row.party_size, reserve_id=row.reserve_id)
            promote_waiting(pool, now=now)
    return row
