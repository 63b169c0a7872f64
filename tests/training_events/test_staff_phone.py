"""Calls: a clerk looks somebody up, registers or changes him, and reads the code out."""

from __future__ import annotations

import datetime
from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import GroupPagePermission, Site
from wagtail.users.models import UserProfile

from tests.factories.core import home_of, make_office
from tests.factories.training_events import make_event, make_event_index, make_registration, publish
from training_events import codes, consent, form_key
from training_events.models import (
    EventPage,
    EventSeriesPage,
    HeldSeats,
    Message,
    PersonalDataAccess,
    Question,
    Registration,
    RegistrationChange,
    SeatPool,
)
from training_events.querysets import RegistrationQuerySet
from training_events.services import delivery
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def clerk(site: Site, *, publishes: bool = False) -> Client:
    """Return the browser of somebody who may edit, or also publish, the pages of an office."""
    user = User.objects.create_user(f"can-bo-{User.objects.count()}")
    group = Group.objects.create(name=user.username)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", *(["publish_page"] if publishes else [])):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=group, page=home_of(site), permission=permission)
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def path(event: EventPage) -> str:
    return f"/quan-tri/training-events/{event.pk}/ghi-qua-dien-thoai/"


def change_path(event: EventPage, row: Registration) -> str:
    return f"/quan-tri/training-events/{event.pk}/registrations/{row.pk}/sua/"


def filled(event: EventPage, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Điểu Thị Mới",
        "phone": "0912 345 678",
        "party_size": "1",
        "consent": "on",
        "key": form_key.make(event.seats_key),
        **changes,
    }


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_call_from_the_search_to_the_code_read_out(site: Site) -> None:
    event = make_event(site, seats=3)
    client = clerk(site)
    page = client.post(path(event), {"action": "find", "q": "0912345678"})
    assert "Chưa có ai như vậy" in text_of(page)
    form = page.context["form"]
    assert form.initial["phone"] == "0912345678"
    assert not form["consent"].value()
    sent = filled(event, key=form.initial["key"], party_size="2", other_names="Điểu Văn Hai")
    for _time in range(2):
        done = client.post(path(event), sent, follow=True)
    row = Registration.objects.get()
    assert (row.source, row.status, row.party_size) == ("phone", "confirmed", 2)
    assert row.registered_by == User.objects.get()
    assert row.consent_text.startswith("Cán bộ đã đọc và người đăng ký đồng ý: Tôi đồng ý để UBND xã Mẫu")
    assert row.consent_version == consent.VERSION
    assert RegistrationChange.objects.get().action == "registered"
    assert Message.objects.get().occasion == "confirmed"
    said = text_of(done)
    for char, word in chain(*codes.spelled(row.code)):
        assert f"<strong>{char}</strong><span>{word}</span>" in said
    assert "Anh/chị đã có 2 chỗ." in said
    assert "không nhận được tin nào" in said
    assert [one.kind for one in PersonalDataAccess.objects.order_by("pk")] == ["search", "detail", "detail"]


def test_every_letter_of_a_code_has_a_word_of_its_own() -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            words = dict(chain(*codes.spelled(codes.ALPHABET)))
        assert set(words) == set(codes.ALPHABET)
        assert len(set(words.values())) == len(codes.ALPHABET)
        assert all(len(word) > 1 for word in words.values())


def test_the_form_asks_what_the_public_form_asks(site: Site) -> None:
    event = make_event(site, registrants="everybody", approval=True, staff_only=True, seats=1)
    event.questions = [Question(label="Dùng máy gì?", required=True)]
    event = publish(event)
    asked = f"q-{event.questions.get().translation_key.hex}"
    client = clerk(site)
    organisation = {"registrant": "cooperative", "organisation_name": "HTX Điều Xanh"}
    back = client.post(path(event), filled(event, **organisation))
    assert list(back.context["form"].errors) == [asked]
    first = client.post(path(event), filled(event, **organisation, **{asked: "Điện thoại"}), follow=True)
    # a class for staff with approval: what staff enter for somebody needs no approval
    assert first.context["row"].status == "confirmed"
    assert first.context["row"].answers.get().shown == "Điện thoại"
    waits = filled(event, registrant="person", name="Lê Thị Chờ", **{asked: "Máy tính"})
    second = client.post(path(event), waits, follow=True)
    assert "thứ tự chờ 1" in text_of(second)
    assert "<dd>1 <small>(1 người)</small></dd>" in text_of(client.get(f"{path(event)}cho/"))


