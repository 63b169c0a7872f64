"""The month view, and what search engines read of an event."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from tests.factories.core import make_office, make_place, make_topic
from tests.factories.training_events import DAY, make_event, make_event_index, publish
from training_events.models import EventPage, EventSeriesPage, EventSession

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu", "languages": ("vi", "en")}


def on(site: Site, title: str, *moments: str, **fields: Any) -> EventPage:
    event = make_event(site, title, sessions=0, **fields)
    begins = [timezone.make_aware(datetime.datetime.fromisoformat(moment)) for moment in moments]
    event.sessions = [
        EventSession(starts_at=begin, ends_at=begin + DAY / 8, sort_order=rank, locale=event.locale)
        for rank, begin in enumerate(begins)
    ]
    return publish(event)


def month(client: Client, query: str = "thang=2024-08") -> Any:
    response = client.get(f"/tap-huan/lich/?{query}")
    assert response.status_code == 200
    return response


def days(response: Any) -> dict[str, list[str]]:
    weeks = response.context["month"].weeks
    return {
        day.date.isoformat(): [one.title for one in day.sittings]
        for week in weeks
        for day in week
        if day.sittings
    }


def test_each_session_stands_on_its_day_in_order_of_time(client: Client, site: Site) -> None:
    on(site, "Chiều", "2024-08-05 13:30")
    on(site, "Sáng", "2024-08-05 07:30", "2024-08-31 23:30")
    on(site, "Tháng khác", "2024-07-31 23:59", "2024-09-01 00:00")
    response = month(client)
    assert days(response) == {"2024-08-05": ["Sáng", "Chiều"], "2024-08-31": ["Sáng"]}
    page = response.content.decode()
    assert page.count('<th scope="col">') == 7
    assert page.index("Thứ Hai</th>") < page.index("Chủ Nhật</th>")
    assert "<caption>Tháng 8/2024: 3 buổi</caption>" in page
    assert '<time datetime="2024-08-05">' in page
    assert len(re.findall(r"<td", page)) == 35


def test_earlier_and_later_months_end_where_classes_end(client: Client, site: Site) -> None:
    on(site, "Lớp", "2024-08-05 07:30")
    response = month(client)
    assert response.context["month"].earlier is None
    assert "/tap-huan/lich/?thang=2024-09" in response.content.decode()
    now = client.get("/tap-huan/lich/").context["month"]
    assert now.is_current
    assert now.later is None
    assert now.first == timezone.localdate().replace(day=1)


def test_today_is_marked_in_words(client: Client, site: Site) -> None:
    make_event(site, "Hôm nay", days=0.001)
    page = client.get("/tap-huan/lich/").content.decode()
    assert page.count("month__today") == 1
    assert ">hôm nay</span>" in page


def test_filters_are_kept_and_lead_to_their_own_calendar(client: Client, site: Site) -> None:
    place, topic = make_place(), make_topic()
    on(site, "Ở xã", "2024-08-05 07:30", places=[place])
    on(site, "Khác", "2024-08-06 07:30", topics=[topic])
    response = month(client, f"thang=2024-08&dia-ban={place.slug}")
    assert days(response) == {"2024-08-05": ["Ở xã"]}
    page = response.content.decode()
    assert f"?dia-ban={place.slug}&amp;thang=2024-09" in page
    assert f'href="/lich-tap-huan/dia-ban/{place.slug}.ics"' in page
    assert days(month(client, "thang=2024-08&dia-ban=khong-co")) == {}


def test_what_is_off_says_so_in_words(client: Client, site: Site) -> None:
    on(site, "Hủy", "2024-08-05 07:30", status="cancelled")
    page = month(client).content.decode()
    assert "Đã hủy</strong>" in page


def test_a_date_entered_on_a_series_and_on_its_class_is_shown_once(client: Client, site: Site) -> None:
    one = on(site, "Tối một", "2024-08-05 18:30")
    index = make_event_index(site)
    series = EventSeriesPage(title="Đợt ba tối", slug="dot", locale=index.locale)
    series.sessions = [
        EventSession(starts_at=begin, ends_at=begin + DAY / 8, locale=index.locale)
        for begin in (one.starts_at, one.starts_at + DAY)
    ]
    index.add_child(instance=series)
    one.move(series, "last-child")
    assert days(month(client)) == {"2024-08-05": ["Tối một"], "2024-08-06": ["Đợt ba tối"]}


@pytest.mark.parametrize(
    "raw", ["2024-13", "abc", "2024-W1", "9999-12", "0000-01", "2024-1", "%00", "x" * 3000, "２０２４-08"]
)
def test_what_is_no_month_is_not_found(client: Client, site: Site, raw: str) -> None:
    make_event_index(site)
    assert client.get(f"/tap-huan/lich/?thang={raw}").status_code == 404


def test_an_empty_month_leads_on_and_is_not_indexed(client: Client, site: Site) -> None:
    make_event_index(site)
    page = month(client, "thang=2030-01").content.decode()
    assert "Tháng này không có lớp nào" in page
    assert "noindex" in page
    assert 'href="/tap-huan/"' in page


def test_other_offices_drafts_and_private_classes_stay_away(client: Client, site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=site)
    make_event_index(commune)
    on(commune, "Của xã", "2024-08-05 07:30")
    on(site, "Dùng chung", "2024-08-06 07:30", shared=True)
    on(site, "Nháp", "2024-08-07 07:30").unpublish()
    private = on(site, "Riêng", "2024-08-08 07:30")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert days(month(client)) == {"2024-08-06": ["Dùng chung"]}
    response = client.get("/tap-huan/lich/?thang=2024-08", headers={"host": "da-kia.localhost"})
    assert days(response) == {"2024-08-05": ["Của xã"], "2024-08-06": ["Dùng chung"]}


def test_a_month_costs_the_same_for_two_and_for_twenty_classes(client: Client, site: Site) -> None:
    place = make_place()

    def cost() -> int:
        client.get("/tap-huan/lich/?thang=2024-08")
        with CaptureQueriesContext(connection) as captured:
            client.get("/tap-huan/lich/?thang=2024-08")
            return len(captured)

    for number in range(2):
        on(site, f"Lớp {number}", f"2024-08-0{number + 1} 07:30", venue_place=place)
    two = cost()
    for number in range(2, 20):
        on(site, f"Lớp {number}", f"2024-08-{number + 1:02} 07:30", venue_place=place)
    assert cost() == two
    assert two <= 12


def test_the_listing_leads_to_month_and_calendar(client: Client, site: Site) -> None:
    make_event(site)
    page = client.get("/tap-huan/").content.decode()
    assert 'href="/tap-huan/lich/"' in page
    assert page.count('href="/lich-tap-huan.ics"') == 2


# --- schema.org ---


def data(client: Client, event: EventPage) -> dict[str, Any]:
    page = client.get(event.url).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_search_engines_are_told_what_they_ask_for(client: Client, site: Site) -> None:
    event = make_event(
        site,
        seats=12,
        venue_address="Thôn Mẫu 1",
        venue_place=make_place(),
        organiser="UBND xã Mẫu",
        registration_closes_at=timezone.now().replace(microsecond=0) + 2 * DAY,
    )
    found = data(client, event)
    assert found["@type"] == "Event"
    assert found["eventStatus"] == "https://schema.org/EventScheduled"
    assert found["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert found["organizer"] == {"@type": "Organization", "name": "UBND xã Mẫu"}
    assert found["location"] == {
        "@type": "Place",
        "name": "Nhà văn hóa thôn Mẫu 1",
        "address": {
            "@type": "PostalAddress", "addressCountry": "VN", "streetAddress": "Thôn Mẫu 1", "addressLocality": "Đắk Ơ",
        },
    }  # fmt: skip
    offer = found["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("0", "VND")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["validThrough"] == event.registration_closes_at.isoformat()
    assert offer["url"] == event.full_url
    assert datetime.datetime.fromisoformat(found["startDate"]) == event.starts_at
    assert datetime.datetime.fromisoformat(found["endDate"]) == event.ends_at


@pytest.mark.parametrize(
    ("status", "word"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")]
)
def test_status_is_told(client: Client, site: Site, status: str, word: str) -> None:
    event = make_event(site, status=status)
    assert data(client, event)["eventStatus"] == f"https://schema.org/{word}"


def test_a_moved_class_says_from_when(client: Client, site: Site) -> None:
    event = make_event(site)
    before = event.starts_at
    session = event.sessions.first()
    session.starts_at += DAY
    session.ends_at += DAY
    event.sessions = [session]
    event = publish(event)
    found = data(client, event)
    assert found["eventStatus"] == "https://schema.org/EventRescheduled"
    assert datetime.datetime.fromisoformat(found["previousStartDate"]) == before
