"""iCalendar files (RFC 5545) and invitations (RFC 5546), small enough to be written by hand."""

from __future__ import annotations

import dataclasses
import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from training_events import twins

if TYPE_CHECKING:
    from training_events.models import EventPage, SeatPool

_ZONE = "Asia/Ho_Chi_Minh"
#: Viet Nam keeps UTC+7 without daylight saving time since 13 June 1975.
_TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{_ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_STATUS = {"scheduled": "CONFIRMED", "cancelled": "CANCELLED", "postponed": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. ``uid`` and ``sequence`` let a calendar change the entry it has instead of adding another."""

    uid: str
    sequence: int
    changed_at: datetime.datetime
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    title: str
    place: str = ""
    description: str = ""
    url: str = ""
    status: str = "scheduled"


@dataclass(frozen=True, slots=True)
class Guest:
    """Who invites whom."""

    organiser: str
    organiser_email: str
    name: str
    email: str


def entries(event: EventPage) -> list[Entry]:
    """Return the sessions of a live event, those of the classes of a series included.

    The UID is the session's translation key: the same in every language, on every address and after every publication.
    SEQUENCE is twice that of the pool, which grows with each change of time, place or status (services.schedule): between two
    of them there is a number for taking an invitation back.
    """
    pool = event.seat_pool
    found = []
    classes = getattr(event, "classes", [])
    double = (
        twins.of(event.sessions.all(), [row for one in classes for row in one.sessions.all()])
        if classes
        else {}
    )
    for page in [event, *classes]:
        own = page.sessions.all() if page is not event or hasattr(event, "classes") else event.session_rows
        rows = sorted(own, key=lambda row: row.starts_at)
        moments = [page.last_published_at, pool.schedule_changed_at]
        for row in rows:
            if row.translation_key in double:
                continue
            found.append(
                Entry(
                    uid=str(row.translation_key),
                    sequence=2 * pool.sequence,
                    changed_at=max((one for one in moments if one is not None), default=row.starts_at),
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    title=f"{page.title}: {row.title}" if row.title and len(rows) > 1 else page.title,
                    place=page.where_in_full,
                    description=page.intro,
                    url=page.full_url or "",
                    status=_status(pool, page),
                )
            )
    return sorted(found, key=lambda one: one.starts_at)


def _status(pool: SeatPool, page: EventPage) -> str:
    for status in ("cancelled", "postponed"):
        if status in (pool.status, page.status):
            return status
    return "scheduled"


def removed(uid: str, stored: list[str], pool: SeatPool, *, title: str) -> Entry:
    """Return a session that an editor has deleted, made from the stored schedule, so that it can be taken back."""
    begins, ends, place, _status_then = stored
    return Entry(
        uid=uid,
        sequence=2 * pool.sequence,
        changed_at=pool.schedule_changed_at or timezone.now(),
        starts_at=datetime.datetime.fromisoformat(begins),
        ends_at=datetime.datetime.fromisoformat(ends),
        title=title,
        place=place,
    )


def raised(one: Entry, by: int) -> Entry:
    """Return the entry with a SEQUENCE that is higher ``by`` so many: calendars ignore what is older than what they have."""
    return dataclasses.replace(one, sequence=one.sequence + by)


def withdrawn(one: Entry) -> Entry:
    """Return the entry as an invitation takes it back: with a SEQUENCE above the one it was sent with."""
    return dataclasses.replace(one, sequence=one.sequence + 1, status="cancelled")


def calendar(
    rows: Iterable[Entry],
    *,
    host: str,
    method: str = "PUBLISH",
    name: str = "",
    guest: Guest | None = None,
    stamp: datetime.datetime | None = None,
) -> bytes:
    """Return the entries as one calendar.

    Args:
        rows: the entries, in order.
        host: the office's host name, for PRODID.
        method: PUBLISH for files and feeds, REQUEST and CANCEL for messages to a guest.
        name: what calendars call a feed.
        guest: the party written to; needed for REQUEST and CANCEL.
        stamp: when the message was made (aware); files are stamped with the last change of each entry.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{host}//training events//VI",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
    ]
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{_ZONE}"]
        lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    lines += _TIMEZONE
    for one in rows:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.uid}",
            f"DTSTAMP:{_utc(stamp or one.changed_at)}",
            f"LAST-MODIFIED:{_utc(one.changed_at)}",
            f"SEQUENCE:{one.sequence}",
            f"DTSTART;TZID={_ZONE}:{_local(one.starts_at)}",
            f"DTEND;TZID={_ZONE}:{_local(one.ends_at)}",
            f"SUMMARY:{_text(one.title)}",
            *([f"LOCATION:{_text(one.place)}"] if one.place else []),
            *([f"DESCRIPTION:{_text(one.description)}"] if one.description else []),
            *([f"URL:{one.url}"] if one.url else []),
            f"STATUS:{_STATUS[one.status]}",
            *(_people(guest) if guest else []),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _people(guest: Guest) -> list[str]:
    return [
        f"ORGANIZER;CN={_parameter(guest.organiser)}:mailto:{guest.organiser_email}",
        f"ATTENDEE;CN={_parameter(guest.name)};PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{guest.email}",
    ]


def _local(value: datetime.datetime) -> str:
    return f"{timezone.localtime(value):%Y%m%dT%H%M%S}"


def _utc(value: datetime.datetime) -> str:
    return f"{value.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _clean(value: str) -> str:
    """Drop control characters, which no calendar may contain (RFC 5545 section 3.1)."""
    return "".join(char for char in value if char == "\n" or unicodedata.category(char) != "Cc")


def _text(value: str) -> str:
    """Escape what RFC 5545 section 3.3.11 names."""
    value = _clean(value.replace("\r\n", "\n").replace("\r", "\n"))
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\n", "\\n")


def _parameter(value: str) -> str:
    """Quote a parameter's value; a double quote itself cannot stand in one (section 3.2)."""
    return '"{}"'.format(_clean(value).replace('"', "'").replace("\n", " "))


def _folded(line: str) -> str:
    """Fold at 75 octets (section 3.1) without cutting a letter in two: Vietnamese letters have up to three octets."""
    parts, current, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > 75:
            parts.append(current)
            current, size = " ", 1
        current += char
        size += octets
    return "\r\n".join([*parts, current])
