"""Changing a registration: all or nothing, through the secret link, with a trace."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, make_registration
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import change, history
from training_events.services.party import PersonData
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=4, max_party=4)


def url(row: Registration) -> str:
    return f"/dang-ky/xac-nhan/{row.token}/sua/"


def text_of(response: Any) -> str:
    return response.content.decode()


def people(row: Registration, *more: PersonData, without: int = 0) -> tuple[PersonData, ...]:
    stored = [
        PersonData(one.name, one.birth_year, (), one.key) for one in row.participants.order_by("position")
    ]
    return (*stored[: len(stored) - without], *more)


def taken() -> int:
    return SeatPool.objects.get().taken


def form_of(row: Registration, **changes: Any) -> dict[str, Any]:
    row = Registration.objects.get(pk=row.pk)
    data = {
        "name": row.contact_name,
        "phone": row.phone,
        "email": row.email,
        "version": str(row.version),
        "add": "0",
    }
    for number, one in enumerate(row.people, start=1):
        data[f"p{number}-name"] = one.name
    return {**data, **changes}


def test_a_party_has_a_row_for_each_seat_from_the_start(event: EventPage) -> None:
    row = make_registration(event, party_size=3)
    assert [one.name for one in row.people] == [row.contact_name, "", ""]
    assert len({one.key for one in row.people}) == 3


@pytest.mark.database
def test_a_party_grows_only_as_a_whole(event: EventPage) -> None:
    row = make_registration(event, party_size=2)
    make_registration(event)
    with pytest.raises(change.NotEnoughSeats) as refusal:
        change.change(row, {}, version=1, now=timezone.now(), people=people(row, PersonData(), PersonData()))
    assert refusal.value.free == 1
    row.refresh_from_db()
    assert (row.party_size, row.participants.count(), taken()) == (2, 2, 3)
    change.change(row, {}, version=1, now=timezone.now(), people=people(row, PersonData("Hoa")))
    assert (row.party_size, row.participants.count(), taken()) == (3, 3, 4)
    assert [one.name for one in row.people][-1] == "Hoa"


@pytest.mark.database
def test_a_smaller_party_frees_seats_and_the_next_that_fits_moves_up(event: EventPage) -> None:
    row = make_registration(event, party_size=4)
    pair, single = make_registration(event, party_size=2), make_registration(event)
    gone = row.people[1]
    change.change(row, {}, version=1, now=timezone.now(), people=(*people(row)[:1], *people(row)[2:]))
    for one in (pair, single):
        one.refresh_from_db()
    assert (pair.status, single.status, taken()) == ("waiting", "confirmed", 4)
    assert not row.participants.filter(key=gone.key).exists()
    assert [one.position for one in row.people] == [1, 2, 3]


@pytest.mark.database
def test_a_waiting_party_keeps_its_place_and_moves_up_once_it_fits(event: EventPage) -> None:
    make_registration(event, party_size=3)
    row = make_registration(event, party_size=2)
    later = make_registration(event, party_size=2)
    change.change(row, {}, version=1, now=timezone.now(), people=people(row, PersonData()))
    assert (row.position, later.position) == (1, 2)
    change.change(row, {}, version=2, now=timezone.now(), people=people(row, without=2))
    assert row.is_confirmed
    assert taken() == 4


def test_shrinking_never_fails_where_seats_were_lowered_below_those_taken(event: EventPage) -> None:
    row = make_registration(event, party_size=4)
    SeatPool.objects.update(capacity=2)
    change.change(row, {}, version=1, now=timezone.now(), people=people(row, without=1))
    assert (row.party_size, taken()) == (3, 3)


def test_nobody_is_added_after_registration_closed_but_a_name_may_be_mended(site: Site) -> None:
    event = make_event(site, registration_closes_at=timezone.now() + DAY)
    row = make_registration(event)
    later = timezone.now() + 2 * DAY
    with pytest.raises(change.ChangeRefused):
        change.change(row, {}, version=1, now=later, people=people(row, PersonData()))
    row.refresh_from_db()
    change.change(row, {"contact_name": "Lê Thị Mai"}, version=1, now=later)
    assert row.people[0].name == "Lê Thị Mai"
    with pytest.raises(change.ChangeRefused):
        change.change(row, {"contact_name": "Khác"}, version=2, now=timezone.now() + 20 * DAY)


def test_what_has_ended_is_not_changed(event: EventPage) -> None:
    row = make_registration(event)
    cancel(row, now=timezone.now())
    with pytest.raises(change.ChangeRefused):
        change.change(row, {"contact_name": "Khác"}, version=row.version, now=timezone.now())


def test_a_form_from_before_another_change_changes_nothing(event: EventPage) -> None:
    row = make_registration(event)
    change.change(row, {"contact_name": "Một"}, version=1, now=timezone.now())
    with pytest.raises(change.ChangedMeanwhile):
        change.change(row, {"contact_name": "Hai"}, version=1, now=timezone.now())
    row.refresh_from_db()
    assert row.contact_name == "Một"


def test_the_history_says_who_changed_what_and_nothing_leaves_no_trace(
    event: EventPage, admin_user: Any
) -> None:
    row = make_registration(event, phone="+84912345678")
    change.change(row, {"phone": "+84912345678"}, version=1, now=timezone.now(), people=people(row))
    assert not row.changes.exists()
    assert row.version == 1
    by = history.staff(admin_user)
    change.change(row, {"phone": "+84987654321"}, version=1, now=timezone.now(), by=by)
    entry = row.changes.get()
    assert entry.details == [{"field": "phone", "old": "+84912345678", "new": "+84987654321"}]
    assert (entry.actor, entry.user, entry.action) == ("staff", admin_user, "changed")


def test_fields_that_are_not_offered_cannot_be_changed(event: EventPage) -> None:
    row = make_registration(event)
    with pytest.raises(ValueError, match="status"):
        change.change(row, {"status": "confirmed"}, version=1, now=timezone.now())


@pytest.mark.parametrize("more", [-1, 4])
def test_a_party_of_nobody_or_too_many_is_refused(event: EventPage, more: int) -> None:
    row = make_registration(event)
    wanted = people(row, without=1) if more < 0 else people(row, *[PersonData()] * more)
    with pytest.raises(ValueError, match="1 to 4"):
        change.change(row, {}, version=1, now=timezone.now(), people=wanted)


# --- the form ---


def test_the_slip_leads_to_the_form_and_the_form_back_to_the_slip(client: Client, event: EventPage) -> None:
    row = make_registration(event, party_size=2)
    assert url(row) in text_of(client.get(f"/dang-ky/xac-nhan/{row.token}/"))
    response = client.post(url(row), form_of(row, name="Trần Thị Bình", **{"p2-name": "Lê Văn Cường"}))
    assert response["Location"] == f"/dang-ky/xac-nhan/{row.token}/?da-luu=1"
    page = text_of(client.get(response["Location"]))
    assert "Đã lưu thay đổi." in page
    assert "Trần Thị Bình" in page
    assert "Lê Văn Cường" in page
    # the contact's corrected name is corrected among the participants too
    assert [one.name for one in Registration.objects.get().people] == ["Trần Thị Bình", "Lê Văn Cường"]


def test_people_come_and_go_by_the_form(client: Client, event: EventPage) -> None:
    row = make_registration(event, party_size=2)
    client.post(url(row), form_of(row, **{"p1-gone": "on", "p2-name": "Lê Văn Cường"}))
    assert [one.name for one in Registration.objects.get().people] == ["Lê Văn Cường"]
    client.post(url(row), form_of(row, add="3"))
    assert (Registration.objects.get().party_size, taken()) == (4, 4)


def test_too_few_seats_are_said_beside_the_field_and_nothing_is_lost(
    client: Client, event: EventPage
) -> None:
    row = make_registration(event)
    make_registration(event, party_size=2)
    page = text_of(client.post(url(row), form_of(row, add="2", email="an@example.vn")))
    assert "Chỉ còn 1 chỗ trống. Chưa có gì thay đổi." in page
    assert 'value="an@example.vn"' in page
    assert (Registration.objects.get(pk=row.pk).email, taken()) == ("", 3)


def test_everybody_gone_is_a_cancellation(client: Client, event: EventPage) -> None:
    row = make_registration(event, party_size=2)
    page = text_of(client.post(url(row), form_of(row, **{"p1-gone": "on", "p2-gone": "on"})))
    assert "chọn hủy đăng ký" in page
    assert taken() == 2


def test_the_same_change_sent_twice_is_made_once(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    data = form_of(row, add="1")
    client.post(url(row), data)
    assert "Đăng ký đã được sửa" in text_of(client.post(url(row), data))
    assert (Registration.objects.get().party_size, taken()) == (2, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"phone": "12"},
        {"add": "9"},
        {"version": "abc"},
        {"p1-name": "x" * 101},
        {"name": "\x00"},
    ],
)
def test_nonsense_changes_nothing(client: Client, event: EventPage, changes: dict[str, str]) -> None:
    row = make_registration(event)
    before = (row.contact_name, row.phone, row.version)
    response = client.post(url(row), form_of(row, **changes))
    assert response.status_code == 200
    assert "data-error-summary" in text_of(response)
    row.refresh_from_db()
    assert (row.contact_name, row.phone, row.version) == before


def test_the_form_is_personal_and_ends_with_the_registration(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    response = client.get(url(row))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert row.token not in text_of(response).partition("</head>")[0]
    data = form_of(row)
    cancel(row, now=timezone.now())
    assert client.get(url(row)).status_code == 302
    assert client.post(url(row), {**data, "name": "Khác"}).status_code == 302
    row.refresh_from_db()
    assert row.contact_name != "Khác"


def test_another_office_does_not_open_it(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    make_office("da-kia.localhost", title="Xã Đa Kia")
    assert client.get(url(row), headers={"host": "da-kia.localhost"}).status_code == 404
