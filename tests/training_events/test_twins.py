"""Dates that stand on a series and on its class as well: shown once, and attendance under either key counts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events import door_list, ics
from training_events.figures import report
from training_events.models import (
    Attendance,
    EventPage,
    EventSeriesPage,
    EventSession,
    Message,
    Registration,
    SeatPool,
)
from training_events.services import attendance, history, totals
from training_events.services.attendance import Tap
from training_events.views.door import DoorDeskView

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Of the class that is held on the date of the series.
CLASS = {"venue_name": "Nhà văn hóa thôn Mẫu 2"}


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    """A series with two dates of its own, yesterday and in six days, and somebody who is registered."""
    index = make_event_index(site)
    page = EventSeriesPage(title="Đợt tối", slug="dot", locale=index.locale, seats=9)
    start = timezone.now().replace(microsecond=0) - DAY
    page.sessions = [  # type: ignore[misc]
        EventSession(starts_at=begin, ends_at=begin + DAY / 8, sort_order=number)
        for number, begin in enumerate([start, start + 7 * DAY])
    ]
    index.add_child(instance=page)
    make_registration(page, now=timezone.now() - 9 * DAY, party_size=2, email="a@example.vn")
    return EventSeriesPage.objects.get()


def add_class(site: Site, series: EventSeriesPage, **fields: Any) -> EventPage:
    """Let an editor make the first date of ``series`` a class below it."""
    start = series.sessions.order_by("starts_at").first().starts_at
    one = EventPage(title="Lớp tối một", slug="lop", locale=series.locale, **{**CLASS, **fields})
    one.sessions = [EventSession(starts_at=start, ends_at=start + DAY / 8)]  # type: ignore[misc]
    series.add_child(instance=one)
    return EventPage.objects.get(pk=one.pk)


def tick(person: Any, key: uuid.UUID, user: User) -> None:
    attendance.check_in(
        person, key, Tap(uuid.uuid4().hex, timezone.now()), now=timezone.now(), by=history.staff(user)
    )


def test_residents_and_calendars_see_the_date_once(
    client: Client, site: Site, series: EventSeriesPage
) -> None:
    one = add_class(site, series)
    series = EventSeriesPage.objects.get()
    (taught,) = one.sessions.all()
    last = series.sessions.order_by("starts_at").last()
    keys = [taught.translation_key, last.translation_key]
    assert [row.translation_key for row in series.session_rows] == keys
    assert [entry.uid for entry in ics.entries(series)] == [str(key) for key in keys]
    assert client.get(series.url).content.decode().count(f'datetime="{taught.starts_at.date():%Y-%m-%d}') <= 2
    assert client.get("/lich-tap-huan.ics").content.count(b"BEGIN:VEVENT") == 2
    assert set(SeatPool.objects.get().schedule["sessions"]) == {str(key) for key in keys}


def test_nobody_is_told_that_a_date_became_a_class(site: Site, series: EventSeriesPage) -> None:
    # as it was stored while both were counted
    one = add_class(site, series, venue_name="")
    publish(EventSeriesPage.objects.get())
    assert not Message.objects.filter(occasion="event_moved").exists()
    publish(one, **CLASS)
    assert Message.objects.filter(occasion="event_moved").count() == 1


def test_a_class_that_is_cancelled_takes_the_date_along(site: Site, series: EventSeriesPage) -> None:
    first, second = series.session_rows
    one = add_class(site, series)
    publish(one, status="cancelled")
    series = EventSeriesPage.objects.get()
    assert series.starts_at == second.starts_at
    assert [row.note for row in series.session_rows] == ["đã hủy", ""]
    assert first.starts_at == series.session_rows[0].starts_at


def test_whoever_was_ticked_under_the_old_key_counts_and_can_be_taken_back(
    client: Client, site: Site, series: EventSeriesPage, admin_user: User
) -> None:
    ana, binh = Registration.objects.get().participants.all()
    old = series.session_rows[0].translation_key
    tick(ana, old, admin_user)
    one = add_class(site, series)
    new = one.sessions.get().translation_key
    tick(binh, new, admin_user)
    tick(ana, new, admin_user)
    client.force_login(admin_user)
    page = client.get(reverse("training_events_registrations", args=[series.pk]))
    assert [present for _row, present in page.context["sessions"]] == [2, 0]
    narrowed = client.get(page.request["PATH_INFO"], {"attendance": "present", "session": str(new)})
    assert narrowed.context["rows"].paginator.count == 1
    for page_of, key in ((series, old), (series, new), (one, new), (one, old)):
        address = reverse("training_events_door", args=[page_of.pk, key])
        assert client.get(address).context["counts"]["present"] == 2
    # a device that has the list under the old key
    sync = reverse("training_events_door_sync", args=[series.pk, old])
    actions = [
        {"key": f"undo-{number}-of-it", "kind": "undo", "person": str(person.key), "taps": taps}
        for number, (person, taps) in enumerate(
            (person, list(person.check_ins.values_list("key", flat=True))) for person in (ana, binh)
        )
    ]
    answer = client.post(sync, {"actions": actions, "known": "all"}, content_type="application/json").json()
    assert [row["state"] for row in answer["results"]] == ["done", "done"]
    assert answer["state"]["session"] == str(old)
    assert answer["state"]["counts"]["present"] == 0
    assert not Attendance.objects.exists()


def test_a_tap_that_arrived_before_the_class_was_made_may_come_again(
    site: Site, series: EventSeriesPage, admin_user: User
) -> None:
    person = Registration.objects.get().participants.first()
    old, tap = series.session_rows[0].translation_key, Tap("one-tap-of-a-device", timezone.now())
    by = history.staff(admin_user)
    attendance.check_in(person, old, tap, now=timezone.now(), by=by)
    new = add_class(site, series).sessions.get().translation_key
    keys = (new, old)
    again = attendance.check_in(person, keys, tap, now=timezone.now(), by=by)
    assert again is attendance.Outcome.KNOWN
    with pytest.raises(ValueError, match="another check-in"):
        attendance.check_in(person, new, tap, now=timezone.now(), by=by)


def test_figures_have_one_line_for_the_date(site: Site, series: EventSeriesPage, admin_user: User) -> None:
    ana, binh = Registration.objects.get().participants.all()
    old = series.session_rows[0].translation_key
    tick(ana, old, admin_user)
    new = add_class(site, series).sessions.get().translation_key
    tick(ana, new, admin_user)
    tick(binh, new, admin_user)
    pool = SeatPool.objects.get()

    def line() -> tuple[int, int, int]:
        found = report.build([pool], now=timezone.now())
        (rows,) = [one.rows for one in found.breakdowns if one.slug == "session"]
        (row,) = rows
        return row.counts.registered, row.counts.attended, row.counts.absent

    assert line() == (2, 2, 0)
    totals.replace_by_numbers(pool, Registration.objects.all(), now=timezone.now())
    assert line() == (2, 2, 0)
    # numbers that were stored before under the other key
    pool.totals.filter(dimension="session").update(value=str(old))
    assert line() == (2, 2, 0)


def test_the_door_asks_for_both_keys_without_more_queries_for_an_event_of_its_own(
    site: Site, rf: Any, admin_user: User, django_assert_num_queries: Any
) -> None:
    event = make_event(site)
    key = event.sessions.get().translation_key
    view = DoorDeskView(request=rf.get("/"), kwargs={"pk": event.pk, "session_key": key})
    view.request.user = admin_user
    assert view.event.specific.seat_pool
    with django_assert_num_queries(0):
        assert view.keys == (key,)
    assert door_list.head(view.desk, [])["session"] == str(key)
