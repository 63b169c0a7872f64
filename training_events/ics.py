"""An event as an iCalendar file (RFC 5545), small enough to be written by hand."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from training_events.models import EventPage

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


def calendar(event: EventPage, *, host: str) -> bytes:
    """Return the event's sessions as one calendar.

    Each session keeps its UID however often the page is published, in every language, and SEQUENCE grows with each
    publication, so that calendars change the entry instead of adding another.

    Args:
        event: a live event.
        host: the office's host name, the right-hand side of the UIDs.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{host}//training events//VI",
        "METHOD:PUBLISH",
        *_TIMEZONE,
    ]
    changed = event.last_published_at or timezone.now()
    for session in event.session_rows:
        title = (
            event.title
            if len(event.session_rows) == 1 or not session.title
            else f"{event.title}: {session.title}"
        )
        place = ", ".join(dict.fromkeys(part for part in (event.where, event.venue_address) if part))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.translation_key}@{host}",
            f"DTSTAMP:{changed.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
            f"SEQUENCE:{event.live_revision_id or 0}",
            f"DTSTART;TZID={_ZONE}:{_local(session.starts_at)}",
            f"DTEND;TZID={_ZONE}:{_local(session.ends_at)}",
            f"SUMMARY:{_text(title)}",
            f"LOCATION:{_text(place)}",
            f"DESCRIPTION:{_text(event.intro)}",
            f"URL:{event.full_url}",
            f"STATUS:{_STATUS[event.seat_pool.status]}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _local(value: datetime.datetime) -> str:
    return f"{timezone.localtime(value):%Y%m%dT%H%M%S}"


def _text(value: str) -> str:
    """Escape what RFC 5545 section 3.3.11 names."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


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
