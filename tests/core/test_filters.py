"""Filters of listings: anything may stand in a query string, and a listing never answers with an error."""

import datetime
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from core.filters import ListingFilters, paginate
from core.models import ContentPage
from home.models import StandardPage
from tests.factories.core import (
    home_of,
    make_audience,
    make_locale,
    make_office,
    make_pillar,
    make_place,
    make_topic,
)

pytestmark = pytest.mark.django_db
ALL = ("tru-cot", "linh-vuc", "dia-ban", "doi-tuong", "thang")


@pytest.fixture
def pages() -> Any:
    site = make_office()
    home = home_of(site)
    topic, place = make_topic("Y tế số"), make_place("Đắk Ơ")
    pillar, audience = make_pillar("Xã hội số"), make_audience("Người cao tuổi")
    for number in range(15):
        page = StandardPage(
            title=f"Trang {number}", locale=make_locale("vi"), published_on=datetime.date(2024, 8, 1)
        )
        home.add_child(instance=page)
    page.topics.set([topic])
    page.places.set([place])
    page.audiences.set([audience])
    page.pillar = pillar
    page.published_on = datetime.date(2024, 3, 5)
    page.save()
    return ContentPage.objects.for_site(site).exclude(pk=home.pk)


@pytest.mark.parametrize(
    "query",
    ["linh-vuc=y-te-so", "dia-ban=dak-o", "tru-cot=xa-hoi-so", "doi-tuong=nguoi-cao-tuoi", "thang=2024-03"],
)
def test_each_filter_narrows(pages: Any, rf: RequestFactory, query: str) -> None:
    filters = ListingFilters.from_request(rf.get(f"/?{query}"), ALL, months=pages)
    assert [page.title for page in filters.apply(pages)] == ["Trang 14"]
    assert filters.is_active
    assert len(filters.selected) == 1


def test_filters_combine(pages: Any, rf: RequestFactory) -> None:
    filters = ListingFilters.from_request(rf.get("/?linh-vuc=y-te-so&thang=2024-08"), ALL, months=pages)
    assert list(filters.apply(pages)) == []


@pytest.mark.parametrize(
    "query",
    ["linh-vuc=khong-co", "thang=2024-13", "thang=abc", "dia-ban=%00", "tru-cot=" + "a" * 10_000, "thang=0000-01",
     "doi-tuong=%F0%9F%8C%BE"],
)  # fmt: skip
def test_unknown_values_leave_nothing(pages: Any, rf: RequestFactory, query: str) -> None:
    filters = ListingFilters.from_request(rf.get(f"/?{query}"), ALL, months=pages)
    assert list(filters.apply(pages)) == [] or query.endswith("%00")


def test_months_are_offered_newest_first(pages: Any, rf: RequestFactory) -> None:
    filters = ListingFilters.from_request(rf.get("/"), ("thang",), months=pages)
    assert [option.slug for option in filters.groups[0].options] == ["2024-08", "2024-03"]


@pytest.mark.parametrize("number", ["0", "99", "abc", "-1", "²", "1.5", "9" * 30, ""])
def test_pages_that_do_not_exist(pages: Any, rf: RequestFactory, number: str) -> None:
    with pytest.raises(Http404):
        paginate(pages, rf.get("/", {"trang": number}))


def test_pagination(pages: Any, rf: RequestFactory) -> None:
    assert len(paginate(pages, rf.get("/"))) == 12
    assert len(paginate(pages, rf.get("/?trang=2"))) == 3
