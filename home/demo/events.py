"""Dates and registrations of the sample events.

Open classes must lie in the future whenever the sample is built, so their dates are days counted from that day.
"""

import datetime
from typing import Any

from django.utils import timezone

from core.models import ContentPage


def moment(day: int, clock: str) -> datetime.datetime:
    """Return the aware datetime of ``clock`` ("7:30") ``day`` days from today, in the site's time zone."""
    hour, minute = (int(part) for part in clock.split(":"))
    date = timezone.localdate() + datetime.timedelta(days=day)
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


def set_dates(page: Any, data: dict[str, Any]) -> None:
    """Give an event its sessions and its registration window."""
    from training_events.models import EventSession

    page.sessions = [
        EventSession(
            title=row.get("title") or "",
            starts_at=moment(row["day"], row["start"]),
            ends_at=moment(row["day"], row["end"]),
            sort_order=rank,
        )
        for rank, row in enumerate(data["sessions"])
    ]
    window = data.get("registration") or {}
    if "opens" in window:
        page.registration_opens_at = moment(window["opens"], "7:00")
    if "closes" in window:
        page.registration_closes_at = moment(window["closes"], "17:00")


def register_samples(event: ContentPage, counts: dict[str, int]) -> None:
    """Fill an event with sample registrations through the registration service."""
    raise NotImplementedError
