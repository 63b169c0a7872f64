"""A series none of whose classes takes place is off like a single class; its dates follow every change of a class."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import (
    DAY,
    make_event,
    make_event_index,
    make_event_series,
    make_registration,
    publish,
)
from training_events.availability import Kind
from training_events.models import EventPage, EventSeriesPage, Message, SeatPool

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    """Two classes, ten and seventeen days from now."""
    return make_event_series(site, days=(10, 17))


def classes() -> list[EventPage]:
    rows = EventPage.objects.child_of(EventSeriesPage.objects.get())
    return sorted(rows, key=lambda one: one.title)


def turn_off(*statuses: str) -> None:
    for one, status in zip(classes(), statuses, strict=True):
        publish(one, status=status)
    cache.clear()


def last_news() -> str:
    return (
        Message.objects.exclude(state=Message.State.DROPPED)
        .order_by("-pk")
        .values_list("occasion", flat=True)[0]
    )


def test_it_reads_as_cancelled_wherever_residents_meet_it(client: Client, series: EventSeriesPage) -> None:
    row = make_registration(series)
    turn_off("cancelled", "cancelled")
    assert EventSeriesPage.objects.get().availability().kind is Kind.CANCELLED
    assert last_news() == "event_cancelled"
    page = client.get(series.url).content.decode()
    assert f'href="/dang-ky/{series.pk}/"' not in page
    assert "Lớp này không tổ chức nữa" in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert "https://schema.org/EventCancelled" in json.dumps(data)
    (card,) = client.get("/tap-huan/").context["listing"].cards
    assert (card.title, card.badge_text) == ("Đợt bán hàng", "Đã hủy")
    assert client.get("/").context["front"].events == []
    month = timezone.localtime(classes()[0].starts_at)
    shown = client.get(f"/tap-huan/lich/?thang={month:%Y-%m}").context["month"]
    notes = {one.note for week in shown.weeks for day in week for one in day.sittings}
    assert notes == {"Đã hủy"}
    assert client.get(f"/dang-ky/{series.pk}/lich.ics").content.count(b"STATUS:CANCELLED") == 2
    assert "không tổ chức" in client.get(f"/dang-ky/{series.pk}/").content.decode()
    assert "Lớp này không tổ chức nữa" in client.get(f"/dang-ky/xac-nhan/{row.token}/").content.decode()


def test_a_class_that_takes_place_after_all_opens_it_again(series: EventSeriesPage) -> None:
    make_registration(series)
    turn_off("cancelled", "cancelled")
    Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.SENT)
    publish(classes()[1], status="scheduled")
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.status, pool.starts_at) == ("scheduled", classes()[1].starts_at)
    assert EventSeriesPage.objects.get().availability().can_register


def test_without_its_cancelled_classes_it_is_not_open_again_until_there_is_a_date(
    site: Site, series: EventSeriesPage
) -> None:
    make_registration(series)
    turn_off("cancelled", "cancelled")
    Message.objects.update(state=Message.State.TOLD)
    for one in classes():
        one.delete()
    publish(EventSeriesPage.objects.get())
    assert EventSeriesPage.objects.get().availability().kind is Kind.CANCELLED
    assert not Message.objects.filter(state=Message.State.QUEUED).exists()
    make_event(site, "Lớp mới", days=30).move(EventSeriesPage.objects.get(), "last-child")
    assert EventSeriesPage.objects.get().availability().can_register


def test_one_that_waits_for_a_new_date_postpones_it(client: Client, series: EventSeriesPage) -> None:
    make_registration(series)
    turn_off("cancelled", "postponed")
    page = EventSeriesPage.objects.get()
    assert (page.availability().kind, page.starts_at, page.ends_at) == (Kind.POSTPONED, None, None)
    assert last_news() == "event_postponed"
    html = client.get(series.url).content.decode()
    assert "Sẽ báo ngày học sau" in html
    (card,) = client.get("/tap-huan/").context["listing"].cards
    assert (card.date, card.badge_text) == (None, "Đã hoãn")


def test_a_date_of_its_own_keeps_it_open(series: EventSeriesPage) -> None:
    own = series.sessions.model(starts_at=timezone.now() + 40 * DAY, ends_at=timezone.now() + 41 * DAY)
    publish(series, sessions=[own])
    turn_off("cancelled", "cancelled")
    page = EventSeriesPage.objects.get()
    assert page.availability().can_register
    assert page.starts_at == page.sessions.get().starts_at


def _cancel(one: EventPage, _site: Site) -> None:
    publish(one, status="cancelled")


def _postpone(one: EventPage, _site: Site) -> None:
    publish(one, status="postponed")


def _delete(one: EventPage, _site: Site) -> None:
    one.delete()


def _take_down(one: EventPage, _site: Site) -> None:
    one.unpublish()


def _move_out(one: EventPage, site: Site) -> None:
    one.move(make_event_index(site), "last-child")


@pytest.mark.parametrize("change", [_cancel, _postpone, _delete, _take_down, _move_out])
def test_its_dates_follow_what_becomes_of_a_class(
    site: Site, series: EventSeriesPage, change: Callable[[EventPage, Site], Any]
) -> None:
    first, second = classes()
    change(first, site)
    pool = SeatPool.objects.get(event_key=series.translation_key)
    for holder in (EventSeriesPage.objects.get(), pool):
        assert (holder.starts_at, holder.ends_at) == (second.starts_at, second.ends_at)
    on = [row[0] for row in pool.schedule["sessions"].values() if row[3] == "scheduled"]
    assert on == [second.starts_at.isoformat()]


def test_its_dates_follow_a_class_that_is_moved_to_another_day(series: EventSeriesPage) -> None:
    first, second = classes()
    session = first.sessions.get()
    session.starts_at, session.ends_at = session.starts_at + 60 * DAY, session.ends_at + 60 * DAY
    publish(first, sessions=[session])
    pool = SeatPool.objects.get(event_key=series.translation_key)
    for holder in (EventSeriesPage.objects.get(), pool):
        assert (holder.starts_at, holder.ends_at) == (second.starts_at, session.ends_at)
