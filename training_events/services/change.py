"""Changing a registration: contact, people, size of the party, answers. All of it or nothing of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from training_events import retention
from training_events.models import Answer, Participant, Registration, SeatPool
from training_events.services import certificates, history, messages, party, seats
from training_events.services.history import HOLDER, Actor
from training_events.services.party import AnswerData, PersonData
from training_events.services.waiting import promote_waiting

#: What a change may name; size and people follow from ``people``.
FIELDS = ("contact_name", "phone", "email", "place", "organisation_name", "tax_code")
#: What the history calls a corrected name.
NAMES = ("contact_name", "organisation_name", "participant")


class ChangeRefused(Exception):
    """The registration has ended or the event has begun; nothing was changed."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the registration since the form was shown; nothing was changed."""


class WasPresent(Exception):
    """Somebody who is to be taken off the party has been checked in already; nothing was changed."""

    def __init__(self, name: str) -> None:
        super().__init__("Who was present stays.")
        self.name = name


class NotEnoughSeats(Exception):
    """The larger party does not fit, or a seat held back for others would be taken; nothing was changed."""

    def __init__(self, free: int) -> None:
        super().__init__(f"{free} seats are free.")
        self.free = free


def change(
    row: Registration,
    fields: Mapping[str, Any],
    *,
    version: int,
    now: datetime.datetime,
    people: tuple[PersonData, ...] | None = None,
    answers: tuple[AnswerData, ...] = (),
    by: Actor = HOLDER,
) -> Registration:
    """Change what a party stated, all or nothing, and enter it into the history. Changing nothing leaves no trace.

    A party with seats grows only where there are free seats for all that are added, and keeps those it has otherwise; a party on
    the waiting list keeps its place. A smaller party frees seats at once, and waiting parties move up.

    Args:
        row: the registration; it is brought up to date.
        fields: new values by name (FIELDS).
        version: that of the registration when the form was shown.
        now: the moment (aware).
        people: all participants from now on, those with a ``key`` are kept; None leaves them as they are.
        answers: new answers of the party; those to other questions stay.
        by: who changes. Staff with a reason may go past the number of seats, the largest group and the begin of the event.
            Without one they may still correct names after it has begun: certificates are made from them.

    Raises:
        ChangeRefused: once the registration has ended or the event has begun, or when it would grow after registration closed.
        ChangedMeanwhile: when ``version`` is not the current one.
        NotEnoughSeats: when the seats do not suffice.
        WasPresent: when somebody would go who has been checked in: the attendance would go as well.
        ValueError: for a field that cannot be changed, or a party of nobody or of too many.
    """
    if unknown := set(fields) - set(FIELDS):
        raise ValueError(f"Not to be changed: {', '.join(sorted(unknown))}.")
    with seats.holding(row.pool_id) as pool:
        row.refresh_from_db()
        if row.version != version:
            raise ChangedMeanwhile
        is_late = pool.starts_at is not None and pool.starts_at <= now and not by.overrides
        if not row.is_current or (is_late and not by.is_staff):
            raise ChangeRefused
        before = row.contact_name
        details = _set_fields(row, fields)
        if is_late:
            if not _are_same(row, people):
                raise ChangeRefused
            freed = False
        else:
            size = len(people) if people is not None else row.party_size
            freed = _seats_for(row, pool, size, now, by, details)
        if people is not None:
            details += _set_people(row, _with_contact(people, before, row.contact_name), pool, now)
        elif row.contact_name != before:
            _rename(row, before)
        details += set_answers(row, answers, pool, now)
        if is_late and any(one["field"] not in NAMES for one in details):
            raise ChangeRefused
        if any(one["field"] in ("participant", "contact_name") for one in details):
            for person in row.participants.all():
                details += certificates.correct_name(person)
        if details:
            row.version += 1
            row.save()
            history.record(row, history.Action.CHANGED, by, now=now, details=details)
            if not is_late:
                messages.queue_changed(row)
        if freed:
            promote_waiting(pool, now=now)
        row.refresh_from_db()
    return row


