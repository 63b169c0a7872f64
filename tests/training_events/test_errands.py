"""What waits for staff over all classes, and what tells that the server's jobs stand still."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Site

from home.today import today_for
from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, make_registration, publish
from tests.training_events.test_staff_phone import clerk
from training_events.models import EventPage, JobRun, Message, PersonalDataAccess, SeatPool
from training_events.services import delivery, health

pytestmark = pytest.mark.django_db
CALLS = "/quan-tri/training-events/calls/"
LATER = datetime.timedelta(minutes=11)


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def move(event: EventPage, place: str) -> None:
    publish(EventPage.objects.get(pk=event.pk), venue_name=place)
    delivery.send_due(now=timezone.now() + LATER)


def test_one_page_of_all_calls_with_the_number_the_words_and_a_button(site: Site) -> None:
    title = "Nộp hồ sơ trực tuyến trên Cổng Dịch vụ công quốc gia cho hộ kinh doanh mới, lớp"
    events = [make_event(site, f"{title} {number}", days=10 + number) for number in range(2)]
    rows = [
        make_registration(event, name=f"Người {number}", phone=f"+8491234567{number}")
        for number, event in enumerate(events)
    ]
    foreign = make_event(make_office("da-kia.localhost", title="Xã Đa Kia"), "Lớp của họ")
    make_registration(foreign, name="Người Kia")
    delivery.send_due(now=timezone.now())
    for event in (*events, foreign):
        move(event, "Hội trường xã")
    move(events[0], "Nhà văn hóa thôn Mẫu 9")
    browser = clerk(site)
    page = browser.get(CALLS).content.decode()
    assert page.count("Đã gọi báo") == 2, "of two changes of one class only what holds"
    for words in (
        "Người 0",
        "0912 345 670",
        "ĐỔI ĐỊA ĐIỂM: Nhà văn hóa thôn Mẫu 9",
        "Người 1",
        "Hội trường xã",
    ):
        assert words in page, words
    assert page.count(events[0].title) >= 2, (
        "beside the words and in them: what is read out is not cut as a text message is"
    )
    assert "Người Kia" not in page
    assert PersonalDataAccess.objects.filter(detail="calls").count() == 2, "each class is a look"
    message = Message.objects.filter(registration=rows[0], occasion="event_moved").latest("pk")
    assert browser.post(CALLS, {"message": message.pk}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.told_by) == ("told", User.objects.get().username)
    assert "Người 0" not in browser.get(CALLS).content.decode()
    other = Message.objects.filter(registration__pool__event_key=foreign.translation_key).latest("pk")
    assert browser.post(CALLS, {"message": other.pk}).status_code == 404
    SeatPool.objects.update(starts_at=timezone.now() - 2 * DAY, ends_at=timezone.now() - DAY)
    assert "Không có ai cần gọi" in browser.get(CALLS).content.decode()
    assert Client().get(CALLS).status_code == 302


def test_the_first_page_says_how_many_calls_and_approvals_wait_and_where(site: Site) -> None:
    event = make_event(site, "Lớp duyệt", approval=True)
    make_registration(event)
    make_registration(event)
    delivery.send_due(now=timezone.now())
    browser = clerk(site)
    user = User.objects.get()
    day = today_for(user, timezone.now())
    assert (day.calls, [(one.title, one.count) for one in day.approvals]) == ([], [("Lớp duyệt", 2)])
    move(event, "Hội trường xã")
    page = browser.get("/quan-tri/").content.decode()
    assert "2 cuộc gọi cần thực hiện" in page
    assert f"/training-events/{event.pk}/registrations/?status=pending" in page
    assert "Máy chủ cần được kiểm tra" not in page, "that is for administrators"
    assert browser.get(day.approvals[0].url).status_code == 200
    stranger = clerk(make_office("da-kia.localhost", title="Xã Đa Kia"))
    assert "cuộc gọi cần" not in stranger.get("/quan-tri/").content.decode()


def test_monitors_and_administrators_hear_of_jobs_that_stand_still(
    site: Site, client: Client, admin_client: Client
) -> None:
    assert client.get("/healthz/jobs").status_code == 503, "never run"
    call_command("send_messages", verbosity=0)
    call_command("purge_registrations", verbosity=0, dry_run=True)
    assert b"Personal data have never been deleted" in client.get("/healthz/jobs").content
    call_command("purge_registrations", verbosity=0)
    answer = client.get("/healthz/jobs")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert "Máy chủ cần được kiểm tra" not in admin_client.get("/quan-tri/").content.decode()
    row = make_registration(make_event(site), name="Điểu Thị Lạ")
    Message.objects.update(created_at=timezone.now() - DAY, attempts=3)
    JobRun.objects.filter(name=health.MESSAGES).update(finished_at=timezone.now() - DAY)
    answer = client.get("/healthz/jobs")
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "Messages were last looked after" in text
    assert "oldest message" in text
    assert row.contact_name not in text
    page = admin_client.get("/quan-tri/").content.decode()
    assert "Lần gửi tin báo gần nhất" in page
    Message.objects.update(state="failed", finished_at=timezone.now())
    with translation.override("vi"):
        assert "1 tin báo trong 7 ngày qua không gửi được." in health.troubles(now=timezone.now())


def test_the_page_of_calls_costs_the_same_for_two_and_for_twenty(
    site: Site, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    browser = clerk(site)
    for number in range(3):
        event = make_event(site, f"Lớp {number}")
        for _row in range(4):
            make_registration(event)
        move(event, "Hội trường xã")
    browser.get(CALLS)
    with django_assert_max_num_queries(60):
        browser.get(CALLS)
