"""Check-ins: adding them, taking them back, and what follows from them.

What stands for a person and session is the earliest check-in that was not taken back. That makes the order in which devices get
through meaningless: check-ins are a set that only grows, an undo marks those that its device had seen.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from training_events.models import Attendance, CheckIn, CheckInWay, Participant
from training_events.services.history import Actor


class Outcome(StrEnum):
    """What became of a check-in."""

    DONE = "done"
    #: The person was checked in before, here or on another device; the earlier time stands.
    ALREADY = "already"
    #: The same tap arrived before; nothing was changed.
    KNOWN = "known"
    #: The tap had been taken back before it arrived.
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap on "present": its key (at most 64 characters, made by the device), its time (aware), how the person was found."""

    key: str
    at: datetime.datetime
    way: str = CheckInWay.NAME


#: The key of a session, or all under which its attendance may stand, the one to write to first (``twins``).
Keys = uuid.UUID | Sequence[uuid.UUID]


def standing(person: Participant, keys: Keys) -> Attendance | None:
    """Return the attendance of ``person`` at a session, the earliest where it stands under two keys."""
    rows = Attendance.objects.filter(participant=person, session_key__in=_all(keys))
    return rows.order_by("checked_in_at", "pk").first()


def _all(keys: Keys) -> Sequence[uuid.UUID]:
    return [keys] if isinstance(keys, uuid.UUID) else keys


def check_in(
    person: Participant, session_key: Keys, tap: Tap, *, now: datetime.datetime, by: Actor
) -> Outcome:
    """Record that ``person`` is present. The same tap again changes nothing; of several taps the earliest counts.

    Args:
        person: the participant.
        session_key: translation key of the session, or all its keys.
        tap: as the device sends it.
        now: the moment (aware) the server learned of it.
        by: who tapped.

    Raises:
        Participant.DoesNotExist: when the participant was deleted meanwhile.
        ValueError: when the key belongs to the check-in of somebody else.
    """
    keys = _all(session_key)
    with holding(person):
        earlier = CheckIn.objects.filter(key=tap.key).first()
        if earlier is not None:
            if earlier.participant_id != person.pk or earlier.session_key not in keys:
                raise ValueError("This key belongs to another check-in.")
            return Outcome.KNOWN if earlier.undone_at is None else Outcome.TAKEN_BACK
        was_present = standing(person, keys) is not None
        CheckIn.objects.create(
            key=tap.key,
            participant=person,
            session_key=keys[0],
            at=tap.at,
            received_at=now,
            way=tap.way,
            user=by.user,
            user_name=by.name,
        )
        _settle(person, keys[0])
    return Outcome.ALREADY if was_present else Outcome.DONE


def take_back(
    person: Participant,
    session_key: Keys,
    *,
    now: datetime.datetime,
    by: Actor,
    keys: Iterable[str] | None = None,
) -> bool:
    """Take check-ins back and return whether the person counts as absent now.

    Args:
        person: the participant.
        session_key: translation key of the session, or all its keys.
        now: the moment (aware).
        by: who takes them back.
        keys: the check-ins that the device had seen, also ones that have not arrived yet; None: all that stand.

    Raises:
        Participant.DoesNotExist: when the participant was deleted meanwhile.
    """
    with holding(person):
        at = _all(session_key)
        mine = CheckIn.objects.filter(participant=person, session_key__in=at)
        untouched = mine.filter(undone_at=None)
        if keys is not None:
            wanted = set(keys)
            untouched = untouched.filter(key__in=wanted)
            missing = wanted - set(CheckIn.objects.filter(key__in=wanted).values_list("key", flat=True))
            for key in sorted(missing):
                CheckIn.objects.create(
                    key=key, participant=person, session_key=at[0], at=now, received_at=now,
                    way=CheckInWay.NAME, user=by.user, user_name=by.name, undone_at=now, undone_by=by.name,
                )  # fmt: skip
        untouched.update(undone_at=now, undone_by=by.name)
        present = [_settle(person, key) for key in at]
        return not any(present)


@contextmanager
def holding(person: Participant) -> Iterator[None]:
    """Open a transaction in which nobody else checks this person in: its first statement writes to the person's row.

    Raises:
        Participant.DoesNotExist: when there is no such row any more.
    """
    with transaction.atomic():
        if not Participant.objects.filter(pk=person.pk).update(position=F("position")):
            raise Participant.DoesNotExist
        yield


def _settle(person: Participant, session_key: uuid.UUID) -> bool:
    """Bring the attendance in line with the check-ins that stand; return whether the person is present."""
    rows = CheckIn.objects.filter(participant=person, session_key=session_key, undone_at=None)
    first = rows.order_by("at", "key").first()
    if first is None:
        Attendance.objects.filter(participant=person, session_key=session_key).delete()
        return False
    Attendance.objects.update_or_create(
        participant=person,
        session_key=session_key,
        defaults={
            "checked_in_at": first.at,
            "way": first.way,
            "user": first.user,
            "user_name": first.user_name,
            "client_key": first.key,
        },
    )
    return True
