"""Changing a registration after the class has begun, without a phone, past an attendance, past a question that was turned."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import DAY, make_event, make_registration, publish
from tests.training_events.test_change import form_of, people, text_of, url
from tests.training_events.test_staff_phone import change_path, clerk
from training_events.models import Attendance, Message, Question, Registration, SeatPool
from training_events.services import bulk, change, history
from training_events.services.party import PersonData

pytestmark = pytest.mark.django_db


def begun() -> None:
    SeatPool.objects.update(starts_at=timezone.now() - DAY / 24)


def test_clerks_correct_names_after_the_class_has_begun_and_nothing_else(site: Site) -> None:
    event = make_event(site, max_party=3)
    row = make_registration(event, party_size=2, name="Nguyen Van An")
    begun()
    client = clerk(site)
    sent = form_of(row, **{"name": "Nguyễn Văn Ân", "p1-name": "Nguyễn Văn Ân", "p2-name": "Lê Thị Mai"})
    for wrong in (
        {"phone": "0987 654 321"},
        {"place": str(make_place().pk)},
        {"add": "1"},
        {"p2-gone": "on"},
    ):
        page = text_of(client.post(change_path(event, row), sent | wrong))
        assert "chỉ còn sửa được họ tên" in page, wrong
        assert Registration.objects.get(pk=row.pk).version == 1
    told = Message.objects.count()
    assert client.post(change_path(event, row), sent).status_code == 302
    row = Registration.objects.get(pk=row.pk)
    assert [row.contact_name, *(one.name for one in row.people)] == ["Nguyễn Văn Ân"] * 2 + ["Lê Thị Mai"]
    entry = row.changes.get()
    assert (entry.action, entry.actor, bool(entry.user_name)) == ("changed", "staff", True)
    assert {"field": "contact_name", "old": "Nguyen Van An", "new": "Nguyễn Văn Ân"} in entry.details
    # nobody reads "your registration was changed" after the class
    assert Message.objects.count() == told
    # the holder asks the office
    assert client.get(url(row)).status_code == 302
    with pytest.raises(change.ChangeRefused):
        change.change(row, {"contact_name": "Khác"}, version=2, now=timezone.now())


def test_one_person_is_not_put_in_the_place_of_another_as_a_correction(site: Site, admin_user: User) -> None:
    event = make_event(site, max_party=3)
    row = make_registration(event, party_size=2)
    begun()
    swapped = people(row, PersonData("Người Khác"), without=1)
    with pytest.raises(change.ChangeRefused):
        change.change(row, {}, version=1, now=timezone.now(), people=swapped, by=history.staff(admin_user))
    row.refresh_from_db()
    assert row.version == 1


def test_who_was_present_is_not_taken_off(client: Client, site: Site, admin_user: User) -> None:
    event = make_event(site, max_party=3)
    row = make_registration(event, party_size=2, name="Lê An")
    bulk.run(
        "attended", [row], by=history.staff(admin_user), now=timezone.now(), session=event.session_rows[0]
    )
    sent = form_of(row, **{"p1-gone": "on"})
    page = text_of(client.post(url(row), sent))
    assert "Lê An đã được điểm danh có mặt nên không bỏ ra được." in page
    staff = clerk(site, publishes=True)
    page = text_of(staff.post(change_path(event, row), sent | {"reason": "Bỏ nhầm"}))
    assert "Lê An đã được điểm danh có mặt" in page
    assert (Attendance.objects.count(), row.participants.count(), SeatPool.objects.get().taken) == (2, 2, 2)


def test_somebody_without_a_phone_can_be_corrected(client: Client, site: Site) -> None:
    event = make_event(site)
    row = make_registration(event, phone="", name="Dieu Thi Bé", source="walk_in")
    staff = clerk(site)
    sent = form_of(row, name="Điểu Thị Bé", phone="")
    assert staff.post(change_path(event, row), sent).status_code == 302
    row = Registration.objects.get(pk=row.pk)
    assert (row.contact_name, row.phone) == ("Điểu Thị Bé", "")
    assert staff.post(change_path(event, row), form_of(row, phone="12")).status_code == 200
    staff.post(change_path(event, row), form_of(row, phone="0912345678"))
    # a number that is there does not get lost by an empty field
    assert staff.post(change_path(event, row), form_of(row, phone="")).status_code == 200
    assert Registration.objects.get(pk=row.pk).phone == "+84912345678"


@pytest.mark.parametrize("per_participant", [True, False])
def test_an_answer_stays_in_sight_when_its_question_is_turned_to_others(
    client: Client, site: Site, per_participant: bool
) -> None:
    event = make_event(
        site, questions=[Question(label="Dùng máy gì?", kind="text", per_participant=not per_participant)]
    )
    row = make_registration(event)
    name = f"q-{event.questions.get().translation_key.hex}"
    prefixed = {False: name, True: f"p1-{name}"}
    client.post(url(row), form_of(row, **{prefixed[not per_participant]: "Máy cũ"}))
    question = event.questions.get()
    question.per_participant = per_participant
    event.questions = [question]  # type: ignore[assignment]
    publish(event)
    page = client.get(url(row))
    assert prefixed[per_participant] in page.context["form"].fields
    assert "Máy cũ" in text_of(page)
    client.post(url(row), form_of(row, **{prefixed[per_participant]: "Máy mới"}))
    assert {one.shown for one in row.answers.all()} == {"Máy cũ", "Máy mới"}
