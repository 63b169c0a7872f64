"""A series: several classes, one registration, one pool of seats."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import (
    DAY,
    make_event,
    make_event_index,
    make_event_series,
    make_registration,
    publish,
)
from training_events.models import EventPage, EventSeriesPage, SeatPool
from training_events.services import change, pools

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    """Three seats for two classes, ten and seventeen days from now."""
    return make_event_series(site, "Đợt tập huấn bán hàng", days=(10, 17), seats=99)


def test_the_classes_share_one_pool_and_their_dates_are_those_of_the_series(series: EventSeriesPage) -> None:
    first, second = EventPage.objects.child_of(series).order_by("starts_at")
    assert (first.seats_key, second.seats_key) == (series.translation_key, series.translation_key)
    assert (series.starts_at, series.ends_at) == (first.starts_at, second.ends_at)
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.capacity, pool.starts_at, pool.ends_at) == (3, first.starts_at, second.ends_at)
    make_registration(first, party_size=2)
    assert SeatPool.objects.get(event_key=series.translation_key).taken == 2
    assert second.availability().label == "Còn 1 chỗ"
    assert [row.starts_at for row in series.session_rows] == [first.starts_at, second.starts_at]


def test_publishing_a_class_does_not_overwrite_the_rules_of_the_series(series: EventSeriesPage) -> None:
    one = EventPage.objects.child_of(series).first()
    session = one.sessions.get()
    session.ends_at = session.ends_at + 30 * DAY
    one.sessions = [session]
    one.save_revision().publish()
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.capacity, pool.title) == (3, "Đợt tập huấn bán hàng")
    assert pool.ends_at == session.ends_at


def test_the_form_of_a_class_is_that_of_the_series(client: Client, series: EventSeriesPage) -> None:
    one = EventPage.objects.child_of(series).first()
    assert "Lớp này thuộc một đợt tập huấn" in text_of(client.get(one.url))
    assert client.get(f"/dang-ky/{one.pk}/")["Location"] == f"/dang-ky/{series.pk}/"
    page = text_of(client.get(f"/dang-ky/{series.pk}/"))
    assert "Đợt tập huấn bán hàng" in page
    slip = make_registration(one)
    page = text_of(client.get(f"/dang-ky/xac-nhan/{slip.token}/"))
    assert page.count("<br>") >= 1
    assert "Đợt tập huấn bán hàng" in page


def test_the_page_of_the_series_shows_its_classes(
    client: Client, series: EventSeriesPage, django_assert_max_num_queries: Any
) -> None:
    client.get(series.url)
    with django_assert_max_num_queries(20):
        page = text_of(client.get(series.url))
    for title in ("Lớp 1", "Lớp 2", "Anh/chị chỉ cần đăng ký một lần"):
        assert title in page
    assert f'href="/dang-ky/{series.pk}/"' in page


def test_lists_show_a_series_once_and_a_class_only_where_its_series_is_not(
    client: Client, site: Site, series: EventSeriesPage
) -> None:
    alone = make_event(site, "Lớp riêng", days=12)
    place = make_place()
    one = EventPage.objects.child_of(series).last()
    one.places = [place]
    one.save_revision().publish()

    def titles(path: str) -> list[str]:
        return [card.title for card in client.get(path).context["listing"].cards]

    assert titles("/tap-huan/") == [series.title, alone.title]
    month = timezone.localtime(series.starts_at)
    assert titles(f"/tap-huan/?thang={month:%Y-%m}")[0] == series.title
    assert titles(f"/tap-huan/?dia-ban={place.slug}") == [one.title]
    assert [card.title for card in client.get("/").context["front"].events] == [series.title, alone.title]


def test_one_class_may_be_cancelled_and_leaves_when_taken_down(series: EventSeriesPage) -> None:
    first, second = EventPage.objects.child_of(series).order_by("starts_at")
    second.status = "cancelled"
    second.save_revision().publish()
    assert EventPage.objects.get(pk=second.pk).availability().label == "Đã hủy"
    assert first.availability().can_register
    second.refresh_from_db()
    second.unpublish()
    assert EventSeriesPage.objects.get().ends_at == first.ends_at


def test_a_class_that_leaves_the_series_has_its_own_seats_again(site: Site, series: EventSeriesPage) -> None:
    one = EventPage.objects.child_of(series).first()
    one.move(make_event_index(site), "last-child")
    one = EventPage.objects.get(pk=one.pk)
    assert one.seats_key == one.translation_key
    assert pools.ensure_pool(one).capacity == 99


def test_a_class_with_registrations_of_its_own_stays_out(
    client: Client, site: Site, series: EventSeriesPage, admin_user: User
) -> None:
    event = make_event(site, "Riêng")
    row = make_registration(event)
    client.force_login(admin_user)
    client.post(f"/quan-tri/pages/{event.pk}/move/{series.pk}/confirm/")
    assert EventPage.objects.get(pk=event.pk).seats_key == event.translation_key
    row.pool.refresh_from_db()
    assert row.pool.taken == 1
    empty = make_event(site, "Trống")
    client.post(f"/quan-tri/pages/{empty.pk}/move/{series.pk}/confirm/")
    assert EventPage.objects.get(pk=empty.pk).seats_key == series.translation_key


def test_staff_see_the_registrations_of_the_series_on_each_class(
    client: Client, series: EventSeriesPage, admin_user: User
) -> None:
    one = EventPage.objects.child_of(series).first()
    make_registration(one, name="Đặng Thị Hoa")
    client.force_login(admin_user)
    for page in (one, series):
        assert "Đặng Thị Hoa" in text_of(client.get(f"/quan-tri/training-events/{page.pk}/registrations/"))
    assert timezone.now() < series.starts_at


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_class_that_does_not_take_place_neither_begins_nor_ends_the_series(
    client: Client, series: EventSeriesPage, status: str
) -> None:
    first, second = EventPage.objects.child_of(series).order_by("starts_at")
    row, planned = make_registration(first), first.starts_at
    publish(first, status=status)
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.starts_at, pool.ends_at) == (second.starts_at, second.ends_at)
    assert EventSeriesPage.objects.get().starts_at == second.starts_at
    # between the hour of the first class and that of the second, people still register, change and cancel
    between = planned + DAY
    assert EventSeriesPage.objects.get().availability(between).can_register
    change.change(row, {"contact_name": "Tên Khác"}, version=row.version, now=between)
    word = {"cancelled": "đã hủy", "postponed": "tạm hoãn"}[status]
    for path in (series.url, f"/dang-ky/xac-nhan/{row.token}/"):
        assert text_of(client.get(path)).count(f"({word})") == 1, path
    publish(EventPage.objects.get(pk=first.pk), status="scheduled")
    assert SeatPool.objects.get(event_key=series.translation_key).starts_at == planned


def test_a_series_of_cancelled_classes_only_keeps_their_dates(series: EventSeriesPage) -> None:
    first, second = EventPage.objects.child_of(series).order_by("starts_at")
    for one in (first, second):
        publish(one, status="cancelled")
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.starts_at, pool.ends_at) == (first.starts_at, second.ends_at)


def test_staff_see_which_session_does_not_take_place(
    client: Client, series: EventSeriesPage, admin_user: User
) -> None:
    first, _second = EventPage.objects.child_of(series).order_by("starts_at")
    publish(first, status="cancelled")
    client.force_login(admin_user)
    page = text_of(client.get(f"/quan-tri/training-events/{series.pk}/registrations/"))
    assert page.count("(đã hủy)") == 1
    key = first.sessions.get().translation_key
    assert "(đã hủy)" in text_of(client.get(reverse("training_events_door", args=[series.pk, key])))
