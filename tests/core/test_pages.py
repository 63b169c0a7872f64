"""Content pages: slugs, cards, related pages, forms, structured data, translations of the vocabulary."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from wagtail.models import Site
from wagtail_localize.models import Translation, TranslationSource

from core.models import RelatedPage
from core.taxonomy import localized
from home.models import StandardPage
from tests.factories.core import home_of, make_locale, make_pillar, make_place, make_topic

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"languages": ("vi", "en")}


def add(site: Site, title: str, **values: Any) -> StandardPage:
    page = StandardPage(title=title, locale=make_locale("vi"), **values)
    home_of(site).add_child(instance=page)
    return page


def test_slugs_are_ascii_and_free(site: Site) -> None:
    assert add(site, "Đăng ký tập huấn").slug == "dang-ky-tap-huan"
    assert add(site, "Đăng ký tập huấn").slug == "dang-ky-tap-huan-2"
    assert add(site, "🌾").slug == "standardpage"


def test_the_editor_form_cleans_slugs_and_offers_source_vocabulary(site: Site, admin_client: Client) -> None:
    topic = make_topic("Dịch vụ công")
    topic.copy_for_translation(make_locale("en")).save()
    form_class = StandardPage.get_edit_handler().get_form_class()
    page = StandardPage(locale=make_locale("vi"))
    form = form_class(instance=page, parent_page=home_of(site))
    assert list(form.fields["topics"].queryset) == [topic]
    form.cleaned_data = {"slug": "Đường Ướt"}
    assert form.clean_slug() == "duong-uot"


def test_named_related_pages_come_first_then_the_same_topic(site: Site, rf: Any) -> None:
    topic = make_topic("Y tế số")
    pages = [add(site, f"Trang {number}") for number in range(4)]
    for page in pages[:3]:
        page.topics.set([topic])
        page.save()
    RelatedPage.objects.create(page=pages[0], related_page=pages[3])
    found = StandardPage.objects.get(pk=pages[0].pk).related(rf.get("/"))
    assert [page.title for page in found] == ["Trang 3", "Trang 2", "Trang 1"]


def test_related_pages_that_went_offline_drop_out(site: Site, rf: Any) -> None:
    page, other = add(site, "A"), add(site, "B")
    RelatedPage.objects.create(page=page, related_page=other)
    other.unpublish()
    assert page.related(rf.get("/")) == []


def test_structured_data_is_json_and_cannot_break_out(site: Site, client: Client) -> None:
    add(site, "Trang </script><script>alert(1)</script>", slug="trang")
    html = client.get("/trang/").content.decode()
    assert "<script>alert(1)" not in html
    start = html.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    data = json.loads(html[start : html.index("</script>", start)])
    assert data["@type"] == "WebPage"
    assert data["inLanguage"] == "vi"


def test_a_page_has_one_heading_title_description_and_language(site: Site, client: Client) -> None:
    add(site, "Liên hệ", intro="Gọi cho chúng tôi.")
    html = client.get("/lien-he/").content.decode()
    assert html.count("<h1") == 1
    assert '<html lang="vi">' in html
    assert '<meta name="description" content="Gọi cho chúng tôi.">' in html


def test_translation_keeps_vocabulary_of_the_source(
    site: Site, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    pillar, topic, place = make_pillar("Xã hội số"), make_topic("Y tế số"), make_place("Đắk Ơ")
    page = add(site, "Sổ sức khỏe", pillar=pillar, intro="Xem trên điện thoại.")
    page.topics.set([topic])
    page.places.set([place])
    page.save_revision().publish()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    with django_capture_on_commit_callbacks(execute=True):
        Translation.objects.create(source=source, target_locale=make_locale("en")).save_target(publish=True)
    english = page.get_translation(make_locale("en")).specific
    assert english.pillar == pillar
    assert list(english.topics.all()) == [topic]
    assert list(english.places.all()) == [place]
    assert client.get(f"/en/{english.slug}/").status_code == 200


def test_vocabulary_in_the_reader_s_language(site: Site, django_assert_num_queries: Any) -> None:
    topics = [make_topic("Y tế số"), make_topic("Giáo dục số")]
    english = topics[0].copy_for_translation(make_locale("en"))
    english.name = "Digital health"
    english.save()
    with django_assert_num_queries(0):
        assert localized(topics[0]) == topics[0]
    with translation.override("en"), django_assert_num_queries(1):
        assert [str(localized(topic)) for topic in topics] == ["Digital health", "Giáo dục số"]


def test_topics_keep_their_slug_in_every_language(site: Site) -> None:
    topic = make_topic("Định danh điện tử")
    assert topic.slug == "dinh-danh-dien-tu"
    source, _created = TranslationSource.update_or_create_from_instance(topic)
    Translation.objects.create(source=source, target_locale=make_locale("en")).save_target()
    assert topic.get_translation(make_locale("en")).slug == "dinh-danh-dien-tu"


def test_hreflang_names_translations_only(site: Site, client: Client) -> None:
    add(site, "Chỉ tiếng Việt")
    html = client.get("/chi-tieng-viet/").content.decode()
    assert 'hreflang="en" href="http' not in html
    home = client.get("/").content.decode()
    assert 'rel="alternate" hreflang="en" href="http://testserver/en/"' in home
