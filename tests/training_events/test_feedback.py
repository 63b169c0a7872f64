"""Opinions: a signed link, no login, once, without names."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, make_registration
from training_events.letters import feedback_path
from training_events.models import EventPage, Feedback, Message, Registration
from training_events.services import delivery, reminders
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, days=-1)


@pytest.fixture
def row(event: EventPage) -> Registration:
    return make_registration(
        event, now=timezone.now() - 5 * DAY, name="Nguyễn Thị Hoa", email="hoa@example.vn"
    )


def test_the_thanks_lead_to_the_form(client: Client, row: Registration) -> None:
    Message.objects.all().delete()
    reminders.plan(now=timezone.now() + DAY / 2)
    delivery.send_due(now=timezone.now() + DAY / 2)
    (letter,) = mail.outbox
    assert letter.subject == "Cảm ơn anh/chị đã dự lớp: Dùng VNeID"
    assert f"http://localhost{feedback_path(row)}" in letter.body
    assert row.token not in letter.body, "the form for opinions is no way into the registration"
    page = client.get(feedback_path(row))
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    text = page.content.decode()
    assert text.count('type="radio"') == 5
    assert "checked" not in text
    assert "Hoa" not in text
    assert row.shown_code not in text


def test_an_opinion_is_kept_once(client: Client, row: Registration) -> None:
    address = feedback_path(row)
    assert client.post(address, {"score": "4", "text": "Rất dễ hiểu"}).status_code == 302
    client.post(address, {"score": "1"})
    one = Feedback.objects.get()
    assert (one.score, one.registration) == (4, row)
    page = client.get(address).content.decode()
    assert "Cảm ơn anh/chị đã góp ý" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("score", ["", "0", "6", "x", "9" * 50])
def test_a_mark_is_one_of_five(client: Client, row: Registration, score: str) -> None:
    page = client.post(feedback_path(row), {"score": score, "text": "Giữ lại chữ này"}).content.decode()
    assert "Giữ lại chữ này" in page
    assert not Feedback.objects.exists()


def test_only_the_link_itself_opens_the_form(client: Client, site: Site, row: Registration) -> None:
    address = feedback_path(row)
    make_office("da-kia.localhost", title="Xã Đa Kia")
    for wrong in (
        address[:-3] + "x/",
        "/dang-ky/gop-y/1/",
        f"/dang-ky/gop-y/{row.pk}:x/",
        "/dang-ky/gop-y/%00/",
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert client.get(address, headers={"host": "da-kia.localhost"}).status_code == 404


def test_nobody_judges_a_class_that_is_to_come_or_that_he_left(client: Client, site: Site) -> None:
    event = make_event(site, days=3)
    row = make_registration(event)
    assert client.get(feedback_path(row)).status_code == 404
    cancel(row, now=timezone.now())
    assert client.get(feedback_path(row)).status_code == 404


def test_the_slip_of_a_class_that_is_over_leads_to_the_form(client: Client, row: Registration) -> None:
    page = client.get(f"/dang-ky/xac-nhan/{row.token}/").content.decode()
    assert f'href="{feedback_path(row)}"' in page


def test_staff_see_marks_and_words_without_names(
    admin_client: Client, event: EventPage, row: Registration
) -> None:
    other = make_registration(event, now=timezone.now() - 5 * DAY)
    Feedback.objects.create(
        pool=row.pool, registration=row, score=5, text="<b>Tốt</b>", created_at=timezone.now()
    )
    Feedback.objects.create(pool=row.pool, registration=other, score=2, created_at=timezone.now())
    page = admin_client.get(f"/quan-tri/training-events/{event.pk}/opinions/").content.decode()
    assert "Trung bình: 3,5 trên 5" in page
    assert "&lt;b&gt;Tốt&lt;/b&gt;" in page
    assert "Hoa" not in page


def test_of_a_deleted_registration_the_mark_stays_without_words(row: Registration) -> None:
    Feedback.objects.create(
        pool=row.pool, registration=row, score=5, text="Tôi là Hoa", created_at=timezone.now()
    )
    Registration.objects.filter(pk=row.pk).delete()
    one = Feedback.objects.get()
    assert (one.score, one.text, one.registration) == (5, "", None)
