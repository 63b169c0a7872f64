"""The news listings: kinds, filters, paging, bad input, queries."""

import datetime

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from news.models import NewsIndexPage
from tests.factories.core import make_office, make_pillar, make_place, make_topic
from tests.factories.news import make_article, make_bulletin, make_feature, make_image, make_news_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office()


@pytest.fixture
def index(site: Site) -> NewsIndexPage:
    return make_news_index(site)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_the_section_lists_every_kind_and_each_route_one(client: Client, index: NewsIndexPage) -> None:
    article = make_article(index, title="Bán điều trên mạng")
    make_bulletin(index, title="Số tựu trường", number=5)
    make_feature(index, [article], title="Chợ số")

    everything = text_of(client, "/tin-tuc/")
    assert all(title in everything for title in ("Bán điều trên mạng", "Số tựu trường", "Chợ số"))

    for route, title in (
        ("ban-tin", "Số tựu trường"),
        ("bai-viet", "Bán điều trên mạng"),
        ("chuyen-de", "Chợ số"),
    ):
        text = text_of(client, f"/tin-tuc/{route}/")
        others = {"Số tựu trường", "Bán điều trên mạng", "Chợ số"} - {title}
        assert title in text
        assert not [other for other in others if other in text]
        assert f'rel="canonical" href="http://localhost/tin-tuc/{route}/"' in text


def test_cards_say_what_is_special_about_their_kind(client: Client, index: NewsIndexPage) -> None:
    article = make_article(index)
    make_bulletin(index, number=5)
    make_feature(index, [article, article])
    text = text_of(client, "/tin-tuc/")
    assert "Số 05/2024" in text
    assert "1/9 – 15/9/2024" in text
    assert "2 mục" in text


def test_filters_narrow_by_pillar_topic_place_and_month(client: Client, index: NewsIndexPage) -> None:
    pillar, topic, place = make_pillar("Kinh tế số"), make_topic("Nông nghiệp số"), make_place("Đức Hạnh")
    make_article(
        index,
        title="Trúng hết",
        pillar=pillar,
        topics=[topic],
        places=[place],
        published_on=datetime.date(2024, 8, 3),
    )
    make_article(index, title="Không trúng", published_on=datetime.date(2024, 7, 3))
    for query in ("tru-cot=kinh-te-so", "linh-vuc=nong-nghiep-so", "dia-ban=duc-hanh", "thang=2024-08"):
        text = text_of(client, f"/tin-tuc/?{query}")
        assert "Trúng hết" in text, query
        assert "Không trúng" not in text, query
        assert "noindex" in text
        assert f"feed.atom?{query}" in text
    both = text_of(client, "/tin-tuc/?thang=2024-07&linh-vuc=nong-nghiep-so")
    assert "Trúng hết" not in both
    assert "Không trúng" not in both


@pytest.mark.parametrize(
    "query",
    [
        "linh-vuc=khong-co", "tru-cot=%00", "dia-ban=%F0%9F%90%98", "thang=2024-13", "thang=abc", "thang=0000-01",
        "thang=9999-12", "linh-vuc=" + "x" * 10_000, "linh-vuc=%27%3B+DROP", "thang=%00", "la=la", "linh-vuc=%FF",
    ],
)  # fmt: skip
def test_a_value_that_names_nothing_gives_an_empty_list_with_ways_on(
    client: Client, index: NewsIndexPage, query: str
) -> None:
    make_article(index, title="Có thật")
    text = text_of(client, f"/tin-tuc/?{query}")
    if query in ("la=la", "tru-cot=%00", "thang=%00"):  # nothing is left of a null byte: no filter
        assert "Có thật" in text
    else:
        assert "Có thật" not in text
        assert "Xem tất cả, không lọc" in text


@pytest.mark.parametrize("page", ["0", "abc", "999", "-1", "%00", "1" * 10_000, "²", "1.0", ""])
def test_a_page_that_does_not_exist_is_a_404(client: Client, index: NewsIndexPage, page: str) -> None:
    make_article(index)
    text_of(client, f"/tin-tuc/?trang={page}", status=404)


def test_paging_keeps_the_filters(client: Client, index: NewsIndexPage) -> None:
    topic = make_topic("Y tế số")
    for number in range(14):
        make_article(index, title=f"Bài {number}", topics=[topic])
    first = text_of(client, "/tin-tuc/?linh-vuc=y-te-so")
    assert "linh-vuc=y-te-so&amp;trang=2" in first
    second = text_of(client, "/tin-tuc/?linh-vuc=y-te-so&trang=2")
    assert second.count("card__link") == 2
    assert 'href="http://localhost/tin-tuc/?trang=2"' in second


def test_drafts_expired_and_private_pages_are_not_listed(client: Client, index: NewsIndexPage) -> None:
    make_article(index, title="Bản nháp", live=False)
    make_article(index, title="Đã hết hạn", live=False, expired=True)
    secret = make_article(index, title="Chỉ nội bộ")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    text = text_of(client, "/tin-tuc/")
    assert not [title for title in ("Bản nháp", "Đã hết hạn", "Chỉ nội bộ") if title in text]


def test_nothing_of_another_office_is_listed_unless_it_shares(client: Client) -> None:
    province = make_office("localhost", title="Tỉnh")
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=province)
    at_province, at_commune = make_news_index(province), make_news_index(commune)
    make_article(at_province, title="Của tỉnh, chia sẻ", shared=True, slug="chia-se")
    make_article(at_province, title="Của tỉnh, riêng")
    make_article(at_commune, title="Của xã")

    here = client.get("/tin-tuc/", HTTP_HOST="localhost").content.decode()
    assert "Của xã" not in here
    there = client.get("/tin-tuc/", HTTP_HOST="da-kia.localhost").content.decode()
    assert "Của xã" in there
    assert "Của tỉnh, riêng" not in there
    assert 'href="http://localhost/tin-tuc/chia-se/"' in there
    assert "Tỉnh" in there
    shared = client.get("/tin-tuc/chia-se/", HTTP_HOST="localhost").content.decode()
    assert 'rel="canonical" href="http://localhost/tin-tuc/chia-se/"' in shared
    assert client.get("/tin-tuc/chia-se/", HTTP_HOST="da-kia.localhost").status_code == 404


def test_an_empty_section_says_so_and_leads_on(client: Client, index: NewsIndexPage) -> None:
    assert "Chưa có tin nào ở đây" in text_of(client, "/tin-tuc/")
    assert 'href="/tin-tuc/"' in text_of(client, "/tin-tuc/ban-tin/")


def test_twenty_cards_cost_as_many_queries_as_two(client: Client, index: NewsIndexPage) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(times: int) -> None:
        for _ in range(times):
            article = make_article(index, cover_image=make_image(), topics=[topic], places=[place])
            make_bulletin(index, cover_image=make_image(), places=[place])
            make_feature(index, [article])

    topic, place = make_topic(), make_place()
    add(1)
    client.get("/tin-tuc/")  # makes renditions and office data
    with CaptureQueriesContext(connection) as few:
        client.get("/tin-tuc/")
    add(3)
    client.get("/tin-tuc/")
    with CaptureQueriesContext(connection) as many:
        client.get("/tin-tuc/")
    assert len(many) == len(few)
