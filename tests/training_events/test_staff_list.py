"""The list of registrations for staff: search, filters, several at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import make_event, make_registration
from training_events.models import Attendance, EventPage, Registration
from training_events.services import bulk, history
from training_events.views import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, days=0.01, registrants="everybody", approval=True)


@pytest.fixture
def rows(event: EventPage) -> list[Registration]:
    return [
        make_registration(event, name="Nguyễn Thị Hoa", phone="+84912345678", place=make_place("Đăk Ơ")),
        make_registration(event, name="Trần Văn Đức", party_size=2),
        make_registration(event, name="Lê Mai", registrant="cooperative", organisation_name="HTX Điều Xanh"),
    ]


def path(event: EventPage) -> str:
    return f"/quan-tri/training-events/{event.pk}/registrations/"


def names(client: Client, event: EventPage, **query: Any) -> list[str]:
    shown = client.post(path(event), query)
    assert not query.get("q") or str(query["q"]) not in shown["Location"]
    rows = client.get(shown["Location"]).context["rows"]
    return [row.contact_name for row in rows]


@pytest.mark.parametrize(
    "words",
    [
        "hoa",
        "Hoa Nguyen",
        "NGUYỄN THỊ",
        "0912345678",
        "0912 345 678",
        "+84 912-345-678",
        "84912345678",
        "{code}",
    ],
)
def test_people_are_found_as_they_are_written(
    admin_client: Client, event: EventPage, rows: list[Registration], words: str
) -> None:
    assert names(admin_client, event, q=words.format(code=rows[0].shown_code)) == ["Nguyễn Thị Hoa"]


def test_filters_narrow_the_list_and_the_files(
    admin_client: Client, admin_user: User, event: EventPage, rows: list[Registration]
) -> None:
    session = event.session_rows[0]
    bulk.run("approve", rows[:1], by=history.staff(admin_user), now=timezone.now())
    bulk.run("attended", rows, by=history.staff(admin_user), now=timezone.now(), session=session)
    key = str(session.translation_key)
    assert names(admin_client, event, status="confirmed") == ["Nguyễn Thị Hoa"]
    assert names(admin_client, event, place=rows[0].place_id) == ["Nguyễn Thị Hoa"]
    assert names(admin_client, event, registrant="cooperative") == ["Lê Mai"]
    assert names(admin_client, event, attendance="present", session=key) == ["Nguyễn Thị Hoa"]
    assert names(admin_client, event, attendance="absent") == ["Trần Văn Đức", "Lê Mai"]
    junk = {"place": "x", "status": "y", "session": "z", "attendance": "?", "registrant": "\x00"}
    assert len(names(admin_client, event, **junk)) == 3
    file = admin_client.get(f"{path(event)[:-1]}.csv", {"registrant": "cooperative"}).content.decode()
    assert "HTX Điều Xanh" in file
    assert "Trần Văn Đức" not in file


def test_several_are_decided_after_a_question_and_with_a_reason(
    admin_client: Client, event: EventPage, rows: list[Registration]
) -> None:
    address = f"{path(event)}bulk/"
    chosen = {"row": [rows[0].pk, rows[1].pk], "action": "refuse"}
    asked = admin_client.post(address, chosen)
    assert "Nguyễn Thị Hoa" in asked.content.decode()
    assert "Lê Mai" not in asked.content.decode()
    assert Registration.objects.pending().count() == 3
    missing = admin_client.post(address, {**chosen, "confirmed": "1"})
    assert "Cần ghi lý do" in missing.content.decode()
    done = admin_client.post(address, {**chosen, "confirmed": "1", "reason": "Sai đối tượng"}, follow=True)
    assert "Đã thực hiện với 2 đăng ký." in done.content.decode()
    again = admin_client.post(address, {**chosen, "confirmed": "1", "reason": "Sai đối tượng"}, follow=True)
    assert "2 đăng ký giữ nguyên" in again.content.decode()
    rows[0].refresh_from_db()
    assert (rows[0].status, rows[0].changes.get().reason) == ("refused", "Sai đối tượng")


def test_all_that_the_filter_shows_are_marked_as_present(
    admin_client: Client, admin_user: User, event: EventPage, rows: list[Registration]
) -> None:
    bulk.run("approve", rows, by=history.staff(admin_user), now=timezone.now())
    address = f"{path(event)}bulk/"
    form = {"scope": "all", "registrant": "person", "action": "attended"}
    page = admin_client.post(address, form).content.decode()
    key = str(event.session_rows[0].translation_key)
    assert key in page
    assert (
        "Anh/chị chọn buổi."
        in admin_client.post(address, {**form, "confirmed": "1", "at": "x"}).content.decode()
    )
    admin_client.post(address, {**form, "confirmed": "1", "at": key})
    assert Attendance.objects.count() == 3
    assert "Lê Mai" not in set(Attendance.objects.values_list("participant__name", flat=True))


def test_rows_of_other_events_and_nonsense_are_left_alone(
    admin_client: Client, event: EventPage, rows: list[Registration], site: Site
) -> None:
    stranger = make_registration(make_event(site, "Lớp khác"))
    address = f"{path(event)}bulk/"
    form = {"row": [stranger.pk, "x", "9" * 30], "action": "cancel", "confirmed": "1", "reason": "x"}
    assert "Anh/chị đánh dấu các đăng ký" in admin_client.post(address, form, follow=True).content.decode()
    admin_client.post(address, {"row": [rows[0].pk], "action": "drop", "confirmed": "1"})
    assert admin_client.get(address).status_code == 302
    assert Registration.objects.current().count() == 4


def test_the_slip_shows_a_code_without_personal_data(client: Client, site: Site) -> None:
    row = make_registration(make_event(site), name="Nguyễn Thị Hoa")
    page = client.get(f"/dang-ky/xac-nhan/{row.token}/").content.decode()
    assert 'class="qr__picture"' in page
    assert 'aria-label="Mã QR của đăng ký"' in page


def test_a_search_lasts_over_pages_filters_and_decisions_and_stands_in_no_address(
    admin_client: Client, event: EventPage, rows: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "PAGE_SIZE", 1)
    first = admin_client.post(path(event), {"q": "0900 000", "status": "pending"}, follow=True)
    address = first.redirect_chain[0][0]
    assert "0900" not in address
    page = first.content.decode()
    assert 'value="0900 000"' in page
    following = re.search(r'href="(\?[^"]+p=2)"', page)
    assert following is not None
    assert "0900" not in following[1]
    second = admin_client.get(path(event) + following[1].replace("&amp;", "&"))
    assert [row.contact_name for one in (first, second) for row in one.context["rows"]] == [
        "Trần Văn Đức",
        "Lê Mai",
    ]
    form = {"scope": "all", "action": "approve", "tim": first.context["filters"].search}
    asked = admin_client.post(f"{path(event)}bulk/", form)
    assert [row.contact_name for row in asked.context["chosen"]] == ["Trần Văn Đức", "Lê Mai"]
    # a search that is gone decides about nobody
    gone = admin_client.post(f"{path(event)}bulk/", {**form, "tim": "0123456789ab"})
    assert gone.status_code == 302
    assert "Lần tìm này đã lâu" in admin_client.get(path(event), {"tim": "0123456789ab"}).content.decode()
    assert len(admin_client.get(path(event), {"q": "0900 000"}).context["rows"].object_list) == 1