def _set_fields(row: Registration, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    details = []
    for name, value in fields.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            details.append({"field": name, "old": str(old or ""), "new": str(value or "")})
    return details


def _are_same(row: Registration, people: tuple[PersonData, ...] | None) -> bool:
    """Whether nobody comes or goes."""
    if people is None:
        return True
    return {one.key for one in people} == set(row.participants.values_list("key", flat=True))


def _rename(row: Registration, before: str) -> None:
    """The contact is usually the first participant: a corrected name is corrected in both places."""
    for first in row.participants.filter(position=1, name=before):
        first.name = row.contact_name
        first.save()


def _with_contact(people: tuple[PersonData, ...], before: str, name: str) -> tuple[PersonData, ...]:
    if before == name or not people or people[0].name != before:
        return people
    first = people[0]
    return (PersonData(name, first.birth_year, first.answers, first.key), *people[1:])


def _seats_for(
    row: Registration,
    pool: SeatPool,
    size: int,
    now: datetime.datetime,
    by: Actor,
    details: list[dict[str, Any]],
) -> bool:
    """Bring the party's seats in line with its new size and commune; return whether seats became free."""
    largest = Registration.LARGEST_PARTY if by.overrides else max(pool.max_party, row.party_size)
    if not 1 <= size <= largest:
        raise ValueError(f"A party of this event has 1 to {largest} people.")
    grows = size - row.party_size
    closed = pool.status != "scheduled" or (pool.deadline is not None and pool.deadline <= now)
    if grows > 0 and closed and not by.overrides:
        raise ChangeRefused
    old_reserve, old_size = row.reserve_id, row.party_size
    row.party_size = size
    if grows:
        details.append({"field": "party_size", "old": old_size, "new": size})
    claims = party.claims(pool, row.place, row.group_key)
    if not row.holds_seats:
        row.reserve = next(iter(claims), None)
        return grows < 0 or row.reserve_id != old_reserve
    # a commune that was deleted takes no seat from anybody: only a change of the commune does
    moves = any(one["field"] == "place" for one in details)
    stays = not moves or (any(one.pk == old_reserve for one in claims) if claims else old_reserve is None)
    if stays and grows <= 0:
        seats.give_back(pool.pk, -grows, reserve_id=old_reserve)
        return grows < 0
    if stays and seats.take(pool.pk, grows, now=now, reserve_id=old_reserve):
        return False
    # on another claim, or past the number of seats; seats held back for one commune do not follow a party to another
    seats.give_back(pool.pk, old_size, reserve_id=old_reserve)
    fresh = SeatPool.objects.get(pk=pool.pk)
    if claims or moves:
        row.reserve = seats.best(fresh, size, party.claims(fresh, row.place, row.group_key), now=now)
    if not seats.take(pool.pk, size, now=now, reserve_id=row.reserve_id, beyond=by.overrides):
        raise NotEnoughSeats((pool if stays else fresh).free_at(now) or 0)
    return True


def _set_people(
    row: Registration, people: tuple[PersonData, ...], pool: SeatPool, now: datetime.datetime
) -> list[dict[str, Any]]:
    stored: dict[Any, Participant] = {one.key: one for one in row.participants.all()}
    kept = {person.key for person in people if person.key in stored}
    details: list[dict[str, Any]] = []
    for key, one in stored.items():
        if key not in kept:
            if one.attendances.exists():
                raise WasPresent(one.name)
            details.append({"field": "participant", "old": one.name, "new": ""})
            one.delete()
    # upwards: a place is always free before somebody moves to it
    for position, person in enumerate(people, start=1):
        participant = stored[person.key] if person.key in kept else Participant(registration=row)
        if participant.name != person.name:
            details.append({"field": "participant", "old": participant.name, "new": person.name})
        if participant.birth_year != person.birth_year:
            details.append({"field": "birth_year", "old": participant.birth_year, "new": person.birth_year})
        participant.position = position
        participant.name, participant.birth_year = person.name, person.birth_year
        participant.save()
        details += set_answers(row, person.answers, pool, now, participant)
    return details


def set_answers(
    row: Registration,
    answers: Iterable[AnswerData],
    pool: SeatPool,
    now: datetime.datetime,
    participant: Any = None,
) -> list[dict[str, Any]]:
    """Store answers that differ from those that are there; an answer given again in the same words keeps its own wording.

    Returns:
        Details for the history; the words of sensitive answers are left out of it.
    """
    rows = Answer.objects.filter(registration=row, participant=participant)
    stored = {one.question_key: one for one in rows}
    details, fresh = [], []
    for answer in answers:
        old = stored.get(answer.question_key)
        same = old is not None and old.kind == answer.kind and party.meaning(old) == party.meaning(answer)
        if same and not answer.anew:
            continue
        if old is not None:
            old.delete()
        if answer.value not in (None, "", []):
            fresh.append(answer)
        elif old is None:
            continue
        told = {} if answer.sensitive else {"old": old.shown if old else "", "new": answer.shown}
        days = [old.keep_until if old else None, retention.answer_until(pool, answer.keep_days, now=now)]
        if told and (own := [day for day in days if day is not None]):
            told["keep_until"] = min(own).isoformat()
        key = str(answer.question_key)
        details.append({"field": "answer", "question": answer.wording, "question_key": key, **told})
    party.add_answers(row, fresh, pool, now, participant)
    return details
