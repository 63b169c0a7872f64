"""The day of a class: who gets nowhere near its door and papers, and what is done to many people at once."""

from __future__ import annotations

import csv
import io
import json
import uuid

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, Site

from tests.factories.core import home_of, make_office
from tests.factories.training_events import DAY, make_event, make_registration
from training_events.models import Attendance, Certificate, CheckIn, EventPage, Registration
from training_events.spreadsheets import BOM, Sheet, as_csv
from training_events.views import staff, staff_bulk

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def publisher(site: Site, name: str) -> Client:
    """Return the browser of somebody who may do everything to the pages of one office."""
    user, group = User.objects.create_user(name), Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=home_of(site), permission=permission)
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def test_staff_of_another_commune_get_nowhere_by_guessed_addresses(site: Site) -> None:
    event = make_event(site, days=-1, certificate=True)
    row = make_registration(event, name="Nguyễn Thị Hoa", now=timezone.now() - 5 * DAY)
    person = row.participants.get()
    stranger = publisher(make_office("da-kia.localhost", title="Xã Đa Kia"), "xa")
    own = publisher(site, "nha")
    session = event.session_rows[0].translation_key
    door, base = f"/quan-tri/ban-don-tiep/{event.pk}/{session}/", f"/quan-tri/training-events/{event.pk}"
    looks = [door, f"{base}/diem-danh/{session}.pdf", f"{base}/the.pdf", f"{base}/giay-chung-nhan/"]
    for address in looks:
        assert own.get(address).status_code == 200, address
        assert stranger.get(address).status_code in (302, 403), address
    tap = {"key": uuid.uuid4().hex, "kind": "check_in", "person": str(person.key)}
    body = json.dumps({"actions": [tap], "known": {}})
    answers = [
        stranger.post(door, tap),
        stranger.post(door, {"q": "hoa"}),
        stranger.post(f"{door}dong-bo/", body, content_type="application/json"),
        stranger.post(f"{base}/giay-chung-nhan.pdf"),
        stranger.get(f"{base}/giay-chung-nhan.pdf"),
        stranger.post(f"{base}/registrations/bulk/", {"row": str(row.pk), "action": "cancel", "reason": "x", "confirmed": "1"}),
        stranger.post(f"{base}/registrations/{row.pk}/", {"action": "withdraw", "reason": "x"}),
    ]  # fmt: skip
    for response in answers:
        assert response.status_code in (302, 403)
        assert "Hoa" not in response.content.decode()
    assert not CheckIn.objects.exists()
    assert not Certificate.objects.exists()
    assert Registration.objects.get().is_current
    # the same through an event of one's own: its people are looked for among its own
    mine = make_event(Site.objects.get(hostname="da-kia.localhost"), days=-1)
    there = f"/quan-tri/ban-don-tiep/{mine.pk}/{mine.session_rows[0].translation_key}/dong-bo/"
    answer = stranger.post(there, body, content_type="application/json").json()
    assert (answer["results"][0]["trouble"], answer["state"]["groups"]) == ("gone", {})
    assert not Attendance.objects.exists()


# --- several at once ---


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, days=-1, seats=50)


def test_all_of_a_list_of_several_pages_are_done_and_no_more_than_can_be_done_at_once(
    event: EventPage, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "PAGE_SIZE", 2)
    rows = [make_registration(event, now=timezone.now() - 5 * DAY) for _number in range(5)]
    address = f"/quan-tri/training-events/{event.pk}/registrations/"
    page = admin_client.get(address).content.decode()
    assert "cả 5 đăng ký của danh sách" in page
    at = str(event.session_rows[0].translation_key)
    form = {"action": "attended", "scope": "all", "confirmed": "1", "at": at, "row": str(rows[0].pk)}
    monkeypatch.setattr(staff_bulk, "LARGEST", 4)
    refused = admin_client.post(f"{address}bulk/", form, follow=True).content.decode()
    assert "nhiều nhất 4 đăng ký" in refused
    assert not Attendance.objects.exists()
    ticked = {**form, "scope": "", "row": [str(row.pk) for row in rows]}
    assert "nhiều nhất 4" in admin_client.post(f"{address}bulk/", ticked, follow=True).content.decode()
    monkeypatch.setattr(staff_bulk, "LARGEST", 5)
    assert (
        "Đã thực hiện với 5 đăng ký"
        in admin_client.post(f"{address}bulk/", form, follow=True).content.decode()
    )
    assert Attendance.objects.count() == 5


# --- looking for people, and files ---


def test_a_short_name_is_not_found_inside_codes(event: EventPage) -> None:
    found = Registration.objects.matching
    for code, name in (("23ANXYZ", "Võ Bé"), ("ANX2345", "Lê Thị Cúc"), ("4567899", "Phạm An")):
        row = make_registration(event, name=name, now=timezone.now() - 5 * DAY)
        Registration.objects.filter(pk=row.pk).update(code=code)
    wanted = {"an": "4567899", "anx": "ANX2345", "anx 23": "ANX2345", "3an": "23ANXYZ", "23 anxyz": "23ANXYZ"}
    assert {words: [row.code for row in found(words)] for words in wanted} == {
        words: [code] for words, code in wanted.items()
    }
    assert not found("nxyz").exists()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((text, f"'{text}") for text in (
            "0312345678", "2345E67", "2345e67", "123456789012", "MAR2345", "23DEC", "1-2", "12/3", "7:30", "1.5", "=1+1", "+84",
        )),
        *((text, text) for text in ("2026-11-24 07:30", "2026-11-24", "ABC2345", "0912 345 678", "Lớp 1-2", "1980", "An", "")),
    ],
)  # fmt: skip
def test_a_csv_keeps_what_a_program_would_take_for_something_else(text: str, written: str) -> None:
    sheet = Sheet("x", ["Mã"], [[text]])
    (_heading, (cell,)) = csv.reader(io.StringIO(as_csv(sheet).removeprefix(BOM)))
    assert cell == written
    assert list(csv.reader(io.StringIO(as_csv(Sheet("x", ["Số"], [[1980]])).removeprefix(BOM))))[1] == [
        "1980"
    ]
