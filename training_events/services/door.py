"""What staff do at the door: let people in who registered, who wait, or who just came; and take calls meanwhile."""

from __future__ import annotations

import datetime
import uuid
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import Place
from training_events import consent
from training_events.availability import Kind
from training_events.models import Participant, Registration, SeatPool
from training_events.services import approval, attendance, history, party, seats
from training_events.services.attendance import Outcome, Tap
from training_events.services.desk import Desk, Guest
from training_events.services.registration import (
    RegistrationData,
    RegistrationRefused,
    register,
    sent_before,
    state_for,
)


class Trouble(StrEnum):
    """Why something was not done."""

    FULL = "full"
    GONE = "gone"
    CLOSED = "closed"
    PARTY = "party"
    NAMED = "named"


class DoorProblem(Exception):
    """Nothing was changed; ``sentence`` tells staff why and what they can do."""

    def __init__(self, trouble: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.trouble = trouble
        self.sentence = sentence


def find(desk: Desk, key: uuid.UUID) -> Participant:
    """Return a participant of the desk's event.

    Raises:
        DoorProblem: when there is none (any more).
    """
    rows = Participant.objects.select_related("registration")
    person = rows.filter(key=key, registration__pool_id=desk.pool.pk).first()
    if person is None:
        raise DoorProblem(Trouble.GONE, _("This person is not on the list of this class any more."))
    return person


def present(
    desk: Desk, person: Participant, tap: Tap, *, now: datetime.datetime, reason: str = ""
) -> Outcome:
    """Check a person in. Who waits gets a seat first, who was to be approved is approved by being let in; nobody is written to.

    Somebody whose registration was cancelled meanwhile is recorded all the same: staff saw the person in the room.

    Raises:
        DoorProblem: when a waiting party does not fit, or the person was deleted.
    """
    row = person.registration
    if row.is_waiting:
        _let_in(desk, row, now=now, reason=reason)
    elif row.is_pending:
        approval.approve(row, now=now, by=history.staff(desk.user), tell=False)
    try:
        return attendance.check_in(person, desk.session_keys, tap, now=now, by=history.staff(desk.user))
    except Participant.DoesNotExist:
        raise DoorProblem(Trouble.GONE, _("This person is not on the list of this class any more.")) from None


def _let_in(desk: Desk, row: Registration, *, now: datetime.datetime, reason: str) -> None:
    with seats.holding(desk.pool.pk) as held:
        row.refresh_from_db()
        if not row.is_waiting:
            return
        if not fits(held, row.party_size, row.place, now, row.group_key):
            _need_leave(desk, reason)
        why = reason or _("Came to the door, there were free seats")
        approval.seat_now(row, now=now, by=history.staff(desk.user, why), tell=False)


def fits(
    pool: SeatPool,
    people: int,
    place: Place | None,
    now: datetime.datetime,
    group: uuid.UUID | None = None,
) -> bool:
    """Return whether so many people get seats by the rules; to be called while holding the pool.

    ``group`` is the key of the seats held back for the group that the party says it belongs to.
    """
    if pool.capacity is None:
        return True
    reserve = seats.best(pool, people, party.claims(pool, place, group), now=now)
    return seats.has_room(pool, people, reserve, now=now)


def _need_leave(desk: Desk, reason: str, free: int = 0) -> None:
    """Refuse to go past the seats without a reason, or by somebody who may not decide that.

    ``free`` is how many seats there are, too few for the party.

    Raises:
        DoorProblem: in both cases.
    """
    if desk.may_exceed and reason.strip():
        return
    if free:
        left = ngettext("Only %(count)s seat is left.", "Only %(count)s seats are left.", free) % {
            "count": free
        }
        raise DoorProblem(Trouble.FULL, f"{left} {_past_the_rules(desk)}")
    if not desk.may_exceed:
        raise DoorProblem(
            Trouble.FULL,
            _(
                "No seats are left. Only those who may publish this class can let more people in: please ask them."
            ),
        )
    raise DoorProblem(
        Trouble.FULL, _("No seats are left. To let the person in all the same, write down the reason.")
    )


def _past_the_rules(desk: Desk) -> str:
    """Return what has to be done to go past a rule."""
    if desk.may_exceed:
        return _("To register somebody all the same, write down the reason.")
    return _("Only those who may publish this class can register past the rules: please ask them.")


def walk_in(desk: Desk, guest: Guest, tap: Tap, *, now: datetime.datetime) -> Registration:
    """Register people who stand at the door and check them in. Sent again, it is the same registration.

    Raises:
        DoorProblem: when there are no seats and no reason to go past them, or the class does not take place.
    """
    row = _register(desk, guest, Registration.Source.WALK_IN, now=now)
    if row.is_pending:
        approval.approve(row, now=now, by=history.staff(desk.user), tell=False)
    for person in row.participants.all():
        one = Tap(f"{guest.key}:{person.position}", tap.at, tap.way)
        attendance.check_in(person, desk.session_keys, one, now=now, by=history.staff(desk.user))
    return row


def by_phone(desk: Desk, guest: Guest, *, now: datetime.datetime) -> Registration:
    """Register people who call; they get seats or a place on the waiting list, as on the website.

    Raises:
        DoorProblem: when a rule would be passed without leave.
    """
    return _register(desk, guest, Registration.Source.PHONE, now=now)


def _register(desk: Desk, guest: Guest, source: str, *, now: datetime.datetime) -> Registration:
    data = RegistrationData(
        name=guest.name,
        phone=guest.phone,
        party_size=guest.people,
        place=guest.place,
        source=source,
        idempotency_key=f"door:{guest.key}",
        consent_text=consent.spoken(desk.pool, office=desk.office, now=now),
        consent_version=consent.VERSION,
    )
    return enter(desk, data, reason=guest.reason, now=now)


def enter(desk: Desk, data: RegistrationData, *, now: datetime.datetime, reason: str = "") -> Registration:
    """Register for somebody what staff were told at the door or on the phone. Sent again, it is the same registration.

    Seats and rules are looked at while the pool is held, so that nobody else takes the seats in between.

    Args:
        desk: the event, and what the member of staff may do.
        data: what the party states; ``source`` says where it was told.
        now: the moment (aware).
        reason: why a rule is passed, where one is.

    Raises:
        DoorProblem: when a rule would be passed without leave, or the class does not take place.
    """
    if earlier := sent_before(data.idempotency_key):
        return earlier
    with seats.holding(desk.pool.pk) as held:
        by = _actor(desk, held, data, reason, now)
        try:
            return register(held, data, now=now, by=by)
        except RegistrationRefused as refusal:
            raise DoorProblem(Trouble.CLOSED, refusal.state.sentence) from refusal
        except ValueError:
            raise DoorProblem(
                Trouble.PARTY,
                _("So many people at once need a reason: the largest group here is %(count)s.")
                % {"count": held.max_party},
            ) from None


def _actor(
    desk: Desk, held: SeatPool, data: RegistrationData, reason: str, now: datetime.datetime
) -> history.Actor:
    """Return who registers, with a reason only where a rule is passed: a reason lifts the limit of the seats as well.

    On the phone every rule (seats, window, largest group) needs leave and a reason; who stands at the door gets a free seat after
    registration closed as well.
    """
    is_here = data.source == Registration.Source.WALK_IN
    plain = history.staff(desk.user)
    state = state_for(held, plain, now)
    if not fits(held, data.party_size, data.place, now, data.group):
        if not is_here and held.waiting_list and state.can_register and not reason.strip():
            return plain
        _need_leave(desk, reason, held.free_at(now) or 0)
        return history.staff(desk.user, reason)
    is_person = data.registrant == Registration.Registrant.PERSON
    is_small = data.party_size <= held.max_party
    if state.can_register and is_small and (held.takes_people if is_person else held.takes_organisations):
        return plain
    if is_here and is_small:
        return history.staff(desk.user, reason.strip() or _("Came to the door"))
    why = "" if state.can_register else state.sentence
    if state.kind is Kind.CANCELLED:
        raise DoorProblem(Trouble.CLOSED, why)
    if not is_here and not desk.may_exceed:
        trouble = Trouble.CLOSED if why else Trouble.PARTY
        raise DoorProblem(trouble, f"{why} {_past_the_rules(desk)}".strip())
    if why and not reason.strip():
        ask = _("To register somebody all the same, write down the reason.")
        raise DoorProblem(Trouble.CLOSED, f"{why} {ask}")
    return history.staff(desk.user, reason)


def name(desk: Desk, person: Participant, name: str, *, now: datetime.datetime) -> bool:
    """Give a participant without a name one; return whether anything changed.

    Raises:
        DoorProblem: when the person has another name by now.
    """
    with attendance.holding(person):
        person.refresh_from_db()
        if person.name == name:
            return False
        if person.name:
            raise DoorProblem(
                Trouble.NAMED, _("This person was already entered as %(name)s.") % {"name": person.name}
            )
        person.name = name
        person.save()
        details = [{"field": "participant", "old": "", "new": name}]
        history.record(
            person.registration, history.Action.CHANGED, history.staff(desk.user), now=now, details=details
        )
    return True
