"""Guides, series and their listing as readers and editors meet them."""

import datetime
import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from guides.models import GuideIndexPage, GuidePage, GuideSeriesPage
from guides.models.guide import in_short
from tests.factories.core import (
    home_of,
    make_audience,
    make_locale,
    make_office,
    make_pillar,
    make_place,
    make_topic,
)
from tests.factories.guides import make_guide, make_guide_index, make_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


@pytest.fixture
def index(site: Site) -> GuideIndexPage:
    return make_guide_index(site)


def text_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, **headers)
    assert response.status_code == 200, path
    return response.content.decode()


# --- the guide ---
def test_a_guide_answers_what_one_must_know_before_step_one(client: Client, index: GuideIndexPage) -> None:
    make_guide(index, slug="vneid", title="Kích hoạt VNeID")
    text = text_of(client, "/huong-dan/vneid/")
    first_screen, rest = text.split('id="buoc-1"')
    for words in (
        "Người từ 14 tuổi", "Căn cước còn hạn", "Khoảng 15 phút", "Không mất tiền", "Công an xã",
        'href="https://example.vn/vneid"',
    ):  # fmt: skip
        assert words in first_screen, words
    assert 'id="buoc-2"' in rest
    for words in ("Bật chữ to.", "Không đọc mã cho ai.", "Dùng số chính chủ.", "Có mất phí không?", "mã OTP"):
        assert words in rest, words
    assert "1.000000 (mẫu)" in rest
    assert text.count("<h1") == 1


def test_empty_parts_leave_no_headings(client: Client, index: GuideIndexPage) -> None:
    make_guide(
        index, slug="ngan", for_whom="", needs=[], mistakes=[], questions=[], scam_warning="", procedure_code="",
        procedure_url="", in_person="", online_url="", online_label="",
    )  # fmt: skip
    text = text_of(client, "/huong-dan/ngan/")
    for words in (
        "Dành cho",
        "Cần có",
        "Lỗi hay gặp",
        "Hỏi và đáp",
        "Cảnh báo lừa đảo",
        "Thủ tục chính thức",
    ):
        assert words not in text, words


def test_structured_data_holds_steps_and_questions(client: Client, index: GuideIndexPage) -> None:
    make_guide(index, slug="vneid")
    make_guide(index, slug="khong-hoi", questions=[])

    def data(slug: str) -> dict[str, Any]:
        text = text_of(client, f"/huong-dan/{slug}/")
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        assert found
        parsed: dict[str, Any] = json.loads(found[1])
        return parsed

    how_to = data("vneid")
    assert how_to["@type"] == "HowTo"
    assert [step["name"] for step in how_to["step"]] == ["Mở ứng dụng", "Nhập mã"]
    assert how_to["step"][0]["text"] == "Bấm Đăng nhập."
    assert how_to["step"][1]["url"].endswith("/huong-dan/vneid/#buoc-2")
    (questions,) = how_to["hasPart"]
    assert questions["@type"] == "FAQPage"
    assert questions["mainEntity"][0]["acceptedAnswer"]["text"] == "Không."
    assert "hasPart" not in data("khong-hoi")


@pytest.mark.parametrize(("days", "old"), [(0, False), (364, False), (365, False), (366, True), (2000, True)])
def test_a_guide_says_when_its_review_is_old(
    client: Client, index: GuideIndexPage, days: int, old: bool
) -> None:
    reviewed = timezone.localdate() - datetime.timedelta(days=days)
    make_guide(index, slug="vneid", last_reviewed_on=reviewed)
    assert ("Từ đó đến nay có thể đã có thay đổi" in text_of(client, "/huong-dan/vneid/")) is old