def test_seats_kept_for_a_group_go_to_callers_of_the_group_only(site: Site) -> None:
    event = make_event(site, seats=1, held_seats=[HeldSeats(label="Hộ nghèo", seats=1)])
    client = clerk(site)
    assert "giữ cho Hộ nghèo" in text_of(client.get(path(event)))
    other = client.post(path(event), filled(event), follow=True)
    group = str(event.held_seats.get().translation_key)
    theirs = client.post(path(event), filled(event, name="Điểu Văn Nghèo", group=group), follow=True)
    assert [one.context["row"].status for one in (other, theirs)] == ["waiting", "confirmed"]


def test_a_call_for_a_class_of_a_series_takes_a_seat_of_the_series(site: Site) -> None:
    index = make_event_index(site)
    series = EventSeriesPage(title="Đợt tập huấn", slug="dot", locale=index.locale, seats=1)
    index.add_child(instance=series)
    make_event(site, "Lớp 1", seats=99).move(series, "last-child")
    one = EventPage.objects.child_of(series).get()
    done = clerk(site).post(path(one), filled(one), follow=True)
    assert done.context["row"].pool.event_key == series.translation_key
    assert (done.context["free"], SeatPool.objects.get(event_key=series.translation_key).taken) == (0, 1)


def test_nothing_typed_is_lost_and_consent_is_asked_for(site: Site) -> None:
    event = make_event(site)
    back = clerk(site).post(path(event), filled(event, consent="", phone="12", email="hoa@example.vn"))
    form = back.context["form"]
    assert set(form.errors) == {"consent", "phone"}
    for typed in ("Điểu Thị Mới", 'value="12"', "hoa@example.vn"):
        assert typed in text_of(back)
    assert not Registration.objects.exists()


def test_somebody_registered_already_is_shown_and_both_ways_are_open(site: Site) -> None:
    event = make_event(site)
    row = make_registration(event, name="Điểu Thị Mới", phone="+84912345678")
    client = clerk(site)
    sent = filled(event, name="dieu thi moi")
    asked = client.post(path(event), sent)
    assert row.shown_code in text_of(asked)
    assert f"/registrations/{row.pk}/" in text_of(asked)
    assert Registration.objects.count() == 1
    assert PersonalDataAccess.objects.get().kind == "search"
    client.post(path(event), {**sent, "again": "1"})
    assert Registration.objects.count() == 2
    # the same form, changed for somebody else
    other = client.post(path(event), {**sent, "name": "Trần Văn Khác"})
    assert "dieu thi moi" in text_of(other)
    assert other.context["form"]["key"].value() != sent["key"]


def test_a_clerk_who_corrects_a_form_that_was_sent_is_told_that_it_is_not_saved(site: Site) -> None:
    event = make_event(site)
    client, sent = clerk(site), filled(event)
    done = client.post(path(event), sent)["Location"]
    assert client.post(path(event), sent)["Location"] == done
    corrected = client.post(path(event), {**sent, "email": "moi@example.vn"}, follow=True)
    assert "Những chỗ vừa sửa trên phiếu chưa được lưu" in text_of(corrected)
    assert Registration.objects.get().email == ""


def test_two_clerks_with_the_same_person_on_the_line_both_see_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(site)
    make_registration(event, name="Điểu Thị Mới", phone="+84912345678")
    looks, look = iter([RegistrationQuerySet.none]), RegistrationQuerySet.same_registrant
    # the other clerk's registration arrives after the first look
    monkeypatch.setattr(
        RegistrationQuerySet,
        "same_registrant",
        lambda rows, **who: found(rows) if (found := next(looks, None)) else look(rows, **who),
    )
    asked = clerk(site).post(path(event), filled(event))
    assert asked.context["twins"] == [Registration.objects.get()]


