"""Events in the results: what can be registered for is offered as such, and nothing else; each says how it stands."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone, translation
from wagtail.models import Site

from core import openings
from core.memory import forget
from search import kinds, services, suggestion_index, suggestions
from search.engines.base import Filters, SearchQuery
from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, make_event_index, publish
from tests.search.helpers import article
from training_events.models import EventPage, EventSeriesPage, EventSession, SeatPool

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def site() -> Site:
    return make_office("localhost")


def make_series(site: Site, title: str, **fields: Any) -> EventSeriesPage:
    index = make_event_index(site)
    page = EventSeriesPage(
        title=title, slug=f"dot-{EventPage.objects.count()}", locale=index.locale, **fields
    )
    index.add_child(instance=page)
    return page


def add_class(series: EventSeriesPage, title: str, *, days: float, **fields: Any) -> EventPage:
    start = timezone.now() + days * DAY
    page = EventPage(title=title, slug=f"lop-{EventPage.objects.count()}", locale=series.locale, **fields)
    page.sessions = [EventSession(title="Buổi", starts_at=start, ends_at=start + DAY / 8)]  # type: ignore[misc]
    series.add_child(instance=page)
    publish(page)
    return page


def fill(page: EventPage) -> None:
    """Let the last seat be taken, as a registration does: no page is saved, nothing is indexed."""
    SeatPool.objects.filter(event_key=page.seats_key).update(taken=10)


def open_keys(site: Site) -> set[int]:
    query = SearchQuery("lớp", site, "vi", filters=Filters(open=True), size=50)
    found = services.search(query)
    assert found.total == found.counts.open == len(found.results)
    return {result.page_id for result in found.results}


def test_the_filter_and_the_badge_say_what_the_page_of_the_event_says(site: Site) -> None:
    now = timezone.now()
    article(site, "Lớp học ở thôn")
    single: dict[str, dict[str, Any]] = {
        "còn chỗ": {},
        "không giới hạn": {"seats": None},
        "hết chỗ, có danh sách chờ": {"then": fill},
        "hết chỗ": {"waiting_list": False, "then": fill},
        "chưa mở": {"registration_opens_at": now + DAY},
        "đã đóng": {"registration_closes_at": now - DAY},
        "đóng sau giờ bắt đầu": {"days": -0.05, "registration_closes_at": now + DAY},
        "đang học": {"days": -0.05},
        "đã xong": {"days": -30},
        "cán bộ": {"staff_only": True},
        "hoãn": {"status": "postponed"},
        "hủy": {"status": "cancelled"},
        "hủy đã lâu": {"status": "cancelled", "days": -30},
    }
    for name, fields in single.items():
        then: Callable[[EventPage], None] = fields.pop("then", lambda _page: None)
        then(publish(make_event(site, f"Lớp {name}", **fields)))
    series = {
        "mở": {},
        "đóng": {"registration_closes_at": now - DAY},
        "hủy": {"status": "cancelled"},
        "đầy": {"seats": 10, "waiting_list": False},
    }
    for name, rules in series.items():
        above = make_series(site, f"Đợt lớp {name}", **rules)
        for state, days in (("scheduled", 10), ("cancelled", 11), ("postponed", 12)):
            page = add_class(above, f"Lớp {state} của đợt {name}", days=days, status=state)
        publish(EventSeriesPage.objects.get(pk=above.pk))
        if name == "đầy":
            fill(EventPage.objects.get(pk=page.pk))
    publish(make_event(site, "Lớp đã gỡ")).unpublish()

    pages = {page.pk: page for page in EventPage.objects.live()}
    able = {key for key, page in pages.items() if page.availability().can_register}
    assert len(pages) == len(single) + 4 * 4
    # so that an answer that is the same for all cannot pass
    assert {pages[key].title for key in able} == {
        "Lớp còn chỗ", "Lớp không giới hạn", "Lớp hết chỗ, có danh sách chờ", "Đợt lớp mở", "Lớp scheduled của đợt mở",
    }  # fmt: skip
    assert open_keys(site) == able

    results = services.search(SearchQuery("lớp", site, "vi", size=50)).results
    assert len(results) == len(pages) + 1
    with translation.override("vi"):
        for result in services.search(SearchQuery("lớp", site, "vi", size=50)).results:
            page = pages.get(result.page_id)
            wanted = (page.availability().label, page.availability().tone) if page else ("", "soft")
            assert (result.card.badge_text, result.card.badge_tone) == wanted, result.card.title


def test_a_seat_that_is_taken_or_given_back_shows_at_once(site: Site) -> None:
    page = publish(make_event(site, "Lớp dùng VNeID", waiting_list=False))
    assert open_keys(site) == {page.pk}
    fill(page)
    assert open_keys(site) == set()
    SeatPool.objects.update(taken=9)
    assert open_keys(site) == {page.pk}
    SeatPool.objects.update(closes_at=timezone.now() - datetime.timedelta(seconds=1))
    assert open_keys(site) == set()


def test_what_is_open_costs_two_statements_and_only_among_events(
    site: Site, django_assert_num_queries: Any
) -> None:
    page = article(site, "Lớp học")
    events = [publish(make_event(site, f"Lớp {number}")).pk for number in range(5)]
    past = publish(make_event(site, "Lớp đã xong", days=-9)).pk
    now = timezone.now()
    openings.over([], now)  # reads the events, once a minute
    with django_assert_num_queries(0):
        assert openings.taking([page.pk, past], now) == set()
        assert openings.badges([page.pk], now) == {}
        assert openings.over([*events, past, page.pk], now) == {past}
    with django_assert_num_queries(1):
        assert openings.taking([*events, past, page.pk], now) == set(events)
    with django_assert_num_queries(1):
        assert openings.badges([*events, past, page.pk], now).keys() == {*events, past}


def test_an_event_whose_seats_have_no_row_yet_is_known(site: Site) -> None:
    page = publish(make_event(site, "Lớp dùng VNeID"))
    SeatPool.objects.all().delete()
    assert open_keys(site) == {page.pk}


def test_a_series_is_a_training_event(site: Site) -> None:
    assert kinds.kind_of(EventSeriesPage) == "tap-huan"


def offered(site: Site, typed: str) -> list[str]:
    return [row.text for row in suggestions.find(site, "vi", typed) if row.kind == "page"]


def test_suggestions_put_what_is_over_below_everything_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event(site, "Bán hàng qua mạng – lớp sau", days=10)
    article(site, "Bán hàng qua mạng – bài viết")
    make_event(site, "Bán hàng qua mạng – lớp trước", days=-10)
    suggestion_index.rebuild_all()
    order = ["Bán hàng qua mạng – lớp sau", "Bán hàng qua mạng – bài viết", "Bán hàng qua mạng – lớp trước"]
    assert offered(site, "bán hàng") == order
    # the other class ends, and nothing is saved
    later = timezone.now() + 20 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    forget()
    assert offered(site, "bán hàng")[0] == "Bán hàng qua mạng – bài viết"
    suggestion_index.lower_past()
    rows = suggestion_index.Suggestion.objects.filter(text="Bán hàng qua mạng – lớp sau")
    assert max(rows.values_list("weight", flat=True)) == suggestion_index.PAST
