"""The front page answers: what is new, when is the next class with seats, what can I do, whom do I call."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from core.models import OfficeSettings
from home.models import PopularGuide, StandardPage
from tests.factories.core import home_of, make_locale, make_office, make_pillar
from tests.factories.guides import make_guide, make_guide_index
from tests.factories.news import make_article, make_bulletin, make_news_index
from tests.factories.training_events import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office(title="Chuyển đổi số")


def read(client: Client, path: str = "/", host: str = "localhost") -> str:
    response = client.get(path, headers={"host": host})
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_office_has_a_front_page(site: Site, client: Client) -> None:
    html = read(client)
    assert html.count("<h1") == 1
    assert "None" not in html


@pytest.mark.parametrize(
    ("name", "shown"), [("Số", "Chuyển đổi số"), ("UBND xã Mẫu", "Chuyển đổi số – UBND xã Mẫu")]
)
def test_the_title_in_the_browser_names_the_office_once(client: Client, name: str, shown: str) -> None:
    make_office(title="Chuyển đổi số", short_name=name)
    assert f"<title>{shown}</title>" in read(client)


def test_the_front_page_gathers_the_sections(site: Site, client: Client) -> None:
    make_pillar("Xã hội số", summary="Học và dùng")
    news, guides = make_news_index(site), make_guide_index(site)
    make_article(news, title="Bài mới nhất")
    make_bulletin(news, title="Bản tin tháng tám")
    make_guide(guides, title="Kích hoạt VNeID")
    make_event(site, "Lớp còn chỗ")
    html = read(client)
    for words in ("Bài mới nhất", "Bản tin tháng tám", "Kích hoạt VNeID", "Lớp còn chỗ", "Xã hội số"):
        assert words in html


def test_the_lead_is_what_editors_chose(site: Site, client: Client, rf: Any) -> None:
    news = make_news_index(site)
    chosen = make_article(news, title="Bài được chọn")
    make_article(news, title="Bài mới hơn")
    home = home_of(site)
    home.lead_page = chosen
    home.save_revision().publish()
    html = read(client)
    assert html.index("Bài được chọn") < html.index("Bài mới hơn")
    chosen.unpublish()
    assert "Bài được chọn" not in read(client)


def test_popular_guides_keep_the_editors_order(site: Site, client: Client) -> None:
    guides = make_guide_index(site)
    first, second = make_guide(guides, title="Hướng dẫn A"), make_guide(guides, title="Hướng dẫn B")
    home = home_of(site)
    home.popular_guides = [PopularGuide(guide=second, sort_order=0), PopularGuide(guide=first, sort_order=1)]
    home.save_revision().publish()
    html = read(client)
    assert html.index("Hướng dẫn B") < html.index("Hướng dẫn A")


def test_two_offices_do_not_mix(site: Site, client: Client) -> None:
    other = make_office("xa.localhost", title="Xã Mẫu")
    make_article(make_news_index(site), title="Tin của huyện")
    make_article(make_news_index(other), title="Tin của xã")
    assert "Tin của xã" not in read(client)
    assert "Tin của huyện" not in read(client, host="xa.localhost")


def test_shared_news_lead_to_the_office_that_wrote_them(site: Site, client: Client) -> None:
    other = make_office("xa.localhost", title="Xã Mẫu", shares_from=site)
    make_news_index(other)
    article = make_article(make_news_index(site), title="Tin chung", shared=True)
    html = read(client, host="xa.localhost")
    assert "Tin chung" in html
    assert f'href="http://localhost{article.get_url()}"' in html or f'href="{article.full_url}"' in html


@pytest.mark.parametrize("warm", [True, False])
def test_query_budget(site: Site, client: Client, django_assert_max_num_queries: Any, warm: bool) -> None:
    news, guides = make_news_index(site), make_guide_index(site)
    for number in range(4):
        make_article(news, title=f"Bài {number}")
        make_bulletin(news, title=f"Bản tin {number}", number=number + 1)
        make_guide(guides, title=f"Hướng dẫn {number}")
        make_event(site, f"Lớp {number}")
    read(client)
    if not warm:
        cache.clear()
    with django_assert_max_num_queries(12 if warm else 60):
        read(client)


def test_a_private_or_unpublished_address_is_not_found(site: Site, client: Client) -> None:
    draft = StandardPage(title="Bản nháp", slug="ban-nhap", live=False, locale=make_locale("vi"))
    home_of(site).add_child(instance=draft)
    assert client.get("/ban-nhap/").status_code == 404
    assert client.get("/khong-co/trang-nay/").status_code == 404


def test_contact_is_on_every_page(site: Site, client: Client) -> None:
    office = OfficeSettings.for_site(site)
    office.hotline, office.address = "0900 000 000", "Thôn Mẫu"
    office.save()
    html = read(client)
    assert 'href="tel:0900000000"' in html
    assert "Thôn Mẫu" in html