@pytest.mark.parametrize(
    ("rules", "party", "field", "sentence"),
    [
        (
            {"registration_closes_at": datetime.datetime(2026, 1, 5, 1, tzinfo=datetime.UTC)},
            "1",
            "reason",
            "Đã đóng đăng ký lúc 8 giờ, Thứ Hai, 5/1/2026. Vẫn cần đăng ký thì ghi lý do.",
        ),
        (
            {"seats": 1, "waiting_list": False},
            "2",
            "reason",
            "Chỉ còn 1 chỗ. Vẫn cần đăng ký thì ghi lý do.",
        ),
        (
            {"max_party": 2},
            "3",
            "party_size",
            "Nhóm đông như vậy phải ghi lý do: lớp này nhận mỗi nhóm nhiều nhất 2 người.",
        ),
    ],
    ids=["closed", "full", "large"],
)
def test_past_a_rule_only_with_a_reason_and_by_those_who_publish(
    site: Site, rules: dict[str, Any], party: str, field: str, sentence: str
) -> None:
    event = publish(make_event(site), **rules)
    sent = filled(event, party_size=party, reason="Trưởng thôn, phải dự")
    refused = clerk(site).post(path(event), sent)
    assert "reason" not in refused.context["form"].fields
    assert not Registration.objects.exists()
    publisher = clerk(site, publishes=True)
    asked = publisher.post(path(event), {**sent, "reason": " "})
    assert {name: list(words) for name, words in asked.context["form"].errors.items()} == {field: [sentence]}
    done = publisher.post(path(event), sent, follow=True)
    assert "Ghi vượt quy định. Lý do: Trưởng thôn, phải dự" in text_of(done)
    assert SeatPool.objects.get().taken == int(party)
    assert RegistrationChange.objects.get().action == "overridden"


def test_nobody_is_registered_for_a_class_that_is_off_or_not_published(site: Site) -> None:
    event = publish(make_event(site), status="cancelled")
    client = clerk(site, publishes=True)
    assert client.get(path(event)).context["form"] is None
    client.post(path(event), filled(event, reason="Vẫn ghi"))
    EventPage.objects.filter(pk=event.pk).update(live=False)
    assert "chưa xuất bản" in text_of(client.get(path(event)))
    assert not Registration.objects.exists()


def test_clerks_of_another_office_get_nowhere(site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia")
    event = make_event(site)
    row = make_registration(event, name="Nguyễn Thị Hoa")
    own = make_event(commune, "Lớp của xã")
    client = clerk(commune, publishes=True)
    for address in (path(event), f"{path(event)}cho/", f"{path(event)}{row.pk}/", change_path(event, row)):
        response = client.get(address)
        assert response.status_code in (302, 403), address
        assert "Hoa" not in text_of(response)
    client.post(path(event), filled(event))
    assert Registration.objects.get() == row
    # nor by way of an event of their own
    assert client.get(f"{path(own)}{row.pk}/").status_code == 404
    assert client.get(change_path(own, row)).status_code == 404


def test_a_registration_is_changed_for_somebody_with_a_trace_of_who_did_it(site: Site) -> None:
    event = make_event(site, seats=3)
    row = make_registration(event, name="Nguyễn Thị Hoa", phone="+84912345678")
    client = clerk(site)
    address = change_path(event, row)
    assert address in text_of(client.get(f"/quan-tri/training-events/{event.pk}/registrations/{row.pk}/"))
    sent = {"version": row.version, "name": "Nguyễn Thị Hoa", "phone": "0987 654 321", "add": "1"}
    sent["p1-name"] = "Nguyễn Thị Hoa"
    client.post(address, sent)
    row.refresh_from_db()
    assert (row.phone, row.party_size) == ("+84987654321", 2)
    change = row.changes.get()
    assert (change.actor, change.user) == ("staff", User.objects.get())
    # a form from before that change: nothing is overwritten, nothing typed is lost
    late = client.post(address, {**sent, "name": "Nguyễn Thị Hòa", "add": "0"})
    assert late.context["typed"] == [("Họ và tên người liên hệ", "Nguyễn Thị Hòa")]
    too_many = client.post(address, {**sent, "version": row.version, "add": "3"})
    assert list(too_many.context["form"].errors) == ["add"]
    row.refresh_from_db()
    assert (row.contact_name, row.party_size) == ("Nguyễn Thị Hoa", 2)
    cancel(row, now=timezone.now())
    assert client.get(address).status_code == 302


def test_a_clerk_with_english_screens_registers_in_the_language_of_the_people(
    site: Site, mailoutbox: list[Any]
) -> None:
    event = make_event(site, seats=3)
    client = clerk(site)
    UserProfile.get_for_user(User.objects.get()).delete()
    UserProfile.objects.create(user=User.objects.get(), preferred_language="en")
    page = client.post(path(event), {"action": "find", "q": "0912345678"})
    assert "Full name" in text_of(page)
    assert "Tôi đồng ý" in page.context["form"].consent_text
    client.post(path(event), filled(event, email="moi@example.vn", key=page.context["form"].initial["key"]))
    row = Registration.objects.get()
    assert row.language == "vi"
    assert row.consent_text.startswith("Cán bộ đã đọc")
    assert "Tôi đồng ý" in row.consent_text
    delivery.send_due()
    assert mailoutbox[0].subject.startswith("Anh/chị")
