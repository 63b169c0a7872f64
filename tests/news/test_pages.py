"""Bulletins, articles and features as readers and editors meet them."""

import datetime
import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from news import loudspeaker
from news.models import ArticlePage, BulletinPage, FeaturePage, NewsIndexPage
from tests.factories.core import home_of, make_locale, make_office, make_place, make_topic
from tests.factories.guides import make_guide, make_guide_index
from tests.factories.news import (
    make_article,
    make_bulletin,
    make_document,
    make_feature,
    make_image,
    make_news_index,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


@pytest.fixture
def index(site: Site) -> NewsIndexPage:
    return make_news_index(site)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("bien-tap", "", "mat-khau-dai"))
    return client


def add_url(model: type, parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["news", model.__name__.lower(), parent.pk])


def json_ld(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


# --- bulletins ---
def test_a_bulletin_shows_number_period_items_and_script(client: Client, index: NewsIndexPage) -> None:
    make_bulletin(index, slug="so-5", title="Tựu trường", number=5, published_on=datetime.date(2024, 9, 16))
    text = client.get("/tin-tuc/so-5/").content.decode()
    assert "Bản tin số 05/2024" in text
    assert "1/9 – 15/9/2024" in text
    assert "Thứ Hai, 16/9/2024" in text
    assert 'id="muc-1"' in text
    assert 'id="muc-2"' in text
    assert "Nguồn: Tổ biên tập" in text
    assert "<p>Kính thưa bà con.</p><p>Tháng chín có bốn lớp tập huấn.</p>" in text
    assert text.count("<h1") == 1
    data = json_ld(text)
    assert data["@type"] == "NewsArticle"
    assert data["isPartOf"]["issueNumber"] == "05/2024"


def test_an_item_leads_to_its_page_only_while_that_is_live(client: Client, index: NewsIndexPage) -> None:
    article = make_article(index, slug="bai")
    make_bulletin(index, slug="so", items=[("item", {"title": "Tin", "text": "<p>x</p>", "page": article})])
    assert 'href="/tin-tuc/bai/"' in client.get("/tin-tuc/so/").content.decode()
    article.unpublish()
    assert 'href="/tin-tuc/bai/"' not in client.get("/tin-tuc/so/").content.decode()


def test_the_script_can_be_downloaded_for_old_windows_programs(client: Client, index: NewsIndexPage) -> None:
    make_bulletin(index, slug="so-5", title="Tựu trường", number=5)
    response = client.get("/tin-tuc/so-5/ban-doc-loa.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert 'filename="ban-doc-loa-so-05-2024.txt"' in response["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert lines[1:4] == ["Tựu trường", "Số 05/2024 · 1/9 – 15/9/2024", "Thời gian đọc: khoảng 10 giây"]
    assert lines[-4:] == ["Kính thưa bà con.", "", "Tháng chín có bốn lớp tập huấn.", ""]


def test_no_script_no_file(client: Client, index: NewsIndexPage) -> None:
    make_bulletin(index, slug="khong-loa", loudspeaker_script="  ")
    make_article(index, slug="bai")
    secret = make_bulletin(index, slug="noi-bo")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    make_bulletin(index, slug="nhap", live=False)
    assert "ban-doc-loa" not in client.get("/tin-tuc/khong-loa/").content.decode()
    for slug in ("khong-loa", "bai", "nhap", "khong-co"):
        assert client.get(f"/tin-tuc/{slug}/ban-doc-loa.txt").status_code == 404
    assert client.get("/tin-tuc/noi-bo/ban-doc-loa.txt").status_code == 302


@pytest.mark.parametrize(
    ("syllables", "seconds", "label"),
    [
        (0, 0, ""),
        (1, 10, "khoảng 10 giây"),
        (120, 40, "khoảng 40 giây"),
        (180, 60, "khoảng 1 phút"),
        (181, 70, "khoảng 2 phút"),
        (900, 300, "khoảng 5 phút"),
    ],
)
def test_reading_time(syllables: int, seconds: int, label: str) -> None:
    script = " ".join(["bà"] * syllables)
    assert loudspeaker.reading_seconds(script) == seconds
    with translation.override("vi"):
        assert loudspeaker.reading_label(script) == label


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert loudspeaker.paragraphs("Một\r\nhai\r\n \r\n\r\nba\n") == ["Một hai", "ba"]
    assert loudspeaker.paragraphs(" \n ") == []


def bulletin_form(number: int, **values: Any) -> dict[str, Any]:
    data = {
        "title": "Bản tin mới", "slug": "ban-tin-moi", "intro": "", "number": number, "period_start": "2024-09-16",
        "period_end": "2024-09-30", "published_on": "2024-10-01", "loudspeaker_script": "", "responsible_unit": "",
        "cover_image": "", "pillar": "", "last_reviewed_on": "", "seo_title": "", "search_description": "",
        "share_text": "", "share_image": "",
        "items": streamfield([("item", {
            "title": "Tin", "text": rich_text("<p>x</p>"), "image": "", "image_alt": "", "page": "", "source": "",
        })]),
        "related_pages-TOTAL_FORMS": 0, "related_pages-INITIAL_FORMS": 0,
        "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
        **values,
    }  # fmt: skip
    return nested_form_data(data)


def test_a_number_is_used_once_a_year_and_office(editor: Client, index: NewsIndexPage) -> None:
    make_bulletin(index, title="Số cũ", number=5)
    make_bulletin(index, title="Số nháp", number=6, live=False)
    url = add_url(BulletinPage, index)

    refused = editor.post(url, bulletin_form(5))
    assert refused.status_code == 200
    assert "Số 5 năm 2024 đã dùng cho “Số cũ”. Số tiếp theo còn trống là 7." in refused.content.decode()
    assert "Số tiếp theo còn trống là 7" in editor.post(url, bulletin_form(6)).content.decode()
    assert not BulletinPage.objects.filter(slug="ban-tin-moi").exists()

    other_year = bulletin_form(5, period_start="2023-01-01", period_end="2023-01-15")
    assert editor.post(url, other_year).status_code == 302
    created = BulletinPage.objects.get(slug="ban-tin-moi")
    assert created.live
    edit = reverse("wagtailadmin_pages:edit", args=[created.pk])
    assert editor.post(edit, other_year).status_code == 302  # its own number is no obstacle


def test_another_office_counts_for_itself(editor: Client, index: NewsIndexPage) -> None:
    make_bulletin(index, number=5)
    commune = make_news_index(make_office("da-kia.localhost", title="Xã"))
    response = editor.post(add_url(BulletinPage, commune), bulletin_form(5))
    assert response.status_code == 302, response.context["form"].errors


def test_a_period_cannot_end_before_it_begins(editor: Client, index: NewsIndexPage) -> None:
    response = editor.post(add_url(BulletinPage, index), bulletin_form(9, period_end="2024-09-01"))
    assert "Ngày cuối đang trước ngày đầu." in response.content.decode()


def test_a_page_cannot_take_the_address_of_a_route(editor: Client, index: NewsIndexPage) -> None:
    response = editor.post(add_url(BulletinPage, index), bulletin_form(9, slug="chuyen-de"))
    assert "Mục tin tức đã dùng địa chỉ này." in response.content.decode()


def test_a_copied_bulletin_waits_for_its_number(editor: Client, index: NewsIndexPage) -> None:
    page = make_bulletin(index, number=5, slug="so-5")
    copy = page.copy(update_attrs={"slug": "so-5-1", "title": "Bản sao"}, keep_live=False)
    refused = editor.post(
        reverse("wagtailadmin_pages:edit", args=[copy.pk]), bulletin_form(5, slug="so-5-1", title="Bản sao")
    )
    assert "Số tiếp theo còn trống là 6." in refused.content.decode()


# --- articles ---
def test_an_article_says_what_where_and_when(client: Client, index: NewsIndexPage) -> None:
    topic, place = make_topic("Nông nghiệp số"), make_place("Đức Hạnh")
    make_article(
        index, slug="bai", title="Bán điều", intro="Kể lại.", topics=[topic], places=[place], cover_image=make_image(),
        published_on=datetime.date(2024, 8, 5), source_name="Báo mẫu", source_url="https://example.vn/bai",
        responsible_unit="Tổ biên tập",
    )  # fmt: skip
    text = client.get("/tin-tuc/bai/").content.decode()
    assert "Thứ Hai, 5/8/2024" in text
    assert 'href="/tin-tuc/?linh-vuc=nong-nghiep-so"' in text
    assert 'href="/tin-tuc/?dia-ban=duc-hanh"' in text
    assert '<a href="https://example.vn/bai">Báo mẫu</a>' in text
    assert "Bà con đã nộp hồ sơ tại nhà." in text
    data = json_ld(text)
    assert data["author"] == {"@type": "Organization", "name": "Tổ biên tập"}
    assert data["image"].startswith("http://testserver/media/")
    assert data["datePublished"] == "2024-08-05"


def test_related_pages_do_not_leak(client: Client) -> None:
    province, commune = make_office("localhost"), make_office("da-kia.localhost", title="Xã")
    topic = make_topic()
    here, there = make_news_index(province), make_news_index(commune)
    make_article(here, slug="bai", topics=[topic])
    make_article(there, title="Của xã khác", topics=[topic])
    make_article(here, title="Nháp cùng lĩnh vực", topics=[topic], live=False)
    make_article(here, title="Cùng lĩnh vực", topics=[topic])
    text = client.get("/tin-tuc/bai/", HTTP_HOST="localhost").content.decode()
    assert "Cùng lĩnh vực" in text
    assert "Của xã khác" not in text
    assert "Nháp cùng lĩnh vực" not in text


# --- features ---
def test_a_feature_gathers_pages_of_all_kinds_and_documents(
    client: Client, site: Site, index: NewsIndexPage
) -> None:
    article = make_article(index, title="Chuyện ở xã")
    guide = make_guide(make_guide_index(site), title="Làm theo từng bước")
    make_feature(index, [article, guide], [make_document("Tờ rơi mẫu")], slug="chuyen", title="Chợ số")
    text = client.get("/tin-tuc/chuyen/").content.decode()
    assert "Chuyện ở xã" in text
    assert "Làm theo từng bước" in text
    assert "Khoảng 15 phút" in text
    assert "Tờ rơi mẫu" in text
    data = json_ld(text)
    assert data["@type"] == "CollectionPage"
    assert {part["name"] for part in data["hasPart"]} == {"Chuyện ở xã", "Làm theo từng bước"}


def test_what_is_gone_drops_out_silently(client: Client, index: NewsIndexPage) -> None:
    other = make_news_index(make_office("da-kia.localhost", title="Xã"))
    kept, gone, draft, secret = (
        make_article(index, title=t) for t in ("Còn", "Bài gỡ hẳn", "Nháp", "Nội bộ")
    )
    foreign = make_article(other, title="Của xã khác")
    make_feature(index, [gone, kept, draft, secret, foreign], slug="chuyen")
    make_feature(index, [draft], slug="trong")
    draft.unpublish()
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    gone.delete()
    text = client.get("/tin-tuc/chuyen/", HTTP_HOST="localhost").content.decode()
    assert "Còn" in text
    assert not [title for title in ("Bài gỡ hẳn", "Nháp", "Nội bộ", "Của xã khác") if title in text]
    assert "Bắt đầu" not in client.get("/tin-tuc/trong/", HTTP_HOST="localhost").content.decode()


def test_a_feature_s_queries_do_not_grow_with_its_cards(client: Client, index: NewsIndexPage) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(slug: str) -> int:
        client.get(f"/tin-tuc/{slug}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/tin-tuc/{slug}/")
        return len(queries)

    pages = [make_article(index, cover_image=make_image(f"anh-{n}")) for n in range(12)]
    make_feature(index, pages[:2], slug="it")
    make_feature(index, pages, slug="nhieu")
    assert count("nhieu") == count("it")


# --- translation ---
def test_every_type_can_be_translated(
    client: Client, site: Site, index: NewsIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    english = make_locale("en")
    topic = make_topic("Y tế số")
    article = make_article(index, slug="bai", title="Bài viết một", intro="Giới thiệu", topics=[topic])
    bulletin = make_bulletin(index, slug="so-5", title="Số năm", number=5)
    feature = make_feature(index, [article], slug="chuyen", title="Chuyên đề một")
    words = {
        "Tin tức": "News", "Bài viết một": "First article", "Giới thiệu": "Introduction", "Số năm": "Issue five",
        "Chuyên đề một": "First feature", "Học bạ số": "Digital report book",
    }  # fmt: skip
    for page in (index, article, bulletin, feature):
        source, _created = TranslationSource.get_or_create_from_instance(page)
        target = Translation.objects.create(source=source, target_locale=english)
        for segment in source.stringsegment_set.select_related("string", "context"):
            if segment.string.data in words:
                StringTranslation.objects.get_or_create(
                    translation_of=segment.string, locale=english, context=segment.context,
                    defaults={"data": words[segment.string.data]},
                )  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):  # wagtail-localize publishes after the commit
            target.save_target(publish=True)

    translated = ArticlePage.objects.get(translation_key=article.translation_key, locale=english)
    assert list(translated.topics.all()) == [topic]
    assert translated.url == "/en/tin-tuc/bai/"
    listing = client.get("/en/tin-tuc/").content.decode()
    for title in ("First article", "Issue five", "First feature"):
        assert title in listing
    assert "Bài viết một" not in listing
    assert "First article" not in client.get("/tin-tuc/").content.decode()
    page = client.get("/en/tin-tuc/bai/").content.decode()
    assert '<html lang="en">' in page
    assert 'hreflang="vi"' in page
    assert 'href="/en/tin-tuc/?linh-vuc=y-te-so"' in page
    assert "Digital report book" in client.get("/en/tin-tuc/so-5/").content.decode()
    assert BulletinPage.objects.get(locale=english).number == 5
    # the feature's Vietnamese choice leads to the English page
    assert "First article" in client.get("/en/tin-tuc/chuyen/").content.decode()
    feed = client.get("/en/tin-tuc/feed.atom").content.decode()
    assert "First article" in feed
    assert 'xml:lang="en"' in feed
    assert client.get("/en/tin-tuc/so-5/ban-doc-loa.txt").status_code == 200


# --- editors ---
@pytest.mark.parametrize("model", [ArticlePage, BulletinPage, FeaturePage, NewsIndexPage])
def test_edit_forms_and_previews_of_new_pages(editor: Client, site: Site, model: type) -> None:
    parent = home_of(site) if model is NewsIndexPage else make_news_index(site)
    response = editor.get(add_url(model, parent))
    assert response.status_code == 200
    page = model(title="Chưa lưu", locale=parent.locale)
    preview = page.make_preview_request()
    assert preview.status_code == 200
    assert "Chưa lưu" in preview.content.decode()


def test_where_pages_may_stand() -> None:
    from home.models import HomePage

    assert {m.__name__ for m in NewsIndexPage.allowed_subpage_models()} == {
        "ArticlePage",
        "BulletinPage",
        "FeaturePage",
    }
    assert NewsIndexPage.allowed_parent_page_models() == [HomePage]
    assert ArticlePage.allowed_parent_page_models() == [NewsIndexPage]
    assert ArticlePage.allowed_subpage_models() == []
