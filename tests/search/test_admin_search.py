"""Wagtail's own search (staff area, choosers) over the same backends: all of its query classes, any input."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, Site
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Boost, Not, Or, Phrase, PlainText
from wagtail.search.utils import parse_query_string

from core.models import Topic
from tests.factories.core import make_office, make_topic
from tests.search.helpers import add

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WEIRD = [
    '"',
    '"dịch vụ',
    "dịch\u00a0vụ",
    "dịch* OR vụ:",
    "title:dịch AND (",
    "NEAR(a b)",
    "' OR 1=1 --",
    "& | ! <-> :*",
    "\\",
    "a:b",
    "{title}",
    "-công",
    "😀 👩‍🌾",
    "x" * 10_000,
    "dịch vụ " * 2_000,
    "\x01\x02\x1f\x7f",
    "\u0301",
    "\u0323\u0302\u0301",
    "مرحبا بالعالم",
    "\u202edịch",
    "%s %(a)s %",
    "𐍈𐍉 𞤀𞤁",
    "ﬁ ½ ㎏",
]


@pytest.fixture
def site() -> Site:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến", "Nộp hồ sơ tại nhà.")
    add(site, "Dịch vụ thú y", "Tiêm phòng cho đàn bò.")
    add(site, "Giá hạt điều", "Thu mua tại vườn.")
    return site


def names(results: object) -> list[str]:
    return [page.title for page in results]  # type: ignore[attr-defined]


def test_all_words_must_be_found_by_default(site: Site) -> None:
    assert names(Page.objects.search("dich vu cong")) == ["Dịch vụ công trực tuyến"]
    assert len(Page.objects.search("dịch vụ")) == 2
    assert names(Page.objects.search("dịch vụ", fields=["title"], order_by_relevance=False)) == [
        "Dịch vụ công trực tuyến",
        "Dịch vụ thú y",
    ]
    assert names(Page.objects.search("hồ sơ", fields=["title"])) == []


def test_words_are_completed(site: Site) -> None:
    assert names(Page.objects.autocomplete("dich vu tru")) == ["Dịch vụ công trực tuyến"]
    assert len(Page.objects.autocomplete("dịc")) == 2
    assert len(Page.objects.autocomplete("dich hạt", operator="or")) == 3


def test_query_classes_combine(site: Site) -> None:
    search = get_search_backend().search
    pages = Page.objects.filter(depth__gt=2)
    service, public, cashew = PlainText("dịch vụ"), PlainText("công"), PlainText("điều")
    assert len(search(service & ~public, pages)) == 1
    assert len(search(public | cashew, pages)) == 2
    assert names(search(~service, pages)) == ["Giá hạt điều"]
    assert len(search(And([~service, ~cashew]), pages)) == 0
    assert len(search(Or([~service, public]), pages)) == 2
    assert len(search(MATCH_ALL, pages)) == 3
    assert len(search(Not(MATCH_ALL), pages)) == 0
    assert names(search(Or([Boost(cashew, 100), service]), pages))[0] == "Giá hạt điều"
    assert names(search(Phrase("vụ công"), pages)) == ["Dịch vụ công trực tuyến"]
    assert names(search(Phrase("công vụ"), pages)) == []
    assert len(search(And([PlainText("!!!"), service]), pages)) == 2


def test_slices_counts_scores_and_facets(site: Site) -> None:
    found = Page.objects.search("dịch vụ").annotate_score("weight")
    assert found.count() == 2
    assert names(found[1:2]) == [names(found)[1]]
    assert found[0].weight > 0
    assert sum(found.facet("content_type_id").values()) == 2
    assert found.get_queryset().count() == 2


def test_snippets_gain_too(db: None) -> None:
    topic = make_topic("Đất đai")
    assert list(get_search_backend().autocomplete("dat", Topic)) == [topic]


@pytest.mark.parametrize("typed", WEIRD)
def test_no_input_is_malformed(site: Site, typed: str) -> None:
    for query in (typed, Phrase(typed), parse_query_string(typed)[1], Not(PlainText(typed))):
        if query != "":
            results = get_search_backend().search(query, Page.objects.all())
            assert results.count() == len(list(results))
    assert Page.objects.autocomplete(typed).count() >= 0


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_is_searched(site: Site, typed: str) -> None:
    Page.objects.search(typed).count()
    list(Page.objects.autocomplete(typed)[:3])


@pytest.mark.parametrize("typed", ["dich vu", '"', "dịch\u00a0vụ", "hạt đi"])
def test_the_staff_area_finds_pages(site: Site, admin_client: Client, typed: str) -> None:
    response = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": typed})
    assert response.status_code == 200
    if typed == "dich vu":
        assert "Dịch vụ thú y" in response.content.decode()
