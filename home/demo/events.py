"""Dates, rules and words of the sample events.

Open classes must lie in the future whenever the sample is built, so their dates are days counted from that day.
"""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from core.models import Place
from core.taxonomy import source_rows
from home.demo import aftermath, parties
from training_events.models import EventPage, EventSession, HeldSeats, MessageText, Question

_NAMESPACE = uuid.UUID("0d0a5c62-9a36-4a34-bb0c-5c2f1a2024aa")


def moment(day: int, clock: str) -> datetime.datetime:
    """Return the aware datetime of ``clock`` ("7:30") ``day`` days from today, in the site's time zone."""
    hour, minute = (int(part) for part in clock.split(":"))
    date = timezone.localdate() + datetime.timedelta(days=day)
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


def set_dates(page: Any, data: dict[str, Any]) -> None:
    """Give an event its sessions and its registration window, as they were announced first."""
    earlier = data.get("moved_by", 0)
    page.sessions = [
        EventSession(
            title=row.get("title") or "",
            starts_at=moment(row["day"] - earlier, row["start"]),
            ends_at=moment(row["day"] - earlier, row["end"]),
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("sessions") or [])
    ]
    window = data.get("registration") or {}
    if "opens" in window:
        page.registration_opens_at = moment(window["opens"], "7:00")
    if "closes" in window:
        page.registration_closes_at = moment(window["closes"], "17:00")
    if "held_until" in window:
        page.held_until = moment(window["held_until"], "7:00")
    if data.get("registrations"):
        # people register for what takes place; what becomes of it follows in live_through
        page.status = EventPage.Status.SCHEDULED


def set_rules(page: Any, data: dict[str, Any]) -> None:
    """Give an event its own questions, the seats that it holds back and its own words of messages."""
    page.questions = [
        Question(
            **{name: value for name, value in row.items() if name != "options"},
            options=[
                {"type": "option", "value": text, "id": str(uuid.uuid5(_NAMESPACE, f"{row['label']}:{text}"))}
                for text in row.get("options") or []
            ],
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("questions") or [])
    ]
    page.held_seats = [
        HeldSeats(
            label=row["label"],
            seats=row["seats"],
            place=source_rows(Place).get(slug=row["place"]) if row.get("place") else None,
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("held_seats") or [])
    ]
    page.message_texts = [
        MessageText(**row, sort_order=rank, locale=page.locale)
        for rank, row in enumerate(data.get("message_texts") or [])
    ]


def live_through(page: EventPage, data: dict[str, Any]) -> bool:
    """Let an event happen: people register, dates change, people come, messages go out.

    Args:
        page: the published event.
        data: its entry in events.yaml.

    Returns:
        Whether the page was published once more, with other dates or another status.
    """
    wanted = data.get("registrations")
    if not wanted:
        return False
    # read anew: the builder's own object knows neither the seats nor the rows that publishing made
    page = EventPage.objects.get(pk=page.pk).specific
    rows = parties.register_samples(page, wanted)
    changed = _change(page, data)
    if changed:
        page.save_revision(clean=True).publish()
        page = EventPage.objects.get(pk=page.pk).specific
    aftermath.follow(page, wanted, rows)
    return changed


def _change(page: Any, data: dict[str, Any]) -> bool:
    """Give the page the status and the dates that it has now; whether that is anything new."""
    earlier = datetime.timedelta(days=data.get("moved_by", 0))
    status = data.get("status") or EventPage.Status.SCHEDULED
    if not earlier and page.status == status:
        return False
    page.status = status
    sessions = list(page.sessions.all())
    for row in sessions:
        row.starts_at, row.ends_at = row.starts_at + earlier, row.ends_at + earlier
    page.sessions = sessions
    return True
