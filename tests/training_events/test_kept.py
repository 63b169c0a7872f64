"""What residents read about their data follows the rules in force: the event's, the office's, else 90 days."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from core import dates
from tests.factories.core import make_office
from tests.factories.training_events import make_event, make_registration, publish
from training_events.models import EventPage, Question, RetentionSettings

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu", "phone": "0271 3555 999"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site)


def url(event: EventPage) -> str:
    return f"/dang-ky/{event.pk}/du-lieu-ca-nhan/"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def day_after(event: EventPage, days: int) -> str:
    assert event.ends_at
    return dates.date_label(timezone.localtime(event.ends_at).date() + datetime.timedelta(days=days))


def test_the_day_is_the_events_else_the_offices_else_after_90_days(
    client: Client, site: Site, event: EventPage
) -> None:
    page = read(client, url(event))
    assert f"hết ngày {day_after(event, 90)} (90 ngày sau buổi cuối)" in page
    assert event.title in page
    RetentionSettings.objects.create(site=site, keep_days=30, keep_contact_days=5)
    page = read(client, url(event))
    assert f"hết ngày {day_after(event, 30)} (30 ngày sau buổi cuối)" in page
    assert f"chỉ lưu đến hết ngày {day_after(event, 5)}" in page
    publish(event, keep_days=7, keep_contact_days=7)
    page = read(client, url(event))
    assert f"hết ngày {day_after(event, 7)} (7 ngày sau buổi cuối)" in page
    assert "được xóa sớm hơn" not in page


def test_a_class_without_a_date_counts_from_registering(client: Client, site: Site) -> None:
    assert "90 ngày kể từ ngày đăng ký" in read(client, url(make_event(site, sessions=0)))


def test_the_page_in_general_names_the_offices_rule_and_whom_to_call(client: Client, site: Site) -> None:
    RetentionSettings.objects.create(site=site, keep_days=30)
    response = client.get("/dang-ky/du-lieu-ca-nhan/")
    page = response.content.decode()
    assert "lưu 30 ngày sau buổi cuối" in page
    assert "Lưu 5 năm." in page
    assert "giữ 12 tháng" in page
    assert "0271 3555 999" in page
    assert 'href="/dang-ky/tra-cuu/"' in page
    assert '<link rel="canonical" href="http://testserver/dang-ky/du-lieu-ca-nhan/">' in page
    assert 'content="noindex"' in page
    assert response["Cache-Control"] == "public, max-age=60"


def test_the_events_own_questions_are_listed_with_reason_and_day(client: Client, event: EventPage) -> None:
    asked = Question(
        label="Anh/chị có dị ứng gì?", sensitive="health", reason="Để chuẩn bị bữa trưa.", keep_days=3
    )
    event.questions = [asked, Question(label="Cỡ áo?", required=True)]  # type: ignore[misc]
    event = publish(event, ask_birth_year=False)
    page = read(client, url(event))
    assert "Anh/chị có dị ứng gì?" in page
    assert "Dữ liệu nhạy cảm. Để chuẩn bị bữa trưa. Có thể để trống." in page
    assert f"Lưu đến hết ngày {day_after(event, 3)}." in page
    assert "Cỡ áo?" in page
    # what this class does not ask is not on its page
    assert "Năm sinh" not in page
    assert "mã số thuế" not in page


def test_form_and_slip_lead_here(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    for address in (f"/dang-ky/{event.pk}/", f"/dang-ky/xac-nhan/{row.token}/"):
        assert f'href="{url(event)}"' in read(client, address)
    EventPage.objects.get(pk=event.pk).unpublish()
    assert 'href="/dang-ky/du-lieu-ca-nhan/"' in read(client, f"/dang-ky/xac-nhan/{row.token}/")


def test_only_the_office_that_takes_the_registrations_answers(client: Client, event: EventPage) -> None:
    other = make_office("khac.localhost", organisation_name="UBND xã Khác")
    there = make_event(other)
    assert client.get(url(there)).status_code == 404
    assert client.get(url(event), headers={"host": "khac.localhost"}).status_code == 404
    assert client.get(url(there), headers={"host": "khac.localhost"}).status_code == 200
    publish(there).unpublish()
    assert client.get(url(there), headers={"host": "khac.localhost"}).status_code == 404
