"""The calendar, the event page, its data for machines, its translation and what staff see of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from icalendar import Calendar
from wagtail.models import GroupPagePermission, Locale, PageLogEntry, Site
from wagtail_localize.models import Translation, TranslationSource

from core import offices
from tests.factories.core import (
    home_of,
    make_audience,
    make_office,
    make_pillar,
    make_place,
    make_topic,
)
from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events.models import EventPage, SeatPool
from training_events.spreadsheets import BOM, safe_cell

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu", "languages": ("vi", "en")}


def text_of(response: Any) -> str:
    return response.content.decode()


def titles(response: Any) -> list[str]:
    return [card.title for card in response.context["listing"].cards]


# --- the calendar ---


def test_upcoming_events_come_soonest_first_and_past_ones_latest_first(client: Client, site: Site) -> None:
    for title, days in (("Sau", 9), ("Gần", 2), ("Cũ", -30), ("Mới qua", -2), ("Đang diễn ra", -0.05)):
        make_event(site, title, days=days)
    assert titles(client.get("/tap-huan/")) == ["Đang diễn ra", "Gần", "Sau"]
    assert titles(client.get("/tap-huan/da-qua/")) == ["Mới qua", "Cũ"]


def test_an_event_without_a_date_is_upcoming_and_comes_last(client: Client, site: Site) -> None:
    make_event(site, "Chưa có ngày", sessions=0)
    make_event(site, "Có ngày")
    response = client.get("/tap-huan/")
    assert titles(response) == ["Có ngày", "Chưa có ngày"]
    assert "Sẽ báo ngày học sau" in text_of(response)


def test_filters_narrow_the_calendar(client: Client, site: Site) -> None:
    place, topic, pillar, audience = make_place(), make_topic(), make_pillar(), make_audience()
    found = make_event(
        site, "Có", days=3, places=[place], topics=[topic], audiences=[audience], pillar=pillar, sessions=3
    )
    make_event(site, "Không", days=80)
    month = timezone.localtime(found.ends_at).strftime("%Y-%m")
    for query in (
        f"dia-ban={place.slug}",
        f"linh-vuc={topic.slug}",
        f"tru-cot={pillar.slug}",
        f"doi-tuong={audience.slug}",
        f"thang={month}",
        f"dia-ban={place.slug}&linh-vuc={topic.slug}&thang={month}",
    ):
        assert titles(client.get(f"/tap-huan/?{query}")) == ["Có"], query


@pytest.mark.parametrize(
    "query",
    [
        "dia-ban=khong-co",
        "linh-vuc=%F0%9F%98%80",
        "thang=2024-13",
        "thang=abc",
        "thang=2024-W1",
        "thang=9999-99",
        "doi-tuong=" + "x" * 5000,
    ],
)
def test_unknown_filters_give_an_empty_list_with_a_way_on(client: Client, site: Site, query: str) -> None:
    make_event(site)
    response = client.get(f"/tap-huan/?{query}")
    assert response.status_code == 200
    assert titles(response) == []
    assert "Không có lớp nào hợp với cách lọc này" in text_of(response)
    assert 'href="/tap-huan/da-qua/"' in text_of(response)


@pytest.mark.parametrize("query", ["trang=abc", "trang=0", "trang=2", "trang=-1", "trang=%00"])
def test_pages_that_do_not_exist_are_not_found(client: Client, site: Site, query: str) -> None:
    make_event(site)
    assert client.get(f"/tap-huan/?{query}").status_code == 404


def test_badges_say_what_can_be_done(client: Client, site: Site) -> None:
    make_event(site, "Mở", seats=12)
    full = make_event(site, "Đầy", seats=1)
    make_registration(full)
    make_event(site, "Sắp mở", registration_opens_at=timezone.now() + DAY)
    make_event(site, "Hủy", status="cancelled")
    make_event(site, "Tự do", seats=None)
    badges = {card.title: card.badge_text for card in client.get("/tap-huan/").context["listing"].cards}
    assert badges == {
        "Mở": "Còn 12 chỗ",
        "Đầy": "Đã hết chỗ, nhận danh sách chờ",
        "Sắp mở": "Chưa mở đăng ký",
        "Hủy": "Đã hủy",
        "Tự do": "Đang nhận đăng ký",
    }
    make_event(site, "Xong", days=-3)
    assert client.get("/tap-huan/da-qua/").context["listing"].cards[0].badge_text == "Đã kết thúc"


def test_a_listing_costs_the_same_for_two_and_for_twelve_cards(client: Client, site: Site) -> None:
    place = make_place()

    def add(count: int) -> None:
        for number in range(count):
            make_event(site, days=number + 1, venue_place=place, places=[place])

    def cost() -> int:
        client.get("/tap-huan/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/tap-huan/")
            return len(captured)

    add(2)
    two = cost()
    add(18)
    assert cost() == two
    assert two <= 22


# --- the event page ---


def test_the_first_screen_answers_and_leads_to_the_form(client: Client, site: Site) -> None:
    audience = make_audience()
    event = make_event(site, seats=12, audiences=[audience], venue_place=make_place())
    page = text_of(client.get(event.url))
    # times do not part at the end of a line
    facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0].replace("\u00a0", " ")
    for answer in (
        event.when,
        "Nhà văn hóa thôn Mẫu 1",
        "Đắk Ơ",
        "Người dân",
        "Còn 12 chỗ",
        f'href="/dang-ky/{event.pk}/"',
    ):
        assert answer in facts, answer


@pytest.mark.parametrize(
    "fields",
    [{"status": "cancelled"}, {"days": -3}, {"seats": 0, "waiting_list": False}],
)
def test_an_event_that_takes_nobody_has_no_button(client: Client, site: Site, fields: dict[str, Any]) -> None:
    event = make_event(site, **fields)
    page = text_of(client.get(event.url))
    assert f'/dang-ky/{event.pk}/"' not in page
    assert event.availability().sentence in page


def test_an_event_for_staff_leads_officials_to_the_form_and_residents_to_signing_in(
    client: Client, site: Site, admin_user: User
) -> None:
    event = make_event(site, staff_only=True)
    assert "Đăng ký dành cho cán bộ" in text_of(client.get(event.url))
    address = f"/dang-ky/{event.pk}/"
    page = text_of(client.get(address))
    assert 'name="phone"' not in page
    assert f"?next={address}" in page
    client.force_login(admin_user)
    assert 'name="phone"' in text_of(client.get(address))


def test_the_event_page_keeps_its_query_budget(
    client: Client, site: Site, django_assert_max_num_queries: Any
) -> None:
    topic = make_topic()
    event = make_event(
        site,
        sessions=3,
        topics=[topic],
        audiences=[make_audience()],
        places=[make_place()],
        pillar=make_pillar(),
        venue_place=make_place("Phú Nghĩa"),
    )
    for number in range(4):
        make_event(site, days=number + 2, topics=[topic])
    client.get(event.url)
    with django_assert_max_num_queries(12):
        client.get(event.url)


def test_a_class_that_opens_later_is_not_sold_out(client: Client, site: Site) -> None:
    opens = timezone.now() + DAY
    event = make_event(site, seats=5, registration_opens_at=opens)
    page = text_of(client.get(event.url))
    offer = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])[
        "offers"
    ]  # type: ignore[index]
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["validFrom"] == opens.isoformat()


def test_structured_data_tells_time_place_status_and_the_free_offer(client: Client, site: Site) -> None:
    event = make_event(site, seats=1, trainer="Nguyễn Văn B")
    make_registration(event)
    page = text_of(client.get(event.url))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert data["@type"] == "Event"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["startDate"] == event.starts_at.isoformat()
    assert data["offers"]["price"] == "0"
    assert data["offers"]["availability"] == "https://schema.org/SoldOut"
    assert data["remainingAttendeeCapacity"] == 0
    assert data["location"]["name"] == "Nhà văn hóa thôn Mẫu 1"
    publish(event, status="cancelled")
    assert "EventCancelled" in text_of(client.get(event.url))


def test_the_calendar_file_is_read_back_by_another_program(client: Client, site: Site) -> None:
    title = "Tập huấn; bán hạt điều, sầu riêng trên sàn thương mại điện tử " + "ở Đắk Ơ " * 8
    event = make_event(site, title.strip(), sessions=2)
    event.save_revision().publish()
    first = client.get(f"/dang-ky/{event.pk}/lich.ics")
    assert first["Content-Type"].startswith("text/calendar")
    assert max(len(line) for line in first.content.split(b"\r\n")) <= 75
    events = Calendar.from_ical(first.content).walk("VEVENT")
    assert str(events[0]["SUMMARY"]) == f"{title.strip()}: Buổi 1"
    assert events[0]["DTSTART"].dt == timezone.localtime(event.starts_at)
    assert len({str(row["UID"]) for row in events}) == 2
    publish(event, status="cancelled")
    again = Calendar.from_ical(client.get(f"/dang-ky/{event.pk}/lich.ics").content).walk("VEVENT")
    assert [row["UID"] for row in again] == [row["UID"] for row in events]
    assert again[0]["SEQUENCE"] > events[0]["SEQUENCE"]
    assert again[0]["STATUS"] == "CANCELLED"


def test_windows_and_sessions_run_forwards(site: Site) -> None:
    event = make_event(site)
    event.registration_opens_at, event.registration_closes_at = timezone.now() + DAY, timezone.now()
    with pytest.raises(ValidationError, match="phải sau"):
        event.full_clean()
    session = event.sessions.first()
    session.ends_at = session.starts_at
    with pytest.raises(ValidationError, match="kết thúc sau"):
        session.full_clean()


# --- several offices ---


def test_events_stay_with_their_office_unless_shared(client: Client, site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=site)
    make_event_index(commune)
    make_event(site, "Của huyện")
    shared = make_event(site, "Dùng chung", shared=True)
    make_event(commune, "Của xã")
    response = client.get("/tap-huan/", headers={"host": "da-kia.localhost"})
    assert sorted(titles(response)) == ["Của xã", "Dùng chung"]
    assert shared.full_url in text_of(response)
    assert sorted(titles(client.get("/tap-huan/"))) == ["Của huyện", "Dùng chung"]


# --- translation ---


@pytest.fixture
def translate(django_capture_on_commit_callbacks: Any) -> Callable[[EventPage], EventPage]:
    """Translate an event and its calendar into English as a translator does."""

    def run(event: EventPage) -> EventPage:
        with django_capture_on_commit_callbacks(execute=True):
            return _translate(event)

    return run


def _translate(event: EventPage) -> EventPage:
    english = Locale.objects.get(language_code="en")
    for page in (make_event_index(event.get_site()), event):
        source, _created = TranslationSource.update_or_create_from_instance(page)
        job, _created = Translation.objects.get_or_create(source=source, target_locale=english)
        job.save_target(publish=True)
    return EventPage.objects.get(translation_key=event.translation_key, locale=english)


def test_a_translation_shares_seats_and_rules_with_its_source(
    client: Client, site: Site, translate: Callable[[EventPage], EventPage]
) -> None:
    event = make_event(site, seats=5, sessions=2)
    english = translate(event)
    assert english.sessions.count() == 2
    assert english.starts_at == event.starts_at
    make_registration(event, party_size=2)
    make_registration(english, party_size=2)
    assert SeatPool.objects.get().taken == 4
    assert "1 seat left" in text_of(client.get(english.url))
    assert f'href="/en/dang-ky/{english.pk}/"' in text_of(client.get(english.url))
    assert client.get(f"/en/dang-ky/{english.pk}/").status_code == 200


def test_a_stale_translation_brings_back_neither_seats_nor_a_cancelled_event(
    client: Client, site: Site, translate: Callable[[EventPage], EventPage]
) -> None:
    event = make_event(site, seats=5)
    english = translate(event)
    publish(event, seats=9, status="cancelled")
    english.save_revision().publish()
    pool = SeatPool.objects.get()
    assert (pool.capacity, pool.status) == (9, "cancelled")
    with translation.override("en"):
        assert EventPage.objects.get(pk=english.pk).availability().label == "Cancelled"


def test_the_calendar_of_another_language_answers_below_its_prefix(
    client: Client, site: Site, translate: Callable[[EventPage], EventPage]
) -> None:
    translate(make_event(site))
    make_event(site, "Chưa dịch")
    offices.forget()
    assert titles(client.get("/en/tap-huan/")) == ["Dùng VNeID"]


# --- staff ---


def editor(name: str, root: Any) -> User:
    user = User.objects.create_user(name, f"{name}@example.vn", "x")
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group, page=root, permission=Permission.objects.get(codename=codename)
        )
    user.groups.add(group)
    return user


def test_staff_see_registrations_of_events_they_may_edit_and_of_no_others(client: Client, site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia")
    event = make_event(site)
    row = make_registration(event, name="Đặng Thị Hoa", phone="+84912345678")
    address = f"/quan-tri/training-events/{event.pk}/registrations"
    client.force_login(editor("huyen", home_of(site)))
    page = text_of(client.get(f"{address}/"))
    assert "Đặng Thị Hoa" in page
    assert row.shown_code in page
    for words, count in (("dang thi", 1), ("0912 345", 1), (row.code, 1), ("không có", 0), ("\x00", 1)):
        assert (
            len(client.post(f"{address}/", {"q": words}, follow=True).context["rows"].object_list) == count
        ), words
    assert address in text_of(client.get(f"/quan-tri/pages/{event.pk}/edit/"))
    client.force_login(editor("xa", home_of(commune)))
    for end in ("/", ".csv"):
        response = client.get(address + end)
        assert response.status_code in (302, 403)
        assert "Hoa" not in text_of(response)
    client.logout()
    assert client.get(f"{address}/").status_code == 302


def test_the_list_leaves_the_house_readable_harmless_and_on_record(
    client: Client, site: Site, admin_user: User
) -> None:
    event = make_event(site)
    make_registration(event, name="=cmd|' /C calc'!A0", phone="+84912345678", place=make_place())
    client.force_login(admin_user)
    response = client.get(f"/quan-tri/training-events/{event.pk}/registrations.csv")
    text = text_of(response)
    assert text.startswith(BOM)
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM))))
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert cells["Họ và tên"] == "'=cmd|' /C calc'!A0"
    assert cells["Số điện thoại"] == "0912 345 678"
    assert cells["Xã, phường"] == "Đắk Ơ"
    assert PageLogEntry.objects.filter(page=event, action="training_events.export", user=admin_user).exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"
    assert safe_cell("An") == "An"
