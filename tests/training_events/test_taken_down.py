"""Pages that are taken down, deleted or moved to another office, and the people who registered on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_locale, make_office
from tests.factories.training_events import (
    DAY,
    make_event,
    make_event_index,
    make_event_series,
    make_registration,
    publish,
    registration_data,
)
from training_events.availability import Kind
from training_events.models import EventIndexPage, EventPage, EventSeriesPage, RetentionSettings, SeatPool
from training_events.services import change, history
from training_events.services.registration import RegistrationRefused, cancel, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]


#: The office of this module (fixture ``site``).
OFFICE = {"phone": "02713 777 888"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, "Lớp gỡ xuống", seats=1)


def slip(client: Client, row: Any, **headers: str) -> Any:
    return client.get(f"/dang-ky/xac-nhan/{row.token}/", headers=headers)


def test_an_event_that_is_not_published_takes_nobody_and_moves_nobody_up(event: EventPage) -> None:
    first, second = make_registration(event), make_registration(event)
    event.unpublish()
    pool = SeatPool.objects.get()
    for by in (history.HOLDER, history.staff(None, "gọi điện")):
        with pytest.raises(RegistrationRefused) as refusal:
            register(pool, registration_data(), now=timezone.now(), by=by)
        assert refusal.value.state.kind is Kind.WITHDRAWN
    cancel(first, now=timezone.now())
    second.refresh_from_db()
    assert second.is_waiting
    publish(EventPage.objects.get())
    second.refresh_from_db()
    assert second.is_confirmed
    assert EventPage.objects.get().availability().kind is Kind.WAITING


@pytest.mark.any_database
def test_the_slip_of_a_page_that_was_taken_down_opens_and_says_so(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    assert "đã được gỡ xuống" not in slip(client, row).content.decode()
    event.unpublish()
    page = slip(client, row).content.decode()
    assert "Trang của lớp này đã được gỡ xuống" in page
    assert "02713" in page
    assert "Lớp gỡ xuống" in page
    for path in ("sua", "huy"):
        assert client.get(f"/dang-ky/xac-nhan/{row.token}/{path}/").status_code == 200, path
    change.change(row, {"contact_name": "Tên Khác"}, version=row.version, now=timezone.now())
    assert client.post(f"/dang-ky/xac-nhan/{row.token}/huy/").status_code == 302
    assert "đã được gỡ xuống" not in slip(client, row).content.decode()


@pytest.mark.any_database
def test_the_slip_of_a_deleted_page_opens_as_well(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    event.delete()
    assert not SeatPool.objects.get().is_published
    assert "Trang của lớp này đã được gỡ xuống" in slip(client, row).content.decode()


@pytest.mark.any_database
def test_a_page_that_is_over_or_cancelled_says_that_instead(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    event = publish(event, status="cancelled")
    event.unpublish()
    assert "đã được gỡ xuống" not in slip(client, row).content.decode()


def test_a_translation_that_is_still_published_keeps_the_registration_open(site: Site) -> None:
    make_locale("en")
    event = make_event(site, seats=3)
    make_event_index(site).copy_for_translation(make_locale("en"), copy_parents=True)
    english = event.copy_for_translation(make_locale("en"))
    english.save_revision().publish()
    event.unpublish()
    assert SeatPool.objects.get().is_published
    EventPage.objects.get(pk=english.pk).unpublish()
    assert not SeatPool.objects.get().is_published


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    return make_event_series(site, "Đợt", days=(7, 14))


def test_the_classes_of_a_series_that_was_taken_down_offer_no_registration(
    client: Client, series: EventSeriesPage
) -> None:
    one = EventPage.objects.child_of(series).first()
    assert f"/dang-ky/{one.pk}/" in client.get(one.url).content.decode()
    series.unpublish()
    page = client.get(one.url).content.decode()
    assert f'"/dang-ky/{one.pk}/"' not in page
    assert "Hiện chưa nhận đăng ký" in page
    publish(EventSeriesPage.objects.get())
    assert EventPage.objects.get(pk=one.pk).availability().can_register


def test_a_class_that_is_deleted_leaves_the_dates_of_its_series(series: EventSeriesPage) -> None:
    first, second = EventPage.objects.child_of(series).order_by("starts_at")
    second.delete()
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert (pool.ends_at, len(pool.schedule["sessions"])) == (first.ends_at, 1)
    EventSeriesPage.objects.get().delete()
    pool.refresh_from_db()
    assert not pool.is_published


@pytest.mark.parametrize("whole", [True, False])
def test_slips_follow_an_event_or_a_whole_calendar_to_another_office(
    client: Client, site: Site, series: EventSeriesPage, whole: bool
) -> None:
    other = make_office("xa-khac.localhost")
    RetentionSettings.objects.create(site=other, keep_days=9)
    hidden = make_event(site, "Bản đã gỡ")
    lost = make_registration(hidden)
    hidden.unpublish()
    event = make_event(site, "Chuyển đi")
    row, in_series = make_registration(event), make_registration(series)
    if whole:
        EventIndexPage.objects.get().move(other.root_page.specific, "last-child")
        moved, stays = [row, in_series, lost], []
    else:
        event.move(make_event_index(other), "last-child")
        moved, stays = [row], [in_series, lost]
    for one in moved:
        assert slip(client, one, host="xa-khac.localhost").status_code == 200
        assert slip(client, one, host="localhost").status_code == 404
    for one in stays:
        assert slip(client, one, host="localhost").status_code == 200
    row.refresh_from_db()
    end = SeatPool.objects.get(event_key=event.translation_key).ends_at
    assert row.keep_until == timezone.localtime(end).date() + 9 * DAY
