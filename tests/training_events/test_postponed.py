"""A class that is postponed has no date: nothing begins, ends or is deleted on the day for which it was planned."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events import letters, retention
from training_events.availability import Kind, availability
from training_events.figures import report
from training_events.figures.periods import Period
from training_events.models import (
    Answer,
    EventPage,
    EventSeriesPage,
    Message,
    QuestionKind,
    Registration,
    SeatPool,
)
from training_events.services import change, delivery, pools, purge, reminders
from training_events.services.party import AnswerData
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def shirt(keep_days: int | None = 3) -> AnswerData:
    return AnswerData(uuid.uuid4(), QuestionKind.TEXT, "Cỡ áo?", "L", "L", "", keep_days)


@pytest.fixture
def row(site: Site) -> Registration:
    """Registered for a class of the day before yesterday, which was postponed in time; kept for five days."""
    event = make_event(site, "Lớp hoãn", days=-2, keep_days=5, seats=1, keep_contact_days=1)
    row = make_registration(event, now=timezone.now() - 4 * DAY, email="a@example.vn", answers=(shirt(),))
    publish(EventPage.objects.get(pk=event.pk), status="postponed")
    row.refresh_from_db()
    return row


def event() -> EventPage:
    return EventPage.objects.get()


def move_to(days: float, **fields: Any) -> EventPage:
    page = event()
    sessions = list(page.sessions.all())
    for one in sessions:
        one.starts_at = timezone.now() + days * DAY
        one.ends_at = one.starts_at + DAY / 8
    return publish(page, sessions=sessions, status="scheduled", **fields)


def slip(client: Client, row: Registration) -> str:
    return client.get(f"/dang-ky/xac-nhan/{row.token}/").content.decode()


def quiet(_line: str) -> None:
    """Say nothing."""


@pytest.mark.any_database
def test_the_slip_says_that_the_seat_is_kept_and_may_be_changed_and_cancelled(
    client: Client, row: Registration
) -> None:
    page = slip(client, row)
    assert "chỗ của anh/chị vẫn được giữ" in page
    assert "Lớp đã kết thúc" not in page
    assert "(tạm hoãn)" in page
    assert f"/dang-ky/xac-nhan/{row.token}/huy/" in page
    change.change(row, {"contact_name": "Tên Khác"}, version=row.version, now=timezone.now())
    assert client.post(f"/dang-ky/xac-nhan/{row.token}/huy/").status_code == 302
    row.refresh_from_db()
    assert row.is_cancelled


@pytest.mark.any_database
def test_a_registration_on_the_waiting_list_is_told_that_it_keeps_its_place(
    client: Client, site: Site
) -> None:
    page = make_event(site, seats=0)
    waits = make_registration(page)
    publish(page, status="postponed")
    found = slip(client, waits)
    assert "anh/chị vẫn giữ thứ tự trong danh sách chờ" in found
    assert "không xếp thêm" not in found.lower()


def test_it_is_listed_as_coming_without_a_date_and_not_among_past_classes(
    client: Client, row: Registration
) -> None:
    (card,) = client.get("/tap-huan/").context["listing"].cards
    assert (card.title, card.date) == ("Lớp hoãn", None)
    assert "Đã hoãn" in client.get("/tap-huan/").content.decode()
    assert client.get("/tap-huan/da-qua/").context["listing"].cards == []
    then = timezone.localtime(timezone.now() - 2 * DAY)
    month = client.get(f"/tap-huan/lich/?thang={then:%Y-%m}").context["month"]
    (sitting,) = [one for week in month.weeks for day in week for one in day.sittings]
    assert sitting.note == "Đã hoãn"
    page = client.get(event().url).content.decode()
    assert "Sẽ báo ngày học sau" in page
    assert event().get_structured_data(None)["startDate"]  # type: ignore[arg-type] # nothing of the request is read


@pytest.mark.any_database
def test_the_old_rule_of_the_end_comes_after_that_it_is_postponed() -> None:
    past = timezone.now() - DAY
    pool = SeatPool(status="postponed", starts_at=past, ends_at=past)
    assert availability(pool, timezone.now()).kind is Kind.POSTPONED


def test_nothing_is_deleted_until_there_is_a_new_date_but_nothing_is_kept_for_ever(row: Registration) -> None:
    now = timezone.now()
    done = purge.purge(now=now + 200 * DAY, say=quiet)
    assert done == purge.Purged()
    row.refresh_from_db()
    assert (row.phone, row.answers.count()) != ("", 0)
    end = now + (retention.POSTPONED_DAYS + 1) * DAY
    # publishing it again for another reason does not begin a new year
    publish(event(), intro="Đang xếp lịch mới.")
    assert purge.purge(now=end, say=quiet).registrations == 1


def test_with_its_new_date_it_is_kept_as_any_other(row: Registration) -> None:
    move_to(20)
    row.refresh_from_db()
    day = timezone.localtime(SeatPool.objects.get().ends_at).date()
    assert row.keep_until == day + 5 * DAY
    assert Answer.objects.get().keep_until == day + 3 * DAY


@pytest.mark.any_database
def test_those_who_wait_for_a_date_are_told_that_there_is_none_and_may_look_it_up(
    client: Client, row: Registration
) -> None:
    delivery.send_due(now=timezone.now() + DAY)
    publish(event(), status="cancelled")
    row.refresh_from_db()
    assert row.keep_until >= timezone.localdate() + 7 * DAY
    assert Message.objects.filter(registration=row).order_by("-pk").first().occasion == "event_cancelled"
    assert "Lớp này không tổ chức nữa" in slip(client, row)


def test_neither_reminders_nor_thanks_speak_of_the_old_date(site: Site) -> None:
    page = make_event(site, days=0.5)
    make_registration(page, now=timezone.now() - 4 * DAY)
    publish(page, status="postponed")
    for hours in (1, 10, 20, 30, 50):
        assert reminders.plan(now=timezone.now() + datetime.timedelta(hours=hours)) == 0


@pytest.mark.any_database
def test_messages_about_something_else_name_no_date(row: Registration) -> None:
    change.change(row, {"contact_name": "Tên Khác"}, version=row.version, now=timezone.now())
    message = Message.objects.get(occasion="changed")
    assert [label for label, _value in letters.write(message).facts] == ["Mã đăng ký", "Lớp", "Số người"]


def test_the_figures_count_it_in_the_month_for_which_it_was_planned(site: Site, row: Registration) -> None:
    day = timezone.localtime(timezone.now() - 2 * DAY).date()
    found = report.pools_of([site], Period("", day, day + DAY, ""))
    assert [pool.status for pool in found] == ["postponed"]
    assert not report.pools_of([site], Period("", day + 5 * DAY, day + 6 * DAY, ""))


def test_seats_freed_while_it_is_postponed_go_to_those_who_wait_with_the_new_date(site: Site) -> None:
    page = make_event(site, seats=1)
    first, second = make_registration(page), make_registration(page)
    publish(page, status="postponed")
    cancel(first, now=timezone.now())
    second.refresh_from_db()
    assert second.is_waiting
    move_to(20)
    second.refresh_from_db()
    assert second.is_confirmed


def test_the_classes_of_a_postponed_series_are_not_past(client: Client, site: Site) -> None:
    index = make_event_index(site)
    series = EventSeriesPage(title="Đợt hoãn", slug="dot", locale=index.locale, seats=3)
    index.add_child(instance=series)
    one = make_event(site, "Lớp trong đợt", days=-2)
    one.move(series, "last-child")
    assert [card.title for card in client.get("/tap-huan/da-qua/").context["listing"].cards] == ["Đợt hoãn"]
    publish(EventSeriesPage.objects.get(), status="postponed")
    assert client.get("/tap-huan/da-qua/").context["listing"].cards == []
    assert [card.title for card in client.get("/tap-huan/").context["listing"].cards] == ["Đợt hoãn"]
    assert pools.ensure_pool(EventPage.objects.get(pk=one.pk)).ends_at is None
