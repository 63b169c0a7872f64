"""Factories of events and registrations, in any state."""

import datetime
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from core import vietnamese
from tests.factories.core import home_of, make_locale
from training_events.models import EventIndexPage, EventPage, EventSeriesPage, EventSession, Registration
from training_events.services.registration import RegistrationData, register

_numbers = count(1)
DAY = datetime.timedelta(days=1)


def make_event_index(site: Site, title: str = "Tập huấn") -> EventIndexPage:
    """Return the office's calendar, made where missing."""
    home = home_of(site)
    found = EventIndexPage.objects.child_of(home).first()
    if found:
        return found
    page = EventIndexPage(title=title, slug="tap-huan", locale=home.locale, show_in_menus=True)
    home.add_child(instance=page)
    return page


def make_event(
    site: Site,
    title: str = "Dùng VNeID",
    *,
    days: float = 10,
    sessions: int = 1,
    hours: float = 3,
    **fields: Any,
) -> EventPage:
    """Return a live event whose first session begins ``days`` from now (negative: past), one session a week.

    ``fields`` are fields of EventPage; topics, places and audiences may be given as lists.
    """
    many = {
        name: fields.pop(name) for name in ("topics", "places", "audiences", "skill_groups") if name in fields
    }
    start = timezone.now().replace(microsecond=0) + days * DAY
    page = EventPage(
        title=title,
        slug=fields.pop("slug", f"{vietnamese.slugify(title)}-{next(_numbers)}"),
        locale=make_locale("vi"),
        **{"venue_name": "Nhà văn hóa thôn Mẫu 1", "seats": 10, **fields},
    )
    page.sessions = [  # type: ignore[misc]
        EventSession(
            title=f"Buổi {number + 1}",
            starts_at=start + 7 * number * DAY,
            ends_at=start + 7 * number * DAY + datetime.timedelta(hours=hours),
            sort_order=number,
        )
        for number in range(sessions)
    ]
    make_event_index(site).add_child(instance=page)
    if many:
        for name, rows in many.items():
            getattr(page, name).set(rows)
        page.save()
    return page


def make_event_series(
    site: Site, title: str = "Đợt bán hàng", *, days: Sequence[float], **class_values: Any
) -> EventSeriesPage:
    """Return a live series of three seats with a class ("Lớp 1", "Lớp 2" …) so many days from now each."""
    index = make_event_index(site)
    page = EventSeriesPage(title=title, slug="dot", locale=index.locale, seats=3)
    index.add_child(instance=page)
    for number, day in enumerate(days, start=1):
        make_event(site, f"Lớp {number}", days=day, **class_values).move(page, "last-child")
    return EventSeriesPage.objects.get(pk=page.pk)


def publish(page: EventPage, **fields: Any) -> EventPage:
    """Change ``page`` as an editor does, publish it and return it as it now stands in the database."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return EventPage.objects.get(pk=page.pk)


def registration_data(**values: Any) -> RegistrationData:
    """Return what a party states; every call is another party with another number."""
    number = next(_numbers)
    return RegistrationData(
        **{
            "name": f"Nguyễn Văn {number}",
            "phone": f"+849000{number:05d}",
            "idempotency_key": f"key-{number}",
            "consent_text": "Tôi đồng ý.",
            "consent_version": "test",
            **values,
        }
    )


def make_registration(
    event: EventPage, *, now: datetime.datetime | None = None, **values: Any
) -> Registration:
    """Register a party through the service."""
    return register(event, registration_data(**values), now=now or timezone.now())
