"""What a device at the door is told: the people of one session with as little about each as finding them takes."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q
from django.utils import timezone

from core import dates, vietnamese
from core.models import Place
from core.taxonomy import localized
from training_events import phones, qr
from training_events.models import Attendance, CheckIn, Participant, Registration
from training_events.services.desk import Desk

#: How long after the session a device may keep the list: check-ins made without network have to get home.
GRACE = datetime.timedelta(hours=3)
#: Groups that the list of a door is cut into, and people of one answer.
GROUPS = 64
PIECE = 400
#: What devices make of ``at`` themselves or do not need, and what somebody's row says if nothing else is said.
_UNSENT = ("time", "way")
_USUAL: dict[str, Any] = {
    "at": None,
    "taps": [],
    "position": 1,
    "size": 1,
    "status": Registration.Status.CONFIRMED,
}


def until(desk: Desk) -> datetime.datetime:
    """Return when devices delete the list of the session."""
    return desk.session.ends_at + GRACE


def listed(desk: Desk) -> list[Participant]:
    """Return the people who may come, and those who came though their registration has ended, by their given name."""
    came = Attendance.objects.filter(session_key__in=desk.session_keys).order_by("checked_in_at", "pk")
    rows = (
        Participant.objects.filter(registration__pool=desk.pool)
        .exclude(~Q(pk__in=came.values("participant")), registration__status__in=Registration.ENDED)
        .select_related("registration__place")
        .prefetch_related(
            Prefetch("attendances", queryset=came, to_attr="here"),
            Prefetch(
                "check_ins",
                queryset=CheckIn.objects.filter(session_key__in=desk.session_keys, undone_at=None),
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


class Line(NamedTuple):
    """What is known of one person of a list, however it was read."""

    key: uuid.UUID
    name: str
    position: int
    contact: str
    organisation: str
    code: str
    phone: str
    size: int
    status: str
    source: str
    commune: str = ""
    at: datetime.datetime | None = None
    way: str = ""
    taps: Sequence[str] = ()


def lines(desk: Desk) -> list[Line]:
    """Return the same people as ``listed``, read without a model's row for each: devices ask several times a minute.

    In no particular order. Four queries, however many people.
    """
    session = {"session_key__in": desk.session_keys, "participant__registration__pool": desk.pool}
    rows = Attendance.objects.filter(**session).order_by("-checked_in_at", "-pk")
    # who was ticked under both keys of a date has the earlier time
    came = {
        person: (at, way) for person, at, way in rows.values_list("participant_id", "checked_in_at", "way")
    }
    taps: dict[int, list[str]] = {}
    standing = CheckIn.objects.filter(**session, undone_at=None).order_by("at", "pk")
    for person, key in standing.values_list("participant_id", "key"):
        taps.setdefault(person, []).append(key)
    people = Participant.objects.filter(registration__pool=desk.pool).order_by().values_list(
        "pk", "registration__place_id", "key", "name", "position", "registration__contact_name",
        "registration__organisation_name", "registration__code", "registration__phone", "registration__party_size",
        "registration__status", "registration__source",
    )  # fmt: skip
    found: list[Any] = list(people)
    places = Place.objects.in_bulk({row[1] for row in found if row[1]})
    communes = {pk: str(localized(place)) for pk, place in places.items()}
    return [
        Line._make([*facts, communes.get(place, ""), *came.get(pk, (None, "")), taps.get(pk, ())])
        for pk, place, *facts in found
        if pk in came or facts[8] not in Registration.ENDED
    ]


def line_of(person: Participant) -> Line:
    """Return a row of ``listed`` as a line."""
    row, here = person.registration, getattr(person, "here", [])
    return Line(
        person.key, person.name, person.position, row.contact_name, row.organisation_name, row.code, row.phone,
        row.party_size, row.status, row.source, str(localized(row.place) or "") if row.place else "",
        here[0].checked_in_at if here else None, here[0].way if here else "",
        [tap.key for tap in getattr(person, "taps", [])],
    )  # fmt: skip


def entry(one: Line) -> dict[str, Any]:
    """Return one person as the page and devices show it: no full phone number, no answers, no year of birth."""
    return {
        "key": str(one.key),
        "name": one.name,
        "contact": "" if one.name == one.contact else one.contact,
        "organisation": one.organisation,
        "code": one.code,
        "digits": phones.last_digits(one.phone),
        "commune": one.commune,
        "position": one.position,
        "size": one.size,
        "status": one.status,
        "at": one.at.isoformat() if one.at else None,
        "time": dates.time_short(one.at) if one.at else "",
        "way": one.way,
        "taps": list(one.taps),
    }


def counts(people: Iterable[Line]) -> dict[str, int]:
    """Return how many are present, expected, waiting, and came without having registered."""
    rows = list(people)
    present = [one for one in rows if one.at]
    return {
        "present": len(present),
        "expected": sum(one.status in Registration.HOLDING for one in rows),
        "waiting": sum(one.status == Registration.Status.WAITING for one in rows),
        "walk_ins": sum(one.source == Registration.Source.WALK_IN for one in present),
    }


def head(desk: Desk, people: Sequence[Line]) -> dict[str, Any]:
    """Return what a device has to know besides the people. JSON-able."""
    return {
        "user": desk.user.pk,
        "session": str(desk.asked or desk.session_key),
        "until": until(desk).isoformat(),
        "free": desk.pool.free_at(timezone.now()),
        "may_exceed": desk.may_exceed,
        "counts": counts(people),
        "total": len(people),
    }


def state(desk: Desk) -> dict[str, Any]:
    """Return everything a device needs to work without network, with the whole list. JSON-able."""
    people = lines(desk)
    return {**head(desk, people), "people": [entry(one) for one in people]}


def changes(desk: Desk, known: Mapping[str, str]) -> dict[str, Any]:
    """Return what changed since a device last asked: the list is cut into groups, and those it has are not sent again.

    Which group somebody is in follows from the key alone, and a group's digest from what it says, so the server remembers
    nothing about devices, and whatever changed by whatever way arrives. JSON-able: ``groups`` holds for each group that
    changed its ``digest`` and its ``people`` (none: the group is gone). ``more`` says that there are others: a weak line gets the
    first list in pieces that arrive.

    Args:
        desk: the door.
        known: digests by group, as the device was told.
    """
    people = lines(desk)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(people, key=lambda one: (one.code, one.position)):
        groups.setdefault(f"{one.key.int % GROUPS:02x}", []).append(_short(entry(one)))
    changed, size, more = {}, 0, False
    for group in sorted(groups.keys() | known.keys()):
        rows = groups.get(group, [])
        digest = _digest(rows)
        if known.get(group) == digest or (not rows and group not in known):
            continue
        if size and size + len(rows) > PIECE:
            more = True
            break
        changed[group] = {"digest": digest, "people": rows}
        size += len(rows)
    return {**head(desk, people), "groups": changed, "more": more}


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what goes without saying (door_people.js knows it as well)."""
    return {
        name: value for name, value in row.items() if name not in _UNSENT and value != _USUAL.get(name, "")
    }


def _digest(rows: Any) -> str:
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


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
