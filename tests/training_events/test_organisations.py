"""Organisations as registrants, approval by staff, classes for staff, and what staff may do past the rules."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_registration, publish, registration_data
from training_events import form_key, taxcodes
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import approval, history
from training_events.services.registration import RegistrationRefused, cancel, register

pytestmark = pytest.mark.django_db

COOP = Registration.Registrant.COOPERATIVE


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def text_of(response: Any) -> str:
    return response.content.decode()


def send(client: Client, event: EventPage, **changes: Any) -> Any:
    data = {
        "registrant": "cooperative",
        "organisation_name": "Hợp tác xã điều Mẫu",
        "tax_code": "0100109106",
        "name": "Nguyễn Văn An",
        "phone": "0912 345 678",
        "party_size": "2",
        "consent": "on",
        "key": form_key.make(event.translation_key),
        **changes,
    }
    return client.post(f"/dang-ky/{event.pk}/", data)


def taken() -> int:
    return SeatPool.objects.get().taken


# --- tax codes (the first five are those of well-known companies, published by themselves) ---


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0100109106", "0100109106"),
        ("0101248141", "0101248141"),
        ("0300588569", "0300588569"),
        ("0100112437", "0100112437"),
        ("0301452948", "0301452948"),
        (" 0100 109 106 ", "0100109106"),
        ("0100109106-001", "0100109106-001"),
        ("0100109106001", "0100109106-001"),
    ],
)
def test_tax_codes_pass(raw: str, code: str) -> None:
    assert taxcodes.clean(raw) == code


@pytest.mark.parametrize(
    "raw", ["", "0100109107", "1010109106", "010010910", "01001091060", "079099001234", "abc", "٠١٠٠١٠٩١٠٦"]
)
def test_slips_in_tax_codes_are_noticed(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        taxcodes.clean(raw)


# --- organisations ---


def test_a_co_operative_registers_with_its_representative(client: Client, site: Site) -> None:
    event = make_event(site, registrants="everybody")
    response = send(client, event)
    row = Registration.objects.get()
    assert (row.registrant, row.organisation_name, row.tax_code) == (
        COOP,
        "Hợp tác xã điều Mẫu",
        "0100109106",
    )
    # the representative need not come: nobody is named in his stead
    assert [one.name for one in row.people] == ["", ""]
    page = text_of(client.get(response["Location"]))
    assert "Hợp tác xã điều Mẫu" in page
    assert "Chưa ghi tên" in page
    assert list(Registration.objects.matching("hop tac xa dieu")) == [row]


def test_a_person_leaves_the_fields_of_organisations_empty(client: Client, site: Site) -> None:
    event = make_event(site, registrants="everybody")
    send(client, event, registrant="person", other_names="Lê Thị Mai")
    row = Registration.objects.get()
    assert (row.registrant, row.organisation_name, row.tax_code) == ("person", "", "")
    assert [one.name for one in row.people] == ["Nguyễn Văn An", "Lê Thị Mai"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"organisation_name": ""}, "Anh/chị ghi giúp tên tổ chức."),
        ({"tax_code": "0100109107"}, "Mã số thuế chưa đúng."),
        ({"registrant": ""}, "Anh/chị chọn một trong các mục."),
        ({"registrant": "bank"}, "Anh/chị chọn một trong các mục."),
    ],
)
def test_what_is_missing_of_an_organisation_is_said(
    client: Client, site: Site, changes: dict[str, str], sentence: str
) -> None:
    event = make_event(site, registrants="everybody")
    assert sentence in text_of(send(client, event, **changes))
    assert not Registration.objects.exists()


def test_the_tax_code_may_stay_empty_and_people_may_be_left_out(client: Client, site: Site) -> None:
    event = make_event(site, registrants="organisations")
    assert 'value="person"' not in text_of(client.get(f"/dang-ky/{event.pk}/"))
    assert send(client, event, tax_code="").status_code == 302
    with pytest.raises(ValueError, match="registrants"):
        make_registration(event)


def test_the_same_organisation_by_another_phone_is_asked(client: Client, site: Site) -> None:
    event = make_event(site, registrants="everybody")
    send(client, event)
    again = {"organisation_name": "HOP TAC XA DIEU MAU", "name": "Lê Thị Mai", "phone": "0987654321"}
    assert "Tổ chức này đã đăng ký lớp" in text_of(send(client, event, **again))
    assert Registration.objects.count() == 1
    assert send(client, event, **again, again="1").status_code == 302


def test_the_one_who_registers_need_not_enter_his_name_twice(client: Client, site: Site) -> None:
    event = make_event(site, registrants="everybody", ask_birth_year=True)
    send(client, event, registrant="person", blocks="2", **{"p1-year": "1985", "p2-name": "Lê Thị Mai"})
    people = Registration.objects.get().people
    assert [(one.name, one.birth_year) for one in people] == [("Nguyễn Văn An", 1985), ("Lê Thị Mai", None)]


# --- approval ---


@pytest.mark.database
def test_a_registration_to_be_approved_holds_its_seats(site: Site, admin_user: User) -> None:
    event = make_event(site, seats=2, approval=True)
    first, second, third = (make_registration(event) for _ in range(3))
    assert [row.status for row in (first, second, third)] == ["pending", "pending", "waiting"]
    assert taken() == 2
    by = history.staff(admin_user)
    approval.approve(first, now=timezone.now(), by=by)
    approval.approve(first, now=timezone.now(), by=by)
    assert (first.status, first.changes.count(), taken()) == ("confirmed", 1, 2)
    approval.refuse(second, now=timezone.now(), by=history.staff(admin_user, "Không thuộc đối tượng của lớp"))
    third.refresh_from_db()
    # who moves up still needs the approval that everybody needs
    assert (second.status, third.status, taken()) == ("refused", "pending", 2)
    cancel(third, now=timezone.now())
    assert taken() == 1


@pytest.mark.database
def test_a_waiting_party_may_be_approved_beforehand(site: Site, admin_user: User) -> None:
    event = make_event(site, seats=1, approval=True)
    first, second = make_registration(event), make_registration(event)
    approval.approve(second, now=timezone.now(), by=history.staff(admin_user))
    assert second.is_waiting
    cancel(first, now=timezone.now())
    second.refresh_from_db()
    assert second.is_confirmed


def test_refusing_and_seating_past_the_list_need_a_reason(site: Site, admin_user: User) -> None:
    event = make_event(site, seats=1)
    make_registration(event)
    row = make_registration(event)
    for verb in (approval.refuse, approval.seat_now):
        with pytest.raises(ValueError, match="reason"):
            verb(row, now=timezone.now(), by=history.staff(admin_user, "  "))
    with pytest.raises(ValueError, match="reason"):
        approval.seat_now(row, now=timezone.now(), by=history.Actor("holder", None, "xin"))
    approval.seat_now(row, now=timezone.now(), by=history.staff(admin_user, "Cán bộ thôn phải dự"))
    assert (row.status, taken()) == ("confirmed", 2)
    entry = row.changes.get()
    assert (entry.action, entry.reason, entry.user_name) == ("overridden", "Cán bộ thôn phải dự", "admin")
    cancel(row, now=timezone.now())
    assert taken() == 1


def test_the_slip_of_a_refused_registration_gives_the_reason(
    client: Client, site: Site, admin_user: User
) -> None:
    event = make_event(site, approval=True)
    row = make_registration(event)
    address = f"/dang-ky/xac-nhan/{row.token}/"
    assert "Đã giữ chỗ, chờ cán bộ phê duyệt" in text_of(client.get(address))
    approval.refuse(row, now=timezone.now(), by=history.staff(admin_user, "Lớp dành cho tổ công nghệ số"))
    page = text_of(client.get(address))
    assert "Đăng ký không được phê duyệt" in page
    assert "Lớp dành cho tổ công nghệ số" in page
    assert "/huy/" not in page


# --- staff ---


def test_staff_go_past_window_and_seats_only_with_a_reason_and_leave_a_trace(
    site: Site, admin_user: User
) -> None:
    event = make_event(site, seats=1, waiting_list=False, max_party=1)
    publish(
        event, registration_closes_at=timezone.now() - DAY / 2, registration_opens_at=timezone.now() - DAY
    )
    now = timezone.now()
    with pytest.raises(RegistrationRefused):
        register(event, registration_data(), now=now, by=history.staff(admin_user))
    by = history.staff(admin_user, "Đến tận nơi, còn ghế")
    row = register(event, registration_data(party_size=3, source="walk_in"), now=now, by=by)
    assert (row.status, row.source, row.registered_by, taken()) == ("confirmed", "walk_in", admin_user, 3)
    assert row.changes.get().reason == "Đến tận nơi, còn ghế"
    publish(EventPage.objects.get(pk=event.pk), status="cancelled")
    with pytest.raises(RegistrationRefused):
        register(event, registration_data(), now=now, by=by)


def test_officials_register_for_their_own_class_after_signing_in(
    client: Client, site: Site, admin_user: User
) -> None:
    event = make_event(site, staff_only=True, approval=True)
    assert "đăng nhập" in text_of(send(client, event))
    assert not Registration.objects.exists()
    client.force_login(User.objects.create_user("an", password="x"))
    send(client, event)
    assert not Registration.objects.exists()
    client.force_login(admin_user)
    assert send(client, event).status_code == 302
    row = Registration.objects.get()
    # signing in is not approving oneself
    assert (row.status, row.registered_by) == ("pending", admin_user)


def test_staff_decide_in_the_admin(client: Client, site: Site, admin_user: User) -> None:
    event = make_event(site, approval=True)
    row = make_registration(event, name="Đặng Thị Hoa")
    client.force_login(admin_user)
    address = f"/quan-tri/training-events/{event.pk}/registrations/{row.pk}/"
    assert address in text_of(client.get(f"/quan-tri/training-events/{event.pk}/registrations/"))
    page = text_of(client.get(address))
    assert "Đặng Thị Hoa" in page
    assert "Không phê duyệt" in page
    assert "Cần ghi lý do" in text_of(client.post(address, {"action": "refuse", "reason": " "}))
    assert client.post(address, {"action": "approve"}).status_code == 302
    row.refresh_from_db()
    assert row.is_confirmed
    client.post(address, {"action": "cancel", "reason": "Báo qua điện thoại"})
    page = text_of(client.get(address))
    assert "Báo qua điện thoại" in page
    assert "đã phê duyệt" in page
    assert client.post(address, {"action": "drop", "reason": "x"}).status_code == 200
    other = make_event(site)
    assert client.get(f"/quan-tri/training-events/{other.pk}/registrations/{row.pk}/").status_code == 404
