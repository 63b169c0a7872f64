"""The door: its list, its plain forms, and the synchronisation of devices."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import make_event, make_registration, publish
from training_events import door_list, qr
from training_events.models import (
    Attendance,
    EventPage,
    Message,
    Participant,
    PersonalDataAccess,
    Registration,
    RegistrationChange,
    SeatPool,
)
from training_events.services.registration import cancel
from training_events.views.door import desk_of

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    """A class that begins in a quarter of an hour: registration is still open."""
    return make_event(site, days=0.01, seats=3)


class Device:
    """A device at the door: it sends actions and keeps the last answer."""

    def __init__(self, client: Client, event: EventPage) -> None:
        self.client = client
        self.path = f"/quan-tri/ban-don-tiep/{event.pk}/{event.session_rows[0].translation_key}/"
        self.state: dict[str, Any] = {}

    def send(self, *actions: dict[str, Any], late: float = 0) -> list[dict[str, Any]]:
        """Send actions; ``late``: by how many seconds the device's clock is behind."""
        sent_at = (timezone.now().timestamp() - late) * 1000
        body = json.dumps({"actions": list(actions), "sent_at": sent_at})
        response = self.client.post(f"{self.path}dong-bo/", body, content_type="application/json")
        assert response.status_code == 200, response.content
        answer = response.json()
        self.state = answer["state"]
        return answer["results"]  # type: ignore[no-any-return]

    @property
    def people(self) -> dict[str, dict[str, Any]]:
        """The list by name."""
        return {one["name"]: one for one in self.state["people"]}


@pytest.fixture
def device(event: EventPage, admin_client: Client) -> Device:
    return Device(admin_client, event)


def ago(seconds: float) -> float:
    return (timezone.now().timestamp() - seconds) * 1000


def tap(row: Registration, key: str = "", seconds: float = 0, **more: Any) -> dict[str, Any]:
    person = row.participants.first()
    assert person
    key = key or uuid.uuid4().hex
    return {"key": key, "kind": "check_in", "person": str(person.key), "at": ago(seconds), **more}


def guest(**values: Any) -> dict[str, Any]:
    return {
        "key": uuid.uuid4().hex,
        "kind": "walk_in",
        "name": "Điểu Thị Mới",
        "phone": "",
        "people": 1,
        "agreed": True,
        "at": ago(0),
        **values,
    }


# --- what a device is told ---


def test_a_device_gets_as_little_as_it_needs(event: EventPage, device: Device) -> None:
    make_registration(event, name="Nguyễn Văn An", phone="+84912345678", email="an@example.vn")
    device.send()
    text = json.dumps(device.state)
    assert "12345678" not in text
    assert "example.vn" not in text
    assert device.people["Nguyễn Văn An"]["digits"] == "5678"
    until = datetime.datetime.fromisoformat(device.state["until"])
    assert until - event.ends_at == door_list.GRACE


def test_the_page_that_devices_keep_names_nobody(event: EventPage, device: Device) -> None:
    make_registration(event, name="Nguyễn Văn An")
    response = device.client.get(device.path)
    assert "Nguyễn Văn An" not in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert PersonalDataAccess.objects.get().kind == "door"


