"""The search as data: what it answers, whom, and what it refuses in which words."""

import datetime
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Site

from search import api, services
from search.engines.base import Counts, FoundFile, SearchResults
from tests.factories.core import make_office, make_topic
from tests.search.helpers import add, article
from tests.search.stub import StubEngine, result, results
from tests.search.test_admin_search import WEIRD

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PATH = "/tim-kiem/api/v1/"


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


@pytest.fixture
def stub(site: Site, monkeypatch: pytest.MonkeyPatch) -> StubEngine:
    engine = StubEngine(results(30))
    monkeypatch.setattr(services, "engine", lambda: engine)
    return engine


def get(client: Client, query: str = "", status: int = 200, path: str = PATH) -> Any:
    response = client.get(f"{path}{query}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.content)


def test_a_question_is_answered_with_all_that_the_page_shows(client: Client, site: Site) -> None:
    article(
        site, "Kích hoạt VNeID", "Bà con mang căn cước đến công an xã.", intro="Làm một lần.", slug="vneid"
    )
    answer = get(client, "?q=can+cuoc")
    assert (answer["q"], answer["language"], answer["total"], answer["page"], answer["pages"]) == (
        "can cuoc", "vi", 1, 1, 1,
    )  # fmt: skip
    assert answer["url"] == "http://testserver/tim-kiem/?q=can+cuoc"
    (row,) = answer["results"]
    assert row["title"] == "Kích hoạt VNeID"
    assert row["url"] == "http://testserver/vneid/"
    assert (row["kind"], row["kind_label"], row["date"]) == ("bai-viet", "Bài viết", "2024-08-01")
    assert row["intro"] == "Làm một lần."
    assert [row["excerpt"][start:end] for start, end in row["marks"]] == ["căn cước"]
    assert answer["counts"]["loai"] == [{"value": "bai-viet", "label": "Bài viết", "count": 1}]


@pytest.mark.any_database
def test_marks_are_places_in_the_plain_text() -> None:
    text, marks = api.plain(SafeString("… 😀 &lt;b&gt; <mark>căn &amp; cước</mark> và <mark>x</mark>"))
    assert text == "… 😀 <b> căn & cước và x"
    assert [text[start:end] for start, end in marks] == ["căn & cước", "x"]


def test_filters_order_pages_and_size_are_those_of_the_page(client: Client, stub: StubEngine) -> None:
    topic = make_topic("An toàn trực tuyến")
    answer = get(
        client,
        "?q=a&linh-vuc=an-toan-truc-tuyen&tu=1/2/2024&con-nhan=1&xep=moi-nhat&dung=1&trang=2&moi-trang=20",
    )
    assert (answer["page"], answer["pages"], answer["size"], len(answer["results"])) == (2, 2, 20, 10)
    query = stub.last
    assert (query.filters.topic, query.filters.since, query.filters.open) == (
        topic.pk, datetime.date(2024, 2, 1), True,
    )  # fmt: skip
    assert (query.sort, query.corrected, query.size, query.page) == ("date", False, 20, 2)


@pytest.mark.any_database
def test_a_page_after_the_last_is_empty(client: Client, stub: StubEngine) -> None:
    assert get(client, "?q=a&trang=9")["results"] == []


def test_without_a_question_the_newest_pages_are_listed(client: Client, site: Site) -> None:
    article(site, "Cũ", published_on=datetime.date(2023, 1, 1))
    article(site, "Mới", published_on=datetime.date(2024, 1, 1))
    titles = [row["title"] for row in get(client)["results"]]
    assert titles.index("Mới") < titles.index("Cũ")


def test_how_the_question_was_read_files_and_counts(client: Client, stub: StubEngine) -> None:
    topic = make_topic("An toàn trực tuyến")
    file = FoundFile(7, "Mẫu đơn.pdf", "/documents/7/mau-don.pdf", "PDF", "120 kB")
    stub.answer = SearchResults(
        results=[result(1, file=file)], total=1, asked_instead="căn cước", did_you_mean="cân", degraded=True,
        counts=Counts(topic={topic.pk: 4}, open=2),
    )  # fmt: skip
    answer = get(client, "?q=can+cuowcs")
    assert (answer["read_as"], answer["did_you_mean"], answer["degraded"]) == ("căn cước", "cân", True)
    assert answer["results"][0]["file"] == {
        "title": "Mẫu đơn.pdf", "url": "http://testserver/documents/7/mau-don.pdf", "type": "PDF", "size": "120 kB",
    }  # fmt: skip
    assert answer["counts"]["linh-vuc"] == [
        {"value": "an-toan-truc-tuyen", "label": "An toàn trực tuyến", "count": 4}
    ]
    assert answer["counts"]["con-nhan"][0]["count"] == 2


@pytest.mark.any_database
def test_every_website_may_ask_and_no_cookie_is_set(client: Client, site: Site) -> None:
    response = client.get(f"{PATH}?q=a", headers={"origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    preflight = client.options(PATH, headers={"origin": "https://elsewhere.example"})
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ("?q=a&loai=xyz", "filter", "loai"),
        ("?q=a&linh-vuc=khong-co", "filter", "linh-vuc"),
        ("?q=a&tu=hom-qua", "filter", "tu"),
        ("?q=a&ngay=xyz", "filter", "ngay"),
        ("?q=a&trang=0", "number", "trang"),
        ("?q=a&trang=-1", "number", "trang"),
        ("?q=a&trang=1001", "number", "trang"),
        ("?q=a&moi-trang=51", "number", "moi-trang"),
        ("?q=a&moi-trang=１", "number", "moi-trang"),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese(
    client: Client, site: Site, query: str, code: str, word: str
) -> None:
    error = get(client, query, 400)["error"]
    assert error["code"] == code
    assert f"“{word}”" in error["message"]
    assert "phải là số" in error["message"] or "Không có giá trị" in error["message"]


@pytest.mark.any_database
def test_errors_are_english_at_the_english_address(client: Client, site: Site) -> None:
    assert "not known" in get(client, "?q=a&loai=x", 400, "/en/search/api/v1/")["error"]["message"]


@pytest.mark.any_database
def test_only_reading_is_answered(site: Site) -> None:
    response = Client(enforce_csrf_checks=True).post(PATH, {"q": "a"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "GET" in json.loads(response.content)["error"]["message"]


@pytest.mark.any_database
def test_an_address_has_sixty_questions_a_minute(client: Client, stub: StubEngine) -> None:
    for _ in range(api.A_MINUTE):
        get(client, "?q=a")
    response = client.get(f"{PATH}?q=a")
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "60 lần" in json.loads(response.content)["error"]["message"]
    assert client.get(f"{PATH}?q=a", REMOTE_ADDR="203.0.113.5").status_code == 200
    assert client.get("/tim-kiem/?q=a").status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize("typed", WEIRD)
def test_weird_questions_are_answered(client: Client, site: Site, typed: str) -> None:
    add(site, "Dịch vụ công trực tuyến")
    response = client.get(PATH, {"q": typed})
    assert response.status_code == 200
    assert json.loads(response.content)["total"] >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(
            ["loai", "linh-vuc", "tu", "den", "ngay", "con-nhan", "xep", "dung", "trang", "moi-trang"]
        ),
        st.text(max_size=12),
        max_size=4,
    ),
)
def test_any_query_string_is_answered_with_json(
    client: Client, site: Site, typed: str, more: dict[str, str]
) -> None:
    cache.clear()  # the limiter counts every example
    sent = {"q": typed, **more}
    response = client.get(PATH, {name: value.encode("utf-8", "replace") for name, value in sent.items()})
    assert response.status_code in (200, 400)
    assert isinstance(json.loads(response.content), dict)


def test_queries_do_not_grow_with_the_results(client: Client, site: Site) -> None:
    def count() -> int:
        client.get(f"{PATH}?q=robot&moi-trang=50")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PATH}?q=robot&moi-trang=50")
        return len(queries)

    for number in range(2):
        article(site, f"Robot số {number}", "Nội dung về robot.")
    few = count()
    for number in range(18):
        article(site, f"Robot khác {number}", "Nội dung về robot.")
    assert count() == few <= 12
