"""What a device at the door is told: the people of one session with as little about each as finding them takes."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from core import dates, vietnamese
from core.taxonomy import localized
from training_events import phones, qr
from training_events.models import Attendance, CheckIn, Participant, Registration
from training_events.services.door import Desk

#: How long after the session a device may keep the list: check-ins made without network have to get home.
GRACE = datetime.timedelta(hours=3)


def until(desk: Desk) -> datetime.datetime:
    """Return when devices delete the list of the session."""
    return desk.session.ends_at + GRACE


def listed(desk: Desk) -> list[Participant]:
    """Return the people who may come, and those who came though their registration has ended, by their given name."""
    came = Attendance.objects.filter(session_key=desk.session_key)
    rows = (
        Participant.objects.filter(registration__pool=desk.pool)
        .exclude(~Q(pk__in=came.values("participant")), registration__status__in=Registration.ENDED)
        .select_related("registration__place")
        .prefetch_related(
            Prefetch("attendances", queryset=came, to_attr="here"),
            Prefetch(
                "check_ins",
                queryset=CheckIn.objects.filter(session_key=desk.session_key, undone_at=None),
                to_attr="taps",
            ),
        )
    )
    return sorted(rows, key=_by_given_name)


def _by_given_name(person: Participant) -> tuple[Any, ...]:
    """Lists here are sorted by the last word of a name, the given name; who has no name stands beside the contact."""
    words = (person.name or person.registration.contact_name).split()
    return (
        vietnamese.sort_key(words[-1] if words else ""),
        vietnamese.sort_key(" ".join(words)),
        person.registration_id,
        person.position,
    )


def entry(person: Participant) -> dict[str, Any]:
    """Return one person as a device keeps it: no full phone number, no answers, no year of birth."""
    row = person.registration
    here: list[Any] = getattr(person, "here", [])
    return {
        "key": str(person.key),
        "name": person.name,
        "contact": "" if person.name == row.contact_name else row.contact_name,
        "organisation": row.organisation_name,
        "code": row.code,
        "digits": phones.last_digits(row.phone),
        "commune": str(localized(row.place) or "") if row.place else "",
        "position": person.position,
        "size": row.party_size,
        "status": row.status,
        "at": here[0].checked_in_at.isoformat() if here else None,
        "time": dates.time_short(here[0].checked_in_at) if here else "",
        "way": here[0].way if here else "",
        "taps": [tap.key for tap in getattr(person, "taps", [])],
    }


def counts(people: list[Participant]) -> dict[str, int]:
    """Return how many are present, expected, waiting, and came without having registered."""
    present = [one for one in people if getattr(one, "here", [])]
    return {
        "present": len(present),
        "expected": sum(one.registration.holds_seats for one in people),
        "waiting": sum(one.registration.is_waiting for one in people),
        "walk_ins": sum(one.registration.source == Registration.Source.WALK_IN for one in present),
    }


def state(desk: Desk) -> dict[str, Any]:
    """Return everything a device needs to work without network. JSON-able."""
    people = listed(desk)
    free = desk.pool.free_at(timezone.now())
    return {
        "user": desk.user.pk,
        "session": str(desk.session_key),
        "until": until(desk).isoformat(),
        "free": free,
        "may_exceed": desk.may_exceed,
        "counts": counts(people),
        "people": [entry(one) for one in people],
    }


def find(people: list[Participant], words: str) -> list[Participant]:
    """Return those whom ``words`` name: parts of a name with or without marks, a phone number in any form, a code, a QR code."""
    meant = qr.read(words)
    if isinstance(meant, uuid.UUID):
        return [one for one in people if one.key == meant]
    if meant:
        return [one for one in people if one.registration.code == meant]
    wanted = vietnamese.fold(words).split()
    digits = "".join(char for char in words if char.isdigit())
    code = words.upper().replace(" ", "")
    if not wanted:
        return people

    def fits(one: Participant) -> bool:
        row = one.registration
        text = vietnamese.fold(f"{one.name} {row.contact_name} {row.organisation_name}")
        return (
            all(word in text for word in wanted)
            or (len(code) >= 3 and row.code.startswith(code))
            or phones.is_part(digits, row.phone)
        )

    return [one for one in people if fits(one)]
