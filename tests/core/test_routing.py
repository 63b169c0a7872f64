"""Addresses lead to pages with two queries, and to nothing else than pages of this office in this language."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from wagtail.models import Site

from core.routing import find_route
from home.models import StandardPage
from tests.factories.core import home_of, make_locale, make_office
from tests.factories.news import make_article, make_news_index

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"languages": ("vi", "en")}


def add(parent: Any, title: str, **values: Any) -> StandardPage:
    page = StandardPage(title=title, locale=parent.locale, **values)
    parent.add_child(instance=page)
    return page


def test_any_depth_costs_two_queries(site: Site, rf: Any, django_assert_num_queries: Any) -> None:
    history = add(add(add(home_of(site), "Giới thiệu"), "Xã mình"), "Lịch sử")
    find_route(rf.get("/"), "")
    with django_assert_num_queries(3):  # the third finds the site, which a request does once
        found = find_route(rf.get("/"), "gioi-thieu/xa-minh/lich-su/")
    assert found.page == history
    assert type(found.page) is StandardPage


def test_listings_answer_for_their_own_routes(site: Site, rf: Any) -> None:
    index = make_news_index(site)
    article = make_article(index, title="Tin mới", slug="tin-moi")
    assert find_route(rf.get("/"), "tin-tuc/ban-tin/").page == index
    assert find_route(rf.get("/"), "tin-tuc/tin-moi/").page == article
    assert find_route(rf.get("/"), "tin-tuc/khong-co/") is None


@pytest.mark.parametrize(
    "path", ["khong-co/", "gioi-thieu/khong-co/", "a/" * 50, "trang-chu/", "gioi-thieu/gioi-thieu/"]
)
def test_addresses_of_nothing(site: Site, client: Client, path: str) -> None:
    add(home_of(site), "Giới thiệu")
    assert client.get(f"/{path}").status_code == 404


def test_languages_do_not_answer_for_each_other(site: Site, rf: Any) -> None:
    add(home_of(site), "Chỉ tiếng Việt")
    add(home_of(site, "en"), "English only")
    assert find_route(rf.get("/"), "english-only/") is None
    with translation.override("en"):
        assert find_route(rf.get("/"), "english-only/").page.title == "English only"
        assert find_route(rf.get("/"), "chi-tieng-viet/") is None


def test_a_language_without_pages_is_not_found(client: Client) -> None:
    make_office("chi-viet.localhost", title="Chỉ tiếng Việt")
    make_locale("en")
    assert client.get("/en/", headers={"host": "chi-viet.localhost"}).status_code == 404


def test_a_moved_page_leads_from_its_old_address_to_the_new_one(site: Site, client: Client) -> None:
    about, page = add(home_of(site), "Giới thiệu"), add(home_of(site), "Lịch sử")
    assert client.get("/lich-su/").status_code == 200
    page.move(about, pos="last-child")
    assert client.get("/lich-su/")["Location"] == "/gioi-thieu/lich-su/"
    assert client.get("/gioi-thieu/lich-su/").status_code == 200


def test_private_pages_ask_for_a_login(site: Site, client: Client) -> None:
    from wagtail.models import PageViewRestriction

    parent = add(home_of(site), "Nội bộ")
    child = add(parent, "Biên bản")
    PageViewRestriction.objects.create(page=parent, restriction_type=PageViewRestriction.LOGIN)
    response = client.get(child.url)
    assert response.status_code == 302
    assert "_util/login" in response["Location"] or "login" in response["Location"]


def test_links_in_a_text_cost_one_query(site: Site, django_assert_max_num_queries: Any) -> None:
    from wagtail.rich_text import expand_db_html

    pages = [add(home_of(site), f"Trang {number}") for number in range(6)]
    html = "".join(f'<p><a linktype="page" id="{page.pk}">x</a></p>' for page in pages)
    html += '<p><a linktype="page" id="999999">gone</a></p>'
    expand_db_html(html)
    with django_assert_max_num_queries(2):
        found = expand_db_html(html)
    assert found.count('href="/trang-') == 6
    assert "<a>gone</a>" in found
