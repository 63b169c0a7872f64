"""Several offices in one installation: nothing leaks, shared content keeps its own address."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction, Site

from core import offices
from core.models import Alert, ContentPage, OfficeSettings, OfficeTranslation, OfficialChannel
from core.offices import office_for_site
from home.models import StandardPage
from tests.factories.core import home_of, make_locale, make_office

pytestmark = pytest.mark.django_db


def add_page(site: Site, title: str, language: str = "vi", **values: Any) -> StandardPage:
    """Return a live standing page of an office."""
    page = StandardPage(title=title, locale=make_locale(language), **values)
    home_of(site, language).add_child(instance=page)
    return page


@pytest.fixture
def province() -> Site:
    return make_office("localhost", title="Văn phòng tỉnh", languages=("vi", "en"))


@pytest.fixture
def commune(province: Site) -> Site:
    return make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=province)


def titles(site: Site, language: str = "vi") -> set[str]:
    return set(ContentPage.objects.for_site(site, language).values_list("title", flat=True))


def test_an_office_sees_its_own_pages_only(province: Site, commune: Site) -> None:
    add_page(province, "Tin của tỉnh")
    add_page(commune, "Tin của xã")
    assert "Tin của tỉnh" not in titles(commune)
    assert titles(commune) == {"Xã Đa Kia", "Tin của xã"}
    assert titles(province) == {"Văn phòng tỉnh", "Tin của tỉnh"}


def test_shared_pages_appear_below_only(province: Site, commune: Site) -> None:
    add_page(province, "Cảnh báo chung", shared=True)
    add_page(commune, "Chuyện riêng của xã", shared=True)
    assert "Cảnh báo chung" in titles(commune)
    assert "Chuyện riêng của xã" not in titles(province)


def test_a_shared_page_keeps_its_own_address(province: Site, commune: Site, rf: Any) -> None:
    page = add_page(province, "Cảnh báo chung", shared=True)
    request = rf.get("/", headers={"host": "da-kia.localhost"})
    card = page.get_card(request)
    assert card.url == "http://localhost/canh-bao-chung/"
    assert card.source_label == "Văn phòng tỉnh"
    own = add_page(commune, "Tin của xã").get_card(request)
    assert own.url == "/tin-cua-xa/"
    assert own.source_label == ""


def test_an_office_answers_on_its_own_host_only(client: Client, province: Site, commune: Site) -> None:
    add_page(commune, "Tin của xã")
    assert client.get("/tin-cua-xa/", headers={"host": "da-kia.localhost"}).status_code == 200
    assert client.get("/tin-cua-xa/", headers={"host": "localhost"}).status_code == 404


def test_drafts_private_and_foreign_language_pages_stay_hidden(province: Site) -> None:
    add_page(province, "Bản nháp", live=False)
    private = add_page(province, "Nội bộ")
    child = StandardPage(title="Con của nội bộ", locale=make_locale("vi"))
    private.add_child(instance=child)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    add_page(province, "English only", "en")
    assert titles(province) == {"Văn phòng tỉnh"}
    assert titles(province, "en") == {"Văn phòng tỉnh", "English only"}


def test_office_data_speaks_the_language(province: Site) -> None:
    settings = OfficeSettings.for_site(province)
    settings.slogan = "Gần dân"
    settings.save()
    OfficeTranslation.objects.create(
        office=settings, locale=make_locale("en"), organisation_name="Provincial office"
    )
    assert office_for_site(province, "en").organisation_name == "Provincial office"
    assert office_for_site(province, "en").slogan == "Gần dân"
    assert office_for_site(province, "vi").organisation_name == "Văn phòng tỉnh"


def test_changes_show_at_once(province: Site) -> None:
    assert office_for_site(province).channels == []
    settings = OfficeSettings.for_site(province)
    OfficialChannel.objects.create(office=settings, name="Zalo của tỉnh", kind="zalo")
    assert [channel.name for channel in office_for_site(province).channels] == ["Zalo của tỉnh"]


def test_alerts_begin_and_end(province: Site) -> None:
    settings = OfficeSettings.for_site(province)
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    for message, starts, ends in (
        ("đang chạy", now - hour, now + hour),
        ("chưa tới", now + hour, None),
        ("đã hết", None, now - hour),
    ):
        Alert.objects.create(office=settings, message=message, starts_at=starts, ends_at=ends)
    Alert.objects.create(office=settings, message="khẩn", level="urgent")
    Alert.objects.create(office=settings, message="english", locale=make_locale("en"))
    assert [alert.message for alert in office_for_site(province, "vi").current_alerts] == [
        "khẩn",
        "đang chạy",
    ]
    assert set(Alert.objects.current(now, "vi").values_list("message", flat=True)) == {"khẩn", "đang chạy"}


def test_menus_do_not_leak(client: Client, province: Site, commune: Site) -> None:
    add_page(province, "Mục của tỉnh", show_in_menus=True)
    add_page(commune, "Mục của xã", show_in_menus=True)
    page = client.get("/", headers={"host": "da-kia.localhost"}).content.decode()
    assert "Mục của xã" in page
    assert "Mục của tỉnh" not in page


def test_paths_are_read_once(province: Site, django_assert_num_queries: Any) -> None:
    offices.site_paths(province)
    with django_assert_num_queries(0):
        offices.site_paths(province)


def test_the_active_language_decides(province: Site) -> None:
    add_page(province, "English only", "en")
    with translation.override("en"):
        assert "English only" in set(ContentPage.objects.for_site(province).values_list("title", flat=True))
