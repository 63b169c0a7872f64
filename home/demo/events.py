"""Dates and registrations of the sample events.

Open classes must lie in the future whenever the sample is built, so their dates are days counted from that day.
"""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from training_events.models import EventPage, EventSession
from training_events.services.registration import RegistrationData, RegistrationRefused, register

#: Visibly no real number (0900 000 000).
SAMPLE_PHONE = "+84900000000"
_NAMESPACE = uuid.UUID("0d0a5c62-9a36-4a34-bb0c-5c2f1a2024aa")


def moment(day: int, clock: str) -> datetime.datetime:
    """Return the aware datetime of ``clock`` ("7:30") ``day`` days from today, in the site's time zone."""
    hour, minute = (int(part) for part in clock.split(":"))
    date = timezone.localdate() + datetime.timedelta(days=day)
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


def set_dates(page: Any, data: dict[str, Any]) -> None:
    """Give an event its sessions and its registration window."""
    page.sessions = [
        EventSession(
            title=row.get("title") or "",
            starts_at=moment(row["day"], row["start"]),
            ends_at=moment(row["day"], row["end"]),
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data["sessions"])
    ]
    window = data.get("registration") or {}
    if "opens" in window:
        page.registration_opens_at = moment(window["opens"], "7:00")
    if "closes" in window:
        page.registration_closes_at = moment(window["closes"], "17:00")


def register_samples(event: EventPage, counts: dict[str, int]) -> int:
    """Fill an event with sample registrations through the registration service; returns how many were made.

    They arrive one minute after the other from the opening of the registration on, so that past events fill too. An event that
    takes nobody (cancelled, for staff only) stays empty.
    """
    opened = event.registration_opens_at or timezone.now() - datetime.timedelta(days=1)
    made = 0
    for number in range(1, counts.get("confirmed", 0) + counts.get("waiting", 0) + 1):
        data = RegistrationData(
            name=f"Người đăng ký mẫu {number:02d}",
            phone=SAMPLE_PHONE,
            idempotency_key=str(uuid.uuid5(_NAMESPACE, f"{event.translation_key}:{number}")),
            consent_text="Dữ liệu mẫu, không phải người thật.",
            consent_version="mau",
            place=event.venue_place,
        )
        try:
            register(event, data, now=opened + datetime.timedelta(minutes=number))
        except RegistrationRefused:
            break
        made += 1
    return made