def test_a_guide_never_reviewed_says_nothing_about_reviews(client: Client, index: GuideIndexPage) -> None:
    make_guide(index, slug="vneid")
    assert "Rà soát lần cuối" not in text_of(client, "/huong-dan/vneid/")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Khoảng 15 phút", "Khoảng 15 phút"),
        ("Điền khoảng 30 phút. Có kết quả trong ngày; gửi về nhà", "Điền khoảng 30 phút"),
        ("Không mất tiền.", "Không mất tiền"),
        ("Lệ phí 50.000 đ", "Lệ phí 50.000 đ"),
        ("x" * 100, "x" * 47 + "…"),
    ],
)
def test_cards_show_the_first_clause(text: str, short: str) -> None:
    assert in_short(text) == short


# --- series ---
def test_a_series_shows_its_guides_in_the_editors_order(client: Client, index: GuideIndexPage) -> None:
    series = make_series(index, slug="loat", title="Bắt đầu với điện thoại")
    make_guide(series, slug="hai", title="Bài hai", published_on=datetime.date(2024, 1, 1))
    make_guide(series, slug="mot", title="Bài một", published_on=datetime.date(2024, 9, 1))
    make_guide(series, slug="nhap", title="Bài nháp", live=False)
    secret = make_guide(series, slug="kin", title="Bài kín")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    GuidePage.objects.get(slug="mot").move(GuidePage.objects.get(slug="hai"), pos="left")

    text = text_of(client, "/huong-dan/loat/")
    assert text.index("Bài một") < text.index("Bài hai")
    assert "Bài nháp" not in text
    assert "Bài kín" not in text

    first, second = text_of(client, "/huong-dan/loat/mot/"), text_of(client, "/huong-dan/loat/hai/")
    assert "Bài 1/2 trong loạt" in first
    assert 'rel="next" href="/huong-dan/loat/hai/"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev" href="/huong-dan/loat/mot/"' in second
    assert 'rel="next"' not in second


def test_a_guide_outside_a_series_has_no_neighbours(client: Client, index: GuideIndexPage) -> None:
    make_guide(index, slug="mot")
    make_guide(index, slug="hai")
    text = text_of(client, "/huong-dan/mot/")
    assert "trong loạt" not in text
    assert 'rel="next"' not in text


# --- the listing ---
def test_series_come_first_with_their_number_of_guides(client: Client, index: GuideIndexPage) -> None:
    series = make_series(index, title="Loạt bài")
    for number in range(3):
        make_guide(series, title=f"Trong loạt {number}")
    make_guide(series, title="Nháp", live=False)
    make_guide(index, title="Đứng riêng")
    text = text_of(client, "/huong-dan/").split("<main")[1]
    assert text.index("Loạt bài") < text.index("Đứng riêng")
    assert "3 hướng dẫn" in text
    assert "4 hướng dẫn" in text  # all that can be read: three of the series and one by itself


def test_filters_narrow_by_pillar_topic_place_and_audience(client: Client, index: GuideIndexPage) -> None:
    pillar, topic = make_pillar("Xã hội số"), make_topic("An toàn trực tuyến")
    place, audience = make_place("Đa Kia"), make_audience("Người cao tuổi")
    make_series(index, title="Loạt bài")
    make_guide(index, title="Trúng", pillar=pillar, topics=[topic], places=[place], audiences=[audience])
    make_guide(index, title="Trượt")
    for query in (
        "tru-cot=xa-hoi-so",
        "linh-vuc=an-toan-truc-tuyen",
        "dia-ban=da-kia",
        "doi-tuong=nguoi-cao-tuoi",
    ):
        text = text_of(client, f"/huong-dan/?{query}")
        assert "Trúng" in text, query
        assert "Trượt" not in text, query
        assert "Loạt bài" not in text, query


@pytest.mark.parametrize(
    "query", ["linh-vuc=khong-co", "doi-tuong=" + "x" * 10_000, "dia-ban=%FF", "tru-cot=1'"]
)
def test_a_value_that_names_nothing_gives_ways_on(client: Client, index: GuideIndexPage, query: str) -> None:
    make_guide(index, title="Có thật")
    text = text_of(client, f"/huong-dan/?{query}")
    assert "Có thật" not in text
    assert "Chưa có hướng dẫn nào hợp với cách lọc này" in text
    assert "Xem tất cả, không lọc" in text


