"""Calendar files and invitations, read back by two programs that know nothing of ours."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import vobject
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction, Site

from tests.factories.core import make_office, make_place, make_topic
from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events import ics
from training_events.models import EventPage, EventSeriesPage, EventSession, SeatPool
from training_events.services import delivery
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db
TITLE = 'Tập huấn; "bán hạt điều", sầu riêng \\ ở Đắk Ơ: ' + "thương mại điện tử " * 6


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def read(content: bytes) -> list[dict[str, Any]]:
    """Return the entries as both parsers understand them; they must agree."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    one = Calendar.from_ical(content)
    other = vobject.readOne(content.decode())
    assert not one.errors
    assert [str(zone["TZID"]) for zone in one.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    found = []
    entries = list(getattr(other, "vevent_list", []))
    for left, right in zip(one.walk("VEVENT"), entries, strict=True):
        assert not left.errors
        entry = {
            "method": str(one["METHOD"]),
            "uid": str(left["UID"]),
            "sequence": int(left["SEQUENCE"]),
            "status": str(left["STATUS"]),
            "title": str(left["SUMMARY"]),
            "begins": left["DTSTART"].dt,
            "ends": left["DTEND"].dt,
            "stamp": left["DTSTAMP"].dt,
        }
        assert right.uid.value == entry["uid"]
        assert int(right.sequence.value) == entry["sequence"]
        assert right.status.value == entry["status"]
        assert right.summary.value == entry["title"]
        assert right.dtstart.value == entry["begins"]
        assert right.dtend.value == entry["ends"]
        assert other.method.value == entry["method"]
        assert entry["begins"].utcoffset() == datetime.timedelta(hours=7)
        found.append(entry)
    return found


def download(client: Client, event: EventPage) -> list[dict[str, Any]]:
    return read(client.get(f"/dang-ky/{event.pk}/lich.ics").content)


def move(event: EventPage, days: int = 1) -> EventPage:
    for row in event.sessions.all():
        row.starts_at += days * DAY
        row.ends_at += days * DAY
        row.save()
    return publish(EventPage.objects.get(pk=event.pk))


def invitations() -> list[list[dict[str, Any]]]:
    return [read(part.get_payload(decode=True)) for letter in mail.outbox for part in letter.attachments]


# --- the file of one event ---


def test_both_parsers_read_title_times_and_one_entry_for_each_session(client: Client, site: Site) -> None:
    event = make_event(site, TITLE.strip(), sessions=3)
    rows = download(client, event)
    sessions = event.session_rows
    assert [row["title"] for row in rows] == [f"{TITLE.strip()}: {one.title}" for one in sessions]
    assert [row["begins"] for row in rows] == [one.starts_at for one in sessions]
    assert [row["ends"] for row in rows] == [one.ends_at for one in sessions]
    assert [row["uid"] for row in rows] == [str(one.translation_key) for one in sessions]


def test_sequence_rises_with_time_place_and_status_only(client: Client, site: Site) -> None:
    event = make_event(site)
    first = download(client, event)[0]
    event = publish(event, title="Dùng VNeID thành thạo")
    assert download(client, event)[0]["sequence"] == first["sequence"]
    seen = [first["sequence"]]
    event = move(event)
    seen.append(download(client, event)[0]["sequence"])
    event = publish(event, venue_name="Hội trường xã")
    seen.append(download(client, event)[0]["sequence"])
    event = publish(event, status="cancelled")
    last = download(client, event)[0]
    seen.append(last["sequence"])
    assert seen == sorted(set(seen))
    assert (last["uid"], last["status"]) == (first["uid"], "CANCELLED")


def test_the_words_of_an_editor_break_no_line(site: Site) -> None:
    event = make_event(site)
    entry = ics.entries(event)[0]
    nasty = "A\r\nATTENDEE:mailto:x@y\nB\x00\x1b;,\\"
    guest = ics.Guest('Xã "Mẫu"', "xa@example.vn", "Hoa\nX:Y", "hoa@example.vn")
    import dataclasses

    rows = [dataclasses.replace(entry, title=nasty, place=nasty, description=nasty)]
    content = ics.calendar(rows, host="localhost", method="REQUEST", guest=guest)
    (found,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(found["SUMMARY"]) == "A\nATTENDEE:mailto:x@y\nB;,\\"
    assert str(found["ATTENDEE"]) == "mailto:hoa@example.vn"
    assert found["ORGANIZER"].params["CN"] == "Xã 'Mẫu'"
    read(content)


def test_a_series_brings_the_sessions_of_its_classes_and_their_places(client: Client, site: Site) -> None:
    index = make_event_index(site)
    series = EventSeriesPage(title="Đợt", slug="dot", locale=index.locale, seats=10, venue_name="Trụ sở")
    index.add_child(instance=series)
    begin = timezone.now().replace(microsecond=0) + 10 * DAY
    for number, place in enumerate(("Thôn 1", "Thôn 2")):
        page = EventPage(title=f"Lớp {number}", slug=f"lop-{number}", locale=index.locale, venue_name=place)
        start = begin + number * DAY
        page.sessions = [EventSession(starts_at=start, ends_at=start + DAY / 8, locale=index.locale)]
        EventSeriesPage.objects.get(pk=series.pk).add_child(instance=page)
    series = EventSeriesPage.objects.get(pk=series.pk)
    rows = download(client, series)
    assert [row["title"] for row in rows] == ["Lớp 0", "Lớp 1"]
    make_registration(series, email="a@example.vn")
    delivery.send_due(now=timezone.now())
    assert [row["uid"] for row in invitations()[0]] == [row["uid"] for row in rows]
    # one class is called off: its entry is taken back, the others stay
    one = EventPage.objects.get(slug="lop-0")
    publish(one, status="cancelled")
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=11))
    request, gone = invitations()[1:]
    assert [(row["method"], row["uid"]) for row in request] == [("REQUEST", rows[1]["uid"])]
    assert [(row["method"], row["uid"]) for row in gone] == [("CANCEL", rows[0]["uid"])]


