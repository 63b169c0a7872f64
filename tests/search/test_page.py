"""The search page as a reader gets it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Site

from search import services
from search.engines.base import SearchQuery
from search.engines.site import BackendEngine
from tests.factories.core import make_office, make_pillar, make_place, make_topic
from tests.factories.guides import make_guide_index, make_series
from tests.search.helpers import add, article
from tests.search.test_admin_search import WEIRD

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


def page(client: Client, query: str = "", path: str = "/tim-kiem/", status: int = 200) -> str:
    response = client.get(f"{path}{query}")
    assert response.status_code == status
    return response.content.decode()


def found(html: str) -> list[str]:
    """Titles of the results."""
    return re.findall(r'search-result__title"><a [^>]*>([^<]*)<', html)


@pytest.mark.any_database
def test_the_address_is_in_the_language_of_the_page() -> None:
    assert reverse("search:search") == "/tim-kiem/"
    with translation.override("en"):
        assert reverse("search:search") == "/en/search/"


def test_results_show_count_kind_passage_and_address(client: Client, site: Site) -> None:
    article(site, "Kích hoạt VNeID", "Bà con mang căn cước đến công an xã.", intro="Làm một lần là xong.")
    html = page(client, "?q=can+cuoc")
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "<mark>căn cước</mark>" in html
    assert 'href="/trang-' in html
    assert "<strong>1</strong>" in html
    assert 'value="can cuoc"' in html
    assert html.count("<h1") == 1


@pytest.mark.any_database
def test_a_question_comes_back_escaped(client: Client, site: Site) -> None:
    add(site, "Thẻ <b> & dấu ngoặc", 'Dùng "mã" &lt;script&gt;alert(1)&lt;/script&gt; để thử.')
    html = page(client, "?q=" + quote("<script>alert(1)</script> mã thử"))
    assert "<script>alert(1)" not in html
    assert "<mark>mã</mark>" in html


def test_nothing_typed_offers_topics_that_have_pages(client: Client, site: Site) -> None:
    add(site, "Báo tin lừa đảo", topics=[make_topic("An toàn trực tuyến")])
    make_topic("Lĩnh vực trống")
    html = page(client)
    assert "/tim-kiem/?linh-vuc=an-toan-truc-tuyen" in html
    assert "linh-vuc-trong" not in html
    assert "search-results" not in html


def test_nothing_found_says_so_and_offers_ways_on(client: Client, site: Site) -> None:
    add(site, "Báo tin lừa đảo", topics=[make_topic("An toàn trực tuyến")])
    html = page(client, "?q=xyzzy&loai=bai-viet")
    assert "empty-state" in html
    assert 'href="/tim-kiem/?q=xyzzy"' in html
    assert "linh-vuc=an-toan-truc-tuyen" in html


def test_filters_that_leave_nothing_can_be_lifted_however_it_was_typed(client: Client, site: Site) -> None:
    add(site, "Nộp hồ sơ qua Cổng dịch vụ công")
    html = page(client, "?q=dichj+vuj+coong&loai=bai-viet")
    assert "search-reading" not in html  # no "results for …" above none
    assert 'href="/tim-kiem/?q=dichj+vuj+coong"' in html
    assert found(page(client, "?q=dichj+vuj+coong")) == ["Nộp hồ sơ qua Cổng dịch vụ công"]


def test_filters_stand_in_the_address_and_can_be_lifted(client: Client, site: Site) -> None:
    topic, place, pillar = make_topic("An toàn trực tuyến"), make_place("Đa Kia"), make_pillar("Xã hội số")
    article(site, "Lừa đảo qua mạng", topics=[topic], places=[place], pillar=pillar)
    add(site, "Báo tin lừa đảo", topics=[topic])
    html = page(
        client, "?q=lua+dao&loai=bai-viet&linh-vuc=an-toan-truc-tuyen&dia-ban=da-kia&tru-cot=xa-hoi-so"
    )
    assert found(html) == ["Lừa đảo qua mạng"]
    assert 'name="q" value="lua dao"' in html
    assert "?q=lua+dao&amp;linh-vuc=an-toan-truc-tuyen&amp;dia-ban=da-kia&amp;tru-cot=xa-hoi-so" in html
    assert '<option value="trang"' not in html  # no page of that kind passes the other filters
    assert '<option value="bai-viet" selected>' in html
    assert sorted(found(page(client, "?linh-vuc=an-toan-truc-tuyen"))) == [
        "Báo tin lừa đảo",
        "Lừa đảo qua mạng",
    ]


def test_a_guide_series_is_found_among_the_guides(client: Client, site: Site) -> None:
    section = make_guide_index(site)
    make_series(section, title="Dùng VNeID từ đầu", slug="dung-vneid")
    assert found(page(client, "?q=vneid+tu+dau&loai=huong-dan")) == ["Dùng VNeID từ đầu"]
    assert found(page(client, "?q=vneid+tu+dau&loai=trang")) == []


@pytest.mark.parametrize("name", ["loai", "linh-vuc", "dia-ban", "tru-cot", "doi-tuong"])
@pytest.mark.parametrize("value", ["khong-co", "\x00x", "' OR 1=1", "99999999999999999999", "%00"])
def test_unknown_filters_give_an_empty_list_with_a_way_on(
    client: Client, site: Site, name: str, value: str
) -> None:
    add(site, "Báo tin lừa đảo")
    html = page(client, f"?q=lừa+đảo&{name}={quote(value)}")
    assert "empty-state" in html
    assert found(html) == []


@pytest.mark.parametrize("number", ["0", "-1", "2", "99", "x", "1.5", "", "１", "9" * 30])
def test_unknown_pages_are_not_found(client: Client, site: Site, number: str) -> None:
    add(site, "Báo tin lừa đảo")
    page(client, f"?q=lừa+đảo&trang={quote(number)}", status=404)


def test_results_stand_on_several_pages(client: Client, site: Site) -> None:
    for number in range(14):
        add(site, f"Lớp tập huấn {number}")
    first, second = page(client, "?q=tap+huan"), page(client, "?q=tap+huan&trang=2")
    assert (first.count('class="search-result"'), second.count('class="search-result"')) == (12, 2)
    assert "?q=tap+huan&amp;trang=2" in first


@pytest.mark.parametrize("typed", WEIRD)
def test_weird_input_gives_a_page(client: Client, site: Site, typed: str) -> None:
    add(site, "Dịch vụ công trực tuyến")
    html = page(client, "?q=" + quote(typed))
    assert "</html>" in html


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=8))
def test_any_query_string_gives_a_page_or_404(
    client: Client, site: Site, typed: str, topic: str, number: str
) -> None:
    response = client.get(
        "/tim-kiem/",
        {
            "q": typed.encode("utf-8", "replace"),
            "linh-vuc": topic.encode("utf-8", "replace"),
            "trang": number.encode("utf-8", "replace"),
        },
    )
    assert response.status_code in (200, 404)


@pytest.mark.any_database
def test_broken_bytes_give_a_page(client: Client, site: Site) -> None:
    page(client, "?q=%ff%fe%c3%28&linh-vuc=%ff")


@pytest.mark.any_database
def test_posting_is_refused(client: Client, site: Site) -> None:
    assert client.post("/tim-kiem/", {"q": "x"}).status_code == 405


def test_offices_and_languages_are_apart(client: Client, site: Site) -> None:
    commune = make_office("da-kia.localhost", languages=("vi", "en"), title="Xã Đa Kia")
    add(site, "Robot ở huyện")
    add(site, "District robot", language="en")
    add(commune, "Robot ở xã")
    assert found(page(client, "?q=robot")) == ["Robot ở huyện"]
    assert found(page(client, "?q=robot", path="/en/search/")) == ["District robot"]
    here = client.get("/tim-kiem/?q=robot", headers={"host": "da-kia.localhost"}).content.decode()
    assert found(here) == ["Robot ở xã"]


def count(client: Client, path: str, captured: Callable[..., Any]) -> int:
    client.get(path)
    with captured() as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize("path", ["/tim-kiem/", "/en/search/"])
def test_queries_are_few_and_do_not_grow_with_results(client: Client, site: Site, path: str) -> None:
    from django.db import connection

    def captured() -> CaptureQueriesContext:
        return CaptureQueriesContext(connection)

    language = "en" if path.startswith("/en") else "vi"
    make_topic("An toàn trực tuyến")
    for number in range(2):
        article(site, f"Robot số {number}", "Nội dung về robot.", language=language)
    few = count(client, f"{path}?q=robot", captured)
    for number in range(18):
        (article if number % 2 else add)(
            site, f"Robot khác {number}", "Nội dung về robot.", language=language
        )
    many = count(client, f"{path}?q=robot", captured)
    assert few <= 14
    assert many <= few + 1  # the content types of further kinds, once per process


@pytest.mark.any_database
def test_browsers_can_offer_the_search(client: Client, site: Site) -> None:
    response = client.get("/tim-kiem/opensearch.xml")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {url.get("type"): str(url.get("template")) for url in root.iter(f"{space}Url")}
    assert urls["text/html"] == "http://testserver/tim-kiem/?q={searchTerms}"
    assert (
        urls["application/x-suggestions+json"]
        == "http://testserver/tim-kiem/goi-y/?q={searchTerms}&dang=opensearch"
    )
    assert urls["application/json"] == "http://testserver/tim-kiem/api/v1/?q={searchTerms}"
    english = client.get("/en/search/opensearch.xml").content.decode()
    assert "http://testserver/en/search/?q={searchTerms}" in english
    assert "<Language>en</Language>" in english


def test_the_engine_of_a_dotted_path_is_the_same(site: Site) -> None:
    add(site, "Giá hạt điều")
    query = SearchQuery("hạt điều", site, "vi")
    assert BackendEngine(services.DATABASE_BACKEND).search(query) == BackendEngine("default").search(query)
