"""Feeds: valid XML, the site's own pages only, filters, conditional requests."""

import datetime
import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from news.models import NewsIndexPage
from tests.factories.core import make_office, make_topic
from tests.factories.news import make_article, make_bulletin, make_news_index

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site() -> Site:
    return make_office(organisation_name="UBND huyện mẫu", short_name="Chuyển đổi số")


@pytest.fixture
def index(site: Site) -> NewsIndexPage:
    return make_news_index(site)


def entries(client: Client, path: str, **headers: str) -> list[ElementTree.Element]:
    response = client.get(path, **headers)
    assert response.status_code == 200, path
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def titles(client: Client, path: str, **headers: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in entries(client, path, **headers)]


def test_an_atom_feed_is_complete(client: Client, index: NewsIndexPage) -> None:
    make_article(
        index, title="Bán điều", slug="ban-dieu", intro="Kể lại.", published_on=datetime.date(2024, 8, 3)
    )
    response = client.get("/tin-tuc/feed.atom", HTTP_HOST="localhost:8000")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.findtext(f"{ATOM}title") == "Tin tức – Chuyển đổi số"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "UBND huyện mẫu"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://localhost:8000/tin-tuc/",
        "self": "http://localhost:8000/tin-tuc/feed.atom",
    }
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost:8000/tin-tuc/ban-dieu/"
    assert entry.findtext(f"{ATOM}summary") == "Kể lại."
    assert entry.findtext(f"{ATOM}published") == "2024-08-03T00:00:00+07:00"
    assert entry.find(f"{ATOM}category").get("term") == "Bài viết"


def test_an_rss_feed_holds_the_same(client: Client, index: NewsIndexPage) -> None:
    make_article(index, title="Bán điều", slug="ban-dieu")
    response = client.get("/tin-tuc/feed.rss")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(response.content).find("channel")
    assert channel is not None
    assert channel.findtext("language") == "vi"
    assert [item.findtext("link") for item in channel.findall("item")] == [
        "http://testserver/tin-tuc/ban-dieu/"
    ]


def test_each_kind_and_each_filter_has_its_feed(client: Client, index: NewsIndexPage) -> None:
    topic = make_topic("Y tế số")
    make_article(index, title="Bài")
    make_bulletin(index, title="Số báo", topics=[topic])
    assert set(titles(client, "/tin-tuc/feed.atom")) == {"Bài", "Số báo"}
    assert titles(client, "/tin-tuc/bai-viet/feed.atom") == ["Bài"]
    assert titles(client, "/tin-tuc/ban-tin/feed.atom") == ["Số báo"]
    assert titles(client, "/tin-tuc/feed.atom?linh-vuc=y-te-so") == ["Số báo"]
    response = client.get("/tin-tuc/ban-tin/feed.atom?linh-vuc=y-te-so&la=x")
    root = ElementTree.fromstring(response.content)
    assert root.findtext(f"{ATOM}title") == "Bản tin, Y tế số – Chuyển đổi số"
    own = next(link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == "http://testserver/tin-tuc/ban-tin/feed.atom?linh-vuc=y-te-so"


def test_pages_name_their_feeds(client: Client, index: NewsIndexPage) -> None:
    make_topic("Y tế số")
    text = client.get("/tin-tuc/ban-tin/?linh-vuc=y-te-so").content.decode()
    for form, mime in (("atom", "application/atom+xml"), ("rss", "application/rss+xml")):
        assert f'<link rel="alternate" type="{mime}"' in text
        assert f'href="/tin-tuc/ban-tin/feed.{form}?linh-vuc=y-te-so"' in text


def test_only_visible_pages_of_the_requested_site(client: Client) -> None:
    province = make_office("localhost", title="Tỉnh")
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=province)
    at_province, at_commune = make_news_index(province), make_news_index(commune)
    make_article(at_province, title="Chia sẻ", shared=True, slug="chia-se")
    make_article(at_province, title="Riêng của tỉnh")
    make_article(at_commune, title="Của xã")
    make_article(at_commune, title="Nháp", live=False)
    secret = make_article(at_commune, title="Nội bộ")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")

    found = entries(client, "/tin-tuc/feed.atom", HTTP_HOST="da-kia.localhost")
    by_title = {e.findtext(f"{ATOM}title"): e.find(f"{ATOM}link").get("href") for e in found}
    assert set(by_title) == {"Chia sẻ", "Của xã"}
    assert by_title["Chia sẻ"] == "http://localhost/tin-tuc/chia-se/"
    assert by_title["Của xã"].startswith("http://da-kia.localhost/")
    assert set(titles(client, "/tin-tuc/feed.atom", HTTP_HOST="localhost")) == {"Chia sẻ", "Riêng của tỉnh"}