# --- invitations ---


def test_an_invitation_is_made_changed_and_taken_back_under_one_uid(site: Site) -> None:
    event = make_event(site, sessions=2)
    row = make_registration(event, email="hoa@example.vn", name="Hoa")
    delivery.send_due(now=timezone.now())
    move(event)
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=11))
    cancel(row, now=timezone.now())
    delivery.send_due(now=timezone.now())
    made, changed, gone = invitations()
    assert [part[0]["method"] for part in (made, changed, gone)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [one["uid"] for one in made] == [one["uid"] for one in changed] == [one["uid"] for one in gone]
    for before, after in ((made, changed), (changed, gone)):
        assert after[0]["sequence"] > before[0]["sequence"]
        assert after[0]["stamp"] >= before[0]["stamp"]
    assert changed[0]["begins"] == made[0]["begins"] + DAY
    assert {one["status"] for one in gone} == {"CANCELLED"}


def test_who_registers_again_is_invited_above_what_was_taken_back(site: Site) -> None:
    event = make_event(site)
    for address in ("hoa@example.vn", "Hoa@example.vn"):
        row = make_registration(event, email=address)
        delivery.send_due(now=timezone.now())
        cancel(row, now=timezone.now())
        delivery.send_due(now=timezone.now())
    rows = [part[0] for part in invitations()]
    assert [one["method"] for one in rows] == ["REQUEST", "CANCEL"] * 2
    assert len({one["uid"] for one in rows}) == 1
    seen = [one["sequence"] for one in rows]
    assert seen == sorted(set(seen)), "a calendar ignores what is older than what it has"


def test_of_two_parties_at_one_address_the_one_that_comes_keeps_the_entry(site: Site) -> None:
    event = make_event(site)
    first, second = (make_registration(event, email="nha@example.vn") for _ in range(2))
    for row in (first, second):
        delivery.send_due(now=timezone.now())
        cancel(row, now=timezone.now())
    delivery.send_due(now=timezone.now())
    rows = [part[0] for part in invitations()]
    assert [one["method"] for one in rows] == ["REQUEST", "REQUEST", "CANCEL"]
    assert rows[2]["sequence"] > rows[1]["sequence"]


def test_who_waits_is_not_invited_and_a_session_that_was_deleted_is_taken_back(site: Site) -> None:
    event = make_event(site, sessions=2, seats=1)
    make_registration(event, email="a@example.vn")
    make_registration(event, email="b@example.vn")
    delivery.send_due(now=timezone.now())
    assert len(invitations()) == 1
    second = str(event.session_rows[1].translation_key)
    event.sessions = event.session_rows[:1]
    publish(event)
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=11))
    _first, request, gone = invitations()
    assert [row["uid"] for row in gone] == [second]
    assert gone[0]["method"] == "CANCEL"
    assert len(request) == 1


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_class_that_is_off_leaves_the_calendars(site: Site, status: str) -> None:
    event = make_event(site)
    make_registration(event, email="a@example.vn")
    delivery.send_due(now=timezone.now())
    publish(event, status=status)
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=11))
    made, gone = invitations()
    assert (gone[0]["method"], gone[0]["uid"]) == ("CANCEL", made[0]["uid"])
    assert gone[0]["sequence"] > made[0]["sequence"]


