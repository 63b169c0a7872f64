"""A form that comes again: after "Back", under stricter rules, after a cancellation; and what a full class asks back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import make_event, make_registration, publish
from tests.training_events.test_form import filled, text_of, url
from training_events import form_key, letters, recent
from training_events.models import EventPage, HeldSeats, Message, Question, Registration, SeatPool
from training_events.services import history
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu", "hotline": "0271 000 000"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=9, max_party=3)


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)


# --- after "Back": a new key, a corrected number ---


def test_a_number_corrected_after_going_back_is_asked_about_and_not_registered_twice(
    client: Client, event: EventPage
) -> None:
    client.post(url(event), filled(event))
    row = Registration.objects.get()
    assert "Máy này vừa gửi một phiếu đăng ký lớp này" in text_of(client.get(url(event)))
    corrected = filled(event, phone="0987 654 321")
    page = text_of(client.post(url(event), corrected))
    assert Registration.objects.count() == 1
    assert "Nguyễn Văn An vừa được đăng ký lớp này trên máy này" in page
    assert f'href="/dang-ky/xac-nhan/{row.token}/sua/"' in page
    assert 'value="0987 654 321"' in page
    assert client.post(url(event), corrected | {"again": "1"}).status_code == 302
    assert Registration.objects.count() == 2


def test_a_family_on_one_phone_another_browser_and_a_later_hour_are_not_asked(
    client: Client, site: Site, event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(url(event), filled(event))
    for name in ("Nguyễn Thị Hoa", "Nguyễn Văn Ân Em", "Điểu Thị Mai"):
        assert client.post(url(event), filled(event, name=name)).status_code == 302
    other = filled(event, phone="0987 654 321")
    assert Client().post(url(event), other).status_code == 302
    elsewhere = make_event(site)
    assert client.post(url(elsewhere), filled(elsewhere, phone="0987 654 322")).status_code == 302
    client.post(url(event), filled(event, name="Lê An"))
    cookie = client.cookies[recent.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["max-age"]) == ("/dang-ky/", True, 900)
    assert "Lê" not in cookie.value
    client.cookies[recent.COOKIE] = cookie.value.replace(".", ".9", 1)
    assert client.post(url(event), filled(event, name="Lê An", phone="0987654323")).status_code == 302
    monkeypatch.setattr(recent, "MINUTES", -1)
    assert client.post(url(event), filled(event, name="Lê An", phone="0987654324")).status_code == 302


# --- another's registration stays another's ---


def test_the_name_of_an_organisation_shows_nobody_who_registered_it(client: Client, site: Site) -> None:
    event = make_event(site, registrants="everybody")
    said = {"registrant": "cooperative", "organisation_name": "Hợp tác xã điều Mẫu"}
    client.post(url(event), filled(event, **said))
    row = Registration.objects.get()
    stranger = {"name": "Người Lạ", "phone": "0987 654 321"}
    for changes in (stranger, {"name": "Người Lạ"}, {"phone": "0987 654 321"}):
        page = text_of(Client().post(url(event), filled(event, **said | changes)))
        assert "Tổ chức này đã đăng ký lớp" in page
        section = page[page.index('id="da-dang-ky"') : page.index('id="dang-ky"')]
        for secret in ("Nguyễn Văn An", "0912", row.shown_code, "lúc", row.token):
            assert secret not in section, secret
    page = text_of(Client().post(url(event), filled(event, **said)))
    assert "Nguyễn Văn An, số 0912 345 678" in page
    assert Registration.objects.count() == 1


# --- rules that became stricter ---


@pytest.mark.parametrize(
    "rules", [{"max_party": 1}, {"keep_days": 7}, {"questions": True}, {"registrants": "organisations"}]
)
def test_a_form_sent_again_under_stricter_rules_leads_to_its_registration(
    client: Client, event: EventPage, rules: dict[str, Any]
) -> None:
    asked = client.get(url(event)).context["form"]
    sent = filled(event, party_size="3", email="an@example.vn", agreed=asked["agreed"].value())
    slip = client.post(url(event), sent)["Location"]
    if rules.pop("questions", False):
        event.questions.add(Question(label="Dùng máy gì?", kind="text", required=True))  # type: ignore[attr-defined]
    publish(event, **rules)
    assert client.post(url(event), sent)["Location"] == slip
    assert client.post(url(event), sent | {"email": "khac@example.vn"})["Location"] == f"{slip}?chua-luu=1"
    assert client.post(url(event), sent | {"name": "Lê Thị Mai"}).status_code == 200
    assert Registration.objects.count() == 1


# --- after a cancellation ---


def test_a_cancelled_slip_offers_to_register_again_while_one_can(client: Client, event: EventPage) -> None:
    sent = filled(event)
    slip = client.post(url(event), sent)["Location"]
    assert "Đăng ký lại" not in text_of(client.get(slip))
    client.post(f"{slip}huy/")
    again = f'href="{url(event)}"'
    assert again in text_of(client.get(slip))
    # the same form, corrected or not, lands there too
    assert client.post(url(event), sent)["Location"] == slip
    assert client.post(url(event), sent | {"email": "an@example.vn"})["Location"] == slip
    assert client.post(url(event), filled(event)).status_code == 302
    SeatPool.objects.update(closes_at=timezone.now())
    assert again not in text_of(client.get(slip))


@pytest.mark.parametrize("seats", [1, 0])
def test_who_ended_it_and_why_stands_on_the_slip_and_in_the_messages(
    client: Client, site: Site, admin_user: User, seats: int
) -> None:
    event = make_event(site, seats=seats)
    mine, theirs = (make_registration(event, email="an@example.vn") for _ in range(2))
    cancel(mine, now=timezone.now())
    cancel(theirs, now=timezone.now(), by=history.staff(admin_user, "Đăng ký nhầm lớp"))
    said = {}
    for row in (mine, theirs):
        letter = letters.write(Message.objects.get(registration=row, occasion="cancelled"), with_accents=True)
        slip = text_of(client.get(f"/dang-ky/xac-nhan/{row.token}/"))
        slip = slip[slip.index("<main") : slip.index("</main")]
        said[row.pk] = [slip, " ".join([letter.subject, *letter.paragraphs]), letter.sms]
    for text in said[mine.pk]:
        assert "Đăng ký nhầm lớp" not in text
        assert ("danh sách chờ" in text) == (seats == 0)
        # who waited had no seat that somebody else could have
        assert ("người khác" in text) == (seats == 1 and text is not said[mine.pk][2])
    for text in said[theirs.pk]:
        assert "Đăng ký nhầm lớp" in text
        assert "Cảm ơn" not in text
        assert "người khác" not in text
    assert "Đăng ký lại" not in said[theirs.pk][0]
    waited = "Đơn vị tổ chức đã đưa anh/chị ra khỏi danh sách chờ."
    # with one seat the second had moved up before
    assert [waited in text for text in said[theirs.pk][:2]] == [seats == 0] * 2


# --- the last seats are held back ---


def test_who_left_the_commune_open_is_asked_and_keeps_the_form(client: Client, site: Site) -> None:
    place = make_place("Đắk Ơ")
    event = make_event(
        site,
        seats=2,
        waiting_list=False,
        held_seats=[HeldSeats(label="Người dân Đắk Ơ", place=place, seats=2)],
    )
    response = client.post(url(event), filled(event, email="an@example.vn"))
    page = text_of(response)
    assert "Chỗ chung đã hết" in str(response.context["form"].errors["place"])
    assert 'value="an@example.vn"' in page
    assert "Người dân Đắk Ơ (2)" in page
    # a party of that commune is told of its own seats, not that there are none
    mine = filled(event, place=str(place.pk), party_size="3")
    response = client.post(url(event), mine)
    assert response.context["form"].errors == {"party_size": ["Chỉ còn 2 chỗ. Anh/chị chọn số người ít hơn."]}
    assert client.post(url(event), mine | {"party_size": "2"}).status_code == 302
    # nothing is left that anybody could choose
    page = text_of(client.post(url(event), filled(event, name="Lê Thị Mai")))
    assert "Lớp đã đủ người và không nhận danh sách chờ." in page


def test_who_belongs_to_a_group_is_asked_which(client: Client, site: Site) -> None:
    event = make_event(
        site, seats=2, waiting_list=False, held_seats=[HeldSeats(label="Hội viên phụ nữ", seats=2)]
    )
    response = client.post(url(event), filled(event, party_size="1"))
    assert list(response.context["form"].errors) == ["group"]
    group = response.context["form"].fields["group"].choices[1][0]
    assert client.post(url(event), filled(event, group=group)).status_code == 302


# --- no promise that the form does not keep ---


@pytest.mark.parametrize(
    ("fields", "required", "promised"),
    [({}, None, True), ({}, False, True), ({}, True, False), ({"registrants": "organisations"}, None, False)],
)
def test_name_and_number_are_promised_to_be_enough_only_where_they_are(
    client: Client, site: Site, fields: dict[str, Any], required: bool | None, promised: bool
) -> None:
    if required is not None:
        fields = {**fields, "questions": [Question(label="Dùng máy gì?", kind="text", required=required)]}
    event = make_event(site, **fields)
    for _time in range(2):  # read, then remembered
        page = text_of(client.get(event.url))
        assert re.search(r"Đăng ký không mất tiền", page)
        assert ("chỉ cần họ tên và số điện thoại" in page) is promised