def test_the_service_worker_reaches_the_doors_only(admin_client: Client, client: Client) -> None:
    response = admin_client.get("/quan-tri/ban-don-tiep/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in response
    assert client.get("/quan-tri/ban-don-tiep/sw.js").status_code == 302


def test_signing_out_empties_the_device(admin_client: Client) -> None:
    assert "Clear-Site-Data" not in admin_client.get("/quan-tri/")
    assert admin_client.post("/quan-tri/logout/")["Clear-Site-Data"] == '"storage"'


# --- synchronising ---


@pytest.mark.database
def test_sent_twice_reordered_or_with_a_lost_answer_it_is_one_attendance(
    event: EventPage, device: Device
) -> None:
    first, second = make_registration(event), make_registration(event)
    one, two = tap(first, seconds=60), tap(second, seconds=30)
    assert [row["state"] for row in device.send(two, one)] == ["done", "done"]
    # the answer never arrived: the device sends all of it again, with one action more
    undo = {"key": uuid.uuid4().hex, "kind": "undo", "person": one["person"], "taps": [one["key"]]}
    assert [row["state"] for row in device.send(one, two, undo)] == ["done"] * 3
    assert [row["state"] for row in device.send(undo, one, two)] == ["done"] * 3
    assert Attendance.objects.get().participant.registration == second
    assert device.state["counts"]["present"] == 1


def test_an_undo_that_overtakes_its_check_in_holds(event: EventPage, device: Device) -> None:
    row = make_registration(event)
    one = tap(row)
    device.send({"key": uuid.uuid4().hex, "kind": "undo", "person": one["person"], "taps": [one["key"]]})
    assert device.send(one)[0]["state"] == "done"
    assert not Attendance.objects.exists()


def test_two_devices_check_the_same_person_in(event: EventPage, device: Device, client: Client) -> None:
    row = make_registration(event, name="Nguyễn Văn An")
    other = User.objects.create_superuser("binh", first_name="Bình")
    client.force_login(other)
    second = Device(client, event)
    assert second.send(tap(row, seconds=20, way="qr"))[0]["state"] == "done"
    # this one was without network: its tap was earlier, its clock is an hour behind
    result = device.send(tap(row, seconds=40 + 3600, way="phone"), late=3600)[0]
    assert result["state"] == "conflict"
    assert "Nguyễn Văn An được điểm danh hai lần" in result["text"]
    standing = Attendance.objects.get()
    assert (standing.way, standing.user_name) == ("phone", "admin")
    assert abs((timezone.now() - standing.checked_in_at).total_seconds() - 40) < 5
    later = second.send(tap(row))[0]
    assert "admin cũng đã điểm danh Nguyễn Văn An" in later["text"]


@pytest.mark.parametrize("at", [None, "x", -1e20, 1e20, float("inf"), 0])
def test_a_mad_clock_gives_a_time_near_the_session(event: EventPage, device: Device, at: Any) -> None:
    row = make_registration(event)
    device.send({**tap(row), "at": at})
    standing = Attendance.objects.get()
    assert timezone.now() - datetime.timedelta(hours=13) < standing.checked_in_at <= timezone.now()


def test_a_registration_cancelled_meanwhile_is_said_in_words(event: EventPage, device: Device) -> None:
    row = make_registration(event, name="Nguyễn Văn An")
    one = tap(row)
    cancel(row, now=timezone.now())
    result = device.send(one)[0]
    assert result["state"] == "conflict"
    assert "Đã ghi Nguyễn Văn An có mặt, nhưng đăng ký này đã hủy" in result["text"]
    assert device.people["Nguyễn Văn An"]["at"]


def test_somebody_unknown_or_of_another_event_is_no_entry(
    event: EventPage, device: Device, site: Site
) -> None:
    stranger = make_registration(make_event(site, "Lớp khác"))
    results = device.send(
        tap(stranger), {**tap(stranger), "person": str(uuid.uuid4())}, {**tap(stranger), "person": "x"}
    )
    assert [row["trouble"] for row in results] == ["gone", "gone", "unreadable"]
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "action",
    [
        None,
        3,
        [],
        {},
        {"key": "short", "kind": "check_in"},
        {"key": "k" * 16, "kind": "drop"},
        {"key": "k" * 16, "kind": "undo", "person": str(uuid.uuid4()), "taps": "all"},
        {"key": "k" * 16, "kind": "walk_in", "name": "123", "agreed": True},
        {"key": "k" * 16, "kind": "walk_in", "name": ["An"], "agreed": True},
        {"key": "k" * 16, "kind": "walk_in", "name": "An", "agreed": True, "people": 10**9},
    ],
)
def test_nonsense_is_refused_and_holds_up_nobody(event: EventPage, device: Device, action: Any) -> None:
    row = make_registration(event)
    results = device.send(action, tap(row))
    assert [one["state"] for one in results] == ["problem", "done"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"actions": 1}', b"\xff", b"[" * 100_000])
def test_an_unreadable_request_is_a_bad_request(device: Device, body: bytes) -> None:
    response = device.client.post(f"{device.path}dong-bo/", body, content_type="application/json")
    assert response.status_code == 400