# --- feeds ---


def feed(client: Client, path: str = "/lich-tap-huan.ics", **headers: str) -> list[str]:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return sorted(row["title"] for row in read(response.content))


def test_feeds_hold_all_classes_those_of_a_place_and_those_of_a_topic(client: Client, site: Site) -> None:
    place, topic = make_place(), make_topic()
    make_event(site, "Ở xã", places=[place])
    make_event(site, "Chủ đề", topics=[topic])
    make_event(site, "Hủy", status="cancelled")
    make_event(site, "Mới qua", days=-30)
    make_event(site, "Cũ", days=-200)
    assert feed(client) == ["Chủ đề", "Hủy", "Mới qua", "Ở xã"]
    assert feed(client, f"/lich-tap-huan/dia-ban/{place.slug}.ics") == ["Ở xã"]
    assert feed(client, f"/lich-tap-huan/linh-vuc/{topic.slug}.ics") == ["Chủ đề"]
    rows = {row["title"]: row["status"] for row in read(client.get("/lich-tap-huan.ics").content)}
    assert rows["Hủy"] == "CANCELLED"
    for wrong in ("dia-ban/khong-co", "doi-tuong/nguoi-dan", "linh-vuc/" + "x" * 300):
        assert client.get(f"/lich-tap-huan/{wrong}.ics").status_code == 404


def test_drafts_private_classes_and_other_offices_never_leak(client: Client, site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=site)
    make_event(commune, "Của xã")
    make_event(site, "Công khai")
    make_event(site, "Dùng chung", shared=True)
    draft = make_event(site, "Nháp")
    draft.unpublish()
    private = make_event(site, "Riêng")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    changed = make_event(site, "Đang sửa")
    changed.title = "Chưa công bố"
    changed.save_revision()
    assert feed(client) == ["Công khai", "Dùng chung", "Đang sửa"]
    assert feed(client, host="da-kia.localhost") == ["Của xã", "Dùng chung"]


def test_a_feed_that_has_not_changed_is_not_sent_again(client: Client, site: Site) -> None:
    event = make_event(site)
    first = client.get("/lich-tap-huan.ics")
    assert "public" in first["Cache-Control"]
    assert first["Last-Modified"]
    for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get("/lich-tap-huan.ics", headers=header)
        assert (again.status_code, again.content) == (304, b"")
    move(event)
    assert client.get("/lich-tap-huan.ics", headers={"if-none-match": first["ETag"]}).status_code == 200
    assert client.post("/lich-tap-huan.ics").status_code == 405


def test_a_feed_costs_the_same_for_two_and_for_twenty(
    client: Client, site: Site, django_assert_max_num_queries: Any
) -> None:
    place = make_place()
    for number in range(20):
        make_event(site, f"Lớp {number}", sessions=2, venue_place=place, days=number + 1)
    client.get("/")
    with django_assert_max_num_queries(12):
        client.get("/lich-tap-huan.ics")
    with django_assert_max_num_queries(2):
        client.get("/lich-tap-huan.ics")


def test_an_office_without_classes_has_an_empty_calendar(client: Client, site: Site) -> None:
    assert not SeatPool.objects.exists()
    content = client.get("/lich-tap-huan.ics").content
    assert Calendar.from_ical(content).walk("VEVENT") == []