def test_what_xml_cannot_hold_is_left_out_and_text_is_composed(client: Client, index: NewsIndexPage) -> None:
    page = make_article(index, title="Tiếng Việt & <b>", intro="Có\x0bký tự\x00 lạ")
    type(page).objects.filter(pk=page.pk).update(intro=unicodedata.normalize("NFD", "Kết nối\x0b <số>"))
    (entry,) = entries(client, "/tin-tuc/feed.atom")
    assert entry.findtext(f"{ATOM}title") == "Tiếng Việt & <b>"
    assert entry.findtext(f"{ATOM}summary") == "Kết nối <số>"


def test_a_reader_that_has_the_newest_version_gets_304(client: Client, index: NewsIndexPage) -> None:
    article = make_article(index, title="Một")
    article.save_revision().publish()
    first = client.get("/tin-tuc/feed.atom")
    again = client.get("/tin-tuc/feed.atom", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert client.get("/tin-tuc/feed.atom", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304
    make_article(index, title="Hai")
    assert client.get("/tin-tuc/feed.atom", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_an_empty_feed_is_steady_and_valid(client: Client, index: NewsIndexPage) -> None:
    first = client.get("/tin-tuc/feed.atom?linh-vuc=khong-co")
    assert ElementTree.fromstring(first.content).findall(f"{ATOM}entry") == []
    second = client.get("/tin-tuc/feed.atom?linh-vuc=khong-co", HTTP_IF_NONE_MATCH=first["ETag"])
    assert second.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/feed.atom",
        "/khong-co/feed.atom",
        "/tin-tuc/feed.json",
        "/tin-tuc/mot-bai/feed.atom",
        "/tin-tuc/a/b/feed.rss",
    ],
)
def test_no_feed_where_no_listing_is(client: Client, index: NewsIndexPage, path: str) -> None:
    make_article(index, slug="mot-bai")
    assert client.get(path).status_code == 404


def test_a_private_section_has_no_public_feed(client: Client, index: NewsIndexPage) -> None:
    make_article(index, title="Nội bộ")
    PageViewRestriction.objects.create(page=index, restriction_type="login")
    response = client.get("/tin-tuc/feed.atom")
    assert response.status_code == 302
    assert client.post("/tin-tuc/feed.atom").status_code == 405


def test_bad_filters_never_break_a_feed(client: Client, index: NewsIndexPage) -> None:
    for query in ("linh-vuc=%00", "thang=9999-99", "dia-ban=" + "%F0%9F%90%98" * 500, "tru-cot=%ED%A0%80"):
        assert client.get(f"/tin-tuc/feed.atom?{query}").status_code == 200


def test_thirty_entries_cost_as_many_queries_as_two(client: Client, index: NewsIndexPage) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        client.get("/tin-tuc/feed.atom")
        with CaptureQueriesContext(connection) as queries:
            client.get("/tin-tuc/feed.atom")
        return len(queries)

    make_article(index)
    make_bulletin(index)
    few = count()
    for _ in range(9):
        make_article(index)
        make_bulletin(index)
    assert count() == few