def test_the_synchronisation_is_safe_from_other_websites(event: EventPage, admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    path = f"/quan-tri/ban-don-tiep/{event.pk}/{event.session_rows[0].translation_key}/dong-bo/"
    assert client.post(path, b'{"actions": []}', content_type="application/json").status_code == 403


# --- the list in groups ---


def ask(device: Device, known: Any, *actions: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"actions": list(actions), "sent_at": ago(0), "known": known})
    response = device.client.post(f"{device.path}dong-bo/", body, content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()  # type: ignore[no-any-return]


def digests(groups: dict[str, Any]) -> dict[str, str]:
    return {name: group["digest"] for name, group in groups.items()}


def test_results_come_without_the_list_and_the_list_only_where_it_changed(
    event: EventPage, device: Device
) -> None:
    publish(event, seats=30)
    rows = [make_registration(event) for _number in range(12)]
    answer = ask(device, None, tap(rows[0]))
    assert (list(answer), answer["results"][0]["state"]) == (["results"], "done")
    first = ask(device, {})["state"]
    assert sum(len(group["people"]) for group in first["groups"].values()) == 12
    assert (first["counts"]["present"], first["total"], first["more"]) == (1, 12, False)
    known = digests(first["groups"])
    assert ask(device, known)["state"]["groups"] == {}
    # a tap of another device, a name written down, somebody cancelled: each by its own way
    ask(device, None, tap(rows[1]))
    changed = ask(device, known)["state"]
    ((name, group),) = changed["groups"].items()
    (there,) = [one for one in group["people"] if one["code"] == rows[1].code]
    assert there["at"]
    assert "time" not in there
    assert changed["counts"]["present"] == 2
    known[name] = group["digest"]
    Participant.objects.filter(registration=rows[2]).update(name="Tên khác")
    (group,) = ask(device, known)["state"]["groups"].values()
    assert "Tên khác" in [one["name"] for one in group["people"]]
    cancel(rows[2], now=timezone.now())
    (group,) = ask(device, known)["state"]["groups"].values()
    assert rows[2].code not in [one["code"] for one in group["people"]]


def test_a_group_without_anybody_left_is_taken_off_the_device(event: EventPage, device: Device) -> None:
    row = make_registration(event)
    known = digests(ask(device, {})["state"]["groups"])
    cancel(row, now=timezone.now())
    (group,) = ask(device, known)["state"]["groups"].values()
    assert group["people"] == []
    assert ask(device, {})["state"]["groups"] == {}


def test_a_large_list_comes_in_pieces(
    event: EventPage, device: Device, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(door_list, "PIECE", 5)
    publish(event, seats=40)
    for _number in range(4):
        make_registration(event, party_size=5)
    known: dict[str, str] = {}
    people: list[dict[str, Any]] = []
    for _piece in range(40):
        with django_assert_max_num_queries(40):
            state = ask(device, known)["state"]
        found = [one for group in state["groups"].values() for one in group["people"]]
        assert len(found) <= 8
        people += found
        known |= digests(state["groups"])
        if not state["more"]:
            break
    assert len({one["key"] for one in people}) == len(people) == 20
    assert sum(one.get("position", 1) == 1 for one in people) == 4


@pytest.mark.parametrize("known", [1, "x", [], {str(number): "" for number in range(65)}])
def test_nonsense_about_the_list_is_a_bad_request(device: Device, known: Any) -> None:
    body = json.dumps({"actions": [], "known": known})
    response = device.client.post(f"{device.path}dong-bo/", body, content_type="application/json")
    assert response.status_code == 400


def test_both_ways_of_reading_the_list_say_the_same(event: EventPage, device: Device) -> None:
    make_registration(event, name="Nguyễn Văn An", phone="+84912345678", party_size=2)
    gone = make_registration(event)
    device.send(tap(gone), tap(Registration.objects.first()))  # type: ignore[arg-type]
    cancel(gone, now=timezone.now())
    event = EventPage.objects.get()
    desk = desk_of(event, event.session_rows[0], User.objects.get())
    slow = [door_list.entry(door_list.line_of(one)) for one in door_list.listed(desk)]
    fast = [door_list.entry(one) for one in door_list.lines(desk)]
    assert len(slow) == 3
    assert sorted(slow, key=str) == sorted(fast, key=str)


# --- who is let in ---


def test_walk_ins_take_free_seats_and_then_need_a_reason(event: EventPage, device: Device) -> None:
    make_registration(event)
    first = guest(people=2, name="Lê Văn Tới")
    assert device.send(first, first)[0]["state"] == "done"
    row = Registration.objects.get(source="walk_in")
    assert (row.party_size, row.phone, row.registered_by.username) == (2, "", "admin")
    assert row.consent_text.startswith("Cán bộ đã đọc")
    assert Attendance.objects.filter(way="walk_in").count() == 2
    full = guest()
    result = device.send(full)[0]
    assert (result["state"], result["trouble"]) == ("problem", "full")
    assert SeatPool.objects.get().taken == 3
    assert device.send({**full, "reason": "Trưởng thôn, phải dự"})[0]["state"] == "done"
    assert SeatPool.objects.get().taken == 4
    change = RegistrationChange.objects.get(action="overridden")
    assert (change.reason, change.user_name) == ("Trưởng thôn, phải dự", "admin")


def test_after_registration_closed_a_walk_in_still_gets_a_free_seat_but_never_one_too_many(
    event: EventPage, device: Device
) -> None:
    publish(event, registration_closes_at=timezone.now() - datetime.timedelta(hours=1))
    assert device.send(guest(people=3))[0]["state"] == "done"
    assert device.send(guest())[0]["trouble"] == "full"
    assert device.send(guest(kind="by_phone", phone="0912345678"))[0]["trouble"] == "full"
    assert SeatPool.objects.get().taken == 3


def test_calls_are_registered_without_being_present(event: EventPage, device: Device) -> None:
    assert device.send(guest(kind="by_phone"))[0]["trouble"] == "party"
    assert device.send(guest(kind="by_phone", phone="0912 345 678", people=3))[0]["state"] == "done"
    row = Registration.objects.get()
    assert (row.source, row.phone, row.status) == ("phone", "+84912345678", "confirmed")
    assert not Attendance.objects.exists()
    waiting = device.send(guest(kind="by_phone", phone="0987654321"))[0]
    assert waiting["state"] == "conflict"
    assert "danh sách chờ" in waiting["text"]


def test_consent_and_phone_are_asked_for(event: EventPage, device: Device) -> None:
    assert "thông tin cá nhân" in device.send(guest(agreed=False))[0]["text"]
    assert "chưa đúng" in device.send(guest(phone="12"))[0]["text"]
    assert not Registration.objects.exists()


def test_somebody_registered_already_is_noticed(event: EventPage, device: Device) -> None:
    make_registration(event, name="Điểu Thị Mới", phone="+84912345678")
    result = device.send(guest(name="Dieu thi moi", phone="0912345678"))[0]
    assert (result["state"], "cùng số đăng ký" in result["text"]) == ("conflict", True)


def test_who_waits_is_let_in_where_there_is_room(event: EventPage, device: Device) -> None:
    row = make_registration(event, party_size=3)
    waiting = make_registration(event, name="Lê Thị Chờ")
    assert device.send(tap(waiting))[0]["trouble"] == "full"
    publish(event, registration_closes_at=timezone.now() - datetime.timedelta(hours=1))
    cancel(row, now=timezone.now())
    assert device.send(tap(waiting))[0]["state"] == "done"
    waiting.refresh_from_db()
    assert (waiting.status, SeatPool.objects.get().taken) == ("confirmed", 1)


def test_who_is_let_in_is_approved(site: Site, admin_client: Client) -> None:
    event = make_event(site, days=0.01, approval=True)
    row = make_registration(event)
    assert Device(admin_client, event).send(tap(row))[0]["state"] == "done"
    row.refresh_from_db()
    assert (row.status, row.changes.get().action) == ("confirmed", "approved")


def test_names_are_written_down_once(event: EventPage, device: Device) -> None:
    row = make_registration(event, party_size=2)
    second = row.participants.get(position=2)
    name = {"key": uuid.uuid4().hex, "kind": "name", "person": str(second.key), "name": " Lê  Thị Mai "}
    assert [one["state"] for one in device.send(name, name)] == ["done", "done"]
    assert Participant.objects.get(pk=second.pk).name == "Lê Thị Mai"
    assert row.changes.count() == 1
    assert "Lê Thị Mai" in device.send({**name, "name": "Ai khác"})[0]["text"]


# --- plain forms ---


@pytest.mark.parametrize(
    "words",
    [
        "nguyen thi hoa",
        "Hoa Nguyễn",
        "NGUYỄN",
        "0912 345 678",
        "+84 912.345.678",
        "0084912345678",
        "5678",
        "{code}",
        "{qr}",
        "{badge}",
    ],
)
def test_everybody_is_found_the_way_people_write(event: EventPage, device: Device, words: str) -> None:
    row = make_registration(event, name="Nguyễn Thị Hoa", phone="+84912345678")
    make_registration(event, name="Trần Văn Bé", phone="+84987654321")
    person = row.participants.get()
    words = words.format(
        code=row.shown_code.lower(), qr=qr.for_registration(row.code), badge=qr.for_person(person.key)
    )
    page = device.client.post(device.path, {"q": words}).content.decode()
    assert "Nguyễn Thị Hoa" in page
    assert "Trần Văn Bé" not in page


def test_without_a_script_the_forms_do_the_same(event: EventPage, device: Device) -> None:
    row = make_registration(event, name="Nguyễn Thị Hoa", phone="+84912345678")
    person = row.participants.get()
    form = {
        "key": uuid.uuid4().hex,
        "kind": "check_in",
        "person": str(person.key),
        "way": "phone",
        "q": "0912345678",
    }
    for _time in range(2):
        response = device.client.post(device.path, form)
        assert response.status_code == 200
    assert "Có mặt lúc" in response.content.decode()
    assert Attendance.objects.get().way == "phone"
    undo = {"key": uuid.uuid4().hex, "kind": "undo", "person": str(person.key), "taps": form["key"]}
    device.client.post(device.path, undo)
    assert not Attendance.objects.exists()
    walk_in = {
        "key": uuid.uuid4().hex,
        "kind": "walk_in",
        "name": "Lê Văn Tới",
        "people": "1",
        "agreed": "on",
    }
    assert "Đã lưu." in device.client.post(device.path, walk_in).content.decode()
    assert Attendance.objects.get().participant.name == "Lê Văn Tới"
    page = device.client.post(device.path, {**walk_in, "key": uuid.uuid4().hex, "people": "3"})
    assert "Chỉ còn 1 chỗ. Vẫn cần đăng ký thì ghi lý do." in page.content.decode()


def test_a_session_of_another_event_is_not_found(event: EventPage, device: Device, site: Site) -> None:
    other = make_event(site)
    path = f"/quan-tri/ban-don-tiep/{other.pk}/{event.session_rows[0].translation_key}/"
    assert device.client.get(path).status_code == 404


# --- codes ---


def test_codes_of_slips_and_badges_tell_nothing_and_are_read_back() -> None:
    key = uuid.uuid4()
    assert qr.read(qr.for_person(key).lower()) == key
    assert qr.read(" TH:ABC2345 ") == "ABC2345"
    for text in ("", "ABC2345", "https://example.vn/", "TH:", "TH:ABC234", "TH:" + "1" * 26, "TH:ỄỄỄ"):
        assert qr.read(text) is None


# --- taking back what was entered by mistake ---


def test_a_walk_in_entered_by_mistake_is_taken_back_and_nobody_is_written_to(
    event: EventPage, device: Device
) -> None:
    entered = guest(phone="0912345678", people=2)
    slip = {"key": uuid.uuid4().hex, "kind": "withdraw", "entry": entered["key"]}
    assert [one["state"] for one in device.send(slip, entered, slip, slip)] == ["done"] * 4
    row = Registration.objects.get()
    assert (row.status, row.pool.taken, device.state["people"]) == ("cancelled", 0, [])
    assert row.changes.last().reason == "Ghi nhầm tại bàn đón tiếp"
    assert not Message.objects.unsent().exists()


def test_whom_another_device_checked_in_as_well_stays(event: EventPage, device: Device) -> None:
    entered = guest()
    device.send(entered)
    device.send(tap(Registration.objects.get()))
    (result,) = device.send({"key": uuid.uuid4().hex, "kind": "withdraw", "entry": entered["key"]})
    assert (result["state"], Registration.objects.get().status) == ("conflict", "confirmed")
    assert "Điểu Thị Mới vẫn còn trong danh sách" in result["text"]
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("approval", [False, True])
def test_who_is_let_in_is_written_to_by_nobody(event: EventPage, device: Device, approval: bool) -> None:
    publish(event, seats=1, approval=approval)
    first, waits = make_registration(event), make_registration(event)
    cancel(first, now=timezone.now() + datetime.timedelta(minutes=20))
    device.send(tap(waits, reason="Đã vào"), tap(make_registration(event, party_size=1), reason="Đã vào"))
    assert waits.participants.get().attendances.exists()
    told = set(Message.objects.filter(registration=waits).values_list("occasion", flat=True))
    assert told == {"waiting"}
    Message.objects.update(state="recorded")
    assert not Message.objects.for_staff().exists()