@pytest.mark.parametrize("page", ["0", "abc", "999", "%00", "1" * 10_000])
def test_a_page_that_does_not_exist_is_a_404(client: Client, index: GuideIndexPage, page: str) -> None:
    assert client.get(f"/huong-dan/?trang={page}").status_code == 404


def test_no_guide_of_another_office_unless_it_shares(client: Client) -> None:
    province = make_office("localhost", title="Tỉnh")
    commune = make_office("da-kia.localhost", title="Xã", shares_from=province)
    there, here = make_guide_index(province), make_guide_index(commune)
    make_guide(there, title="Chia sẻ", slug="chia-se", shared=True)
    make_guide(there, title="Riêng của tỉnh")
    make_guide(here, title="Của xã")
    make_guide(here, title="Nháp", live=False)
    text = text_of(client, "/huong-dan/", HTTP_HOST="da-kia.localhost")
    assert 'href="http://localhost/huong-dan/chia-se/"' in text
    assert "Của xã" in text
    assert "Riêng của tỉnh" not in text
    assert "Nháp" not in text
    assert "Của xã" not in text_of(client, "/huong-dan/", HTTP_HOST="localhost")


def test_twenty_cards_cost_as_many_queries_as_two(client: Client, index: GuideIndexPage) -> None:
    topic, place = make_topic(), make_place()

    def add(times: int) -> None:
        for _ in range(times):
            make_series(index)
            make_guide(index, topics=[topic], places=[place])

    def count() -> int:
        client.get("/huong-dan/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/huong-dan/")
        return len(queries)

    add(1)
    few = count()
    add(9)
    assert count() == few


# --- translation and editing ---
def test_guides_and_series_can_be_translated(
    client: Client, index: GuideIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    english = make_locale("en")
    series = make_series(index, slug="loat", title="Loạt bài")
    guide = make_guide(series, slug="vneid", title="Kích hoạt VNeID")
    words = {
        "Hướng dẫn": "Guides", "Loạt bài": "A series", "Kích hoạt VNeID": "Activate VNeID", "Mở ứng dụng": "Open it",
        "Căn cước còn hạn": "A valid identity card", "Có mất phí không?": "Is there a fee?",
        "Bật chữ to.": "Use large letters.",
    }  # fmt: skip
    for page in (index, series, guide):
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
    listing = text_of(client, "/en/huong-dan/")
    assert "A series" in listing
    assert "Activate VNeID" in listing
    text = text_of(client, "/en/huong-dan/loat/vneid/")
    for english_words in ("Open it", "A valid identity card", "Is there a fee?", "Use large letters."):
        assert english_words in text, english_words
    translated = GuidePage.objects.get(locale=english)
    assert translated.procedure_code == guide.procedure_code
    assert translated.online_url == guide.online_url


@pytest.mark.parametrize("model", [GuideIndexPage, GuideSeriesPage, GuidePage])
def test_edit_forms_and_previews_of_new_pages(client: Client, site: Site, model: type) -> None:
    client.force_login(get_user_model().objects.create_superuser("bien-tap", "", "mat-khau-dai"))
    parent = home_of(site) if model is GuideIndexPage else make_guide_index(site)
    add = reverse("wagtailadmin_pages:add", args=["guides", model.__name__.lower(), parent.pk])
    assert client.get(add).status_code == 200
    preview = model(title="Chưa lưu", locale=parent.locale).make_preview_request()
    assert preview.status_code == 200
    assert "Chưa lưu" in preview.content.decode()


def test_where_pages_may_stand() -> None:
    from home.models import HomePage

    assert GuideIndexPage.allowed_parent_page_models() == [HomePage]
    assert {m.__name__ for m in GuideIndexPage.allowed_subpage_models()} == {"GuideSeriesPage", "GuidePage"}
    assert GuideSeriesPage.allowed_subpage_models() == [GuidePage]
    assert GuidePage.allowed_subpage_models() == []
