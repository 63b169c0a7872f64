"""Who has earned a certificate, also in a series; giving, correcting and printing them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events import presence
from training_events.models import Certificate, EventPage, EventSeriesPage, EventSession, Registration
from training_events.services import attendance, certificates, history
from training_events.services.attendance import Tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office(organisation_name="UBND xã Đăk Ơ")


def attend(row: Registration, user: User, *sessions: EventSession) -> None:
    now = timezone.now()
    for session in sessions:
        for person in row.participants.all():
            tap = Tap(uuid.uuid4().hex, now)
            attendance.check_in(person, session.translation_key, tap, now=now, by=history.staff(user))


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    """A series of three past classes, two of them on dates that stand on the series as well; the third was cancelled."""
    index = make_event_index(site)
    page = EventSeriesPage(title="Đợt bán hàng", slug="dot", locale=index.locale, seats=9, certificate=True)
    classes = [make_event(site, f"Lớp {number}", days=-7 * number) for number in (3, 2, 1)]
    starts = [one.starts_at for one in classes]
    page.sessions = [  # type: ignore[misc]
        EventSession(starts_at=start, ends_at=start + DAY / 8, sort_order=number)
        for number, start in enumerate(starts[1:])
    ]
    index.add_child(instance=page)
    for one in classes:
        one.move(page, "last-child")
    publish(EventPage.objects.get(pk=classes[2].pk), status="cancelled")
    return EventSeriesPage.objects.get()


def test_of_a_series_each_date_counts_once_and_a_class_that_was_cancelled_not_at_all(
    series: EventSeriesPage, admin_user: User
) -> None:
    first, second, _cancelled = (one.sessions.get() for one in series.classes)
    both = make_registration(series, now=timezone.now() - 60 * DAY)
    one = make_registration(series, now=timezone.now() - 60 * DAY)
    attend(both, admin_user, first, second)
    attend(one, admin_user, second)
    assert [row.pk for row in presence.sessions_of(series.seat_pool)] == [first.pk, second.pk]
    assert [(person.registration, count) for person, count in certificates.earned(series)] == [(both, 2)]
    assert certificates.give(series, user=admin_user, now=timezone.now()) == 1
    row = Certificate.objects.get()
    assert (row.attended, row.sessions) == (2, 2)
    assert row.last_day == timezone.localtime(second.starts_at).date()


def test_who_was_ticked_on_the_dates_of_the_series_was_in_its_class(
    series: EventSeriesPage, admin_user: User
) -> None:
    """The same sitting has two doors there: which of them staff opened makes no difference."""
    first, second, _cancelled = (one.sessions.get() for one in series.classes)
    row = make_registration(series, now=timezone.now() - 60 * DAY)
    attend(row, admin_user, first, series.sessions.first(), second)
    assert [(person.registration, count) for person, count in certificates.earned(series)] == [(row, 2)]
    seen = presence.read(series.seat_pool)
    assert [seen.word(row, row.participants.get(), session) for session in seen.sessions] == ["có mặt"] * 2


def test_a_list_that_was_kept_stays_in_tables_when_its_class_is_cancelled_later(
    site: Site, admin_user: User
) -> None:
    event: Any = make_event(site, days=-7, certificate=True)
    row = make_registration(event, now=timezone.now() - 30 * DAY)
    attend(row, admin_user, event.session_rows[0])
    event = publish(event, status="postponed")
    assert len(presence.read(event.seat_pool).sessions) == 1
    assert presence.sessions_of(event.seat_pool) == []
    assert certificates.earned(event) == []
    assert certificates.give(event, user=admin_user, now=timezone.now()) == 0
