"""Drafts, private and expired pages, other languages and offices: in no result, no count, no suggestion, no answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from search import suggestion_index
from tests.factories.core import make_office, make_topic
from tests.search.helpers import add, past

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECRET = "Bimatzz"


def make_site() -> Site:
    site = make_office(languages=("vi", "en"))
    other = make_office("da-kia.localhost", title="Xã Đa Kia")
    topic = make_topic(f"{SECRET} lĩnh vực")
    add(site, f"{SECRET} bản nháp", live=False, topics=[topic])
    private = add(site, f"{SECRET} riêng", "Nội dung.", topics=[topic])
    below = add(site, f"{SECRET} dưới trang riêng")
    below.move(private, pos="last-child")
    add(site, f"{SECRET} hết hạn", expire_at=past(), topics=[topic])
    add(site, f"{SECRET} English", language="en")
    add(other, f"{SECRET} xã khác")
    suggestion_index.rebuild_all()  # before it is private: the table may be late, the answers may not
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="x")
    add(site, "Công khai", "Ai cũng đọc được.")
    edited = add(site, "Công khai thứ hai", "Đang được sửa.")
    edited.title, edited.intro = f"{SECRET} bản sửa", f"{SECRET} chưa đăng"
    edited.save_revision()
    cache.clear()
    return site


@pytest.fixture(scope="module")
def built(built_once: Callable[..., Any]) -> Callable[[], Site]:
    return built_once(make_site)


@pytest.fixture
def site(db: None, built: Callable[[], Site]) -> Site:
    return built()


QUERIES = ["", f"?q={SECRET}", f"?q={SECRET}+lĩnh+vực", "?loai=trang", "?q=cong+khai&loai=trang"]
TYPED = ["bi", "bim", "bimatzz", "bimatzz r", "ban nhap", "ban sua", "het han", "xa khac", "english"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_shows_nothing_of_them(client: Client, site: Site, query: str) -> None:
    # the menus around it are another matter
    html = str(BeautifulSoup(client.get(f"/tim-kiem/{query}").content, "html.parser").main)
    shown = html.replace(f"{SECRET} lĩnh vực”", "").replace(f'value="{SECRET}', "")
    for word in ("bản nháp", "bản sửa", "chưa đăng", "riêng", "hết hạn", "English<", "xã khác"):
        assert f"{SECRET} {word}" not in shown
    assert "linh-vuc=bimatzz-linh-vuc" not in html


def test_counts_know_nothing_of_them(client: Client, site: Site) -> None:
    answer = json.loads(client.get("/tim-kiem/api/v1/?loai=trang").content)
    titles = [row["title"] for row in answer["results"]]
    assert "Công khai" in titles
    assert not [title for title in titles if SECRET in title]
    assert answer["total"] == len(titles)
    assert {row["value"]: row["count"] for row in answer["counts"]["loai"]}["trang"] == answer["total"]
    assert answer["counts"]["linh-vuc"] == []


def test_the_api_finds_nothing_of_them(client: Client, site: Site) -> None:
    answer = json.loads(client.get(f"/tim-kiem/api/v1/?q={SECRET}").content)
    assert (answer["total"], answer["results"], answer["did_you_mean"], answer["read_as"]) == (0, [], "", "")


@pytest.mark.parametrize("typed", TYPED)
def test_suggestions_offer_nothing_of_them(client: Client, site: Site, typed: str) -> None:
    answer = json.loads(client.get("/tim-kiem/goi-y/", {"q": typed}).content)
    assert [row["text"] for row in answer["suggestions"] if SECRET in row["text"]] == []
