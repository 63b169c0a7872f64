"""Standing pages: leaders, channels, help points, documents."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, Site

from core.models import HelpPoint, OfficeSettings, OfficialChannel, SiteDocument
from home.models import (
    DocumentLibraryPage,
    HelpPointsPage,
    Leader,
    LeadersPage,
    OfficialChannelsPage,
    StandardPage,
)
from tests.factories.core import home_of, make_locale, make_office

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"title": "Xã Mẫu"}


def add(site: Site, model: type, title: str, **values: Any) -> Any:
    page = model(title=title, locale=make_locale("vi"), **values)
    home_of(site).add_child(instance=page)
    return page


def test_leaders_with_duties(site: Site, client: Client) -> None:
    page = add(site, LeadersPage, "Lãnh đạo")
    page.leaders = [
        Leader(name="Nguyễn Văn A", position="Chủ tịch", duties="Phụ trách chung", locale=page.locale)
    ]
    page.save_revision().publish()
    html = client.get("/lanh-dao/").content.decode()
    for words in ("Nguyễn Văn A", "Chủ tịch", "Phụ trách chung"):
        assert words in html


def test_channels_of_this_office_only(site: Site, client: Client) -> None:
    other = make_office("khac.localhost", title="Xã khác")
    OfficialChannel.objects.create(office=OfficeSettings.for_site(site), kind="zalo", name="Zalo xã Mẫu")
    OfficialChannel.objects.create(office=OfficeSettings.for_site(other), kind="zalo", name="Zalo xã khác")
    add(site, OfficialChannelsPage, "Kênh chính thức")
    html = client.get("/kenh-chinh-thuc/").content.decode()
    assert "Zalo xã Mẫu" in html
    assert "Zalo xã khác" not in html


def test_a_channel_cannot_carry_a_script(site: Site) -> None:
    from django.core.exceptions import ValidationError

    channel = OfficialChannel(
        office=OfficeSettings.for_site(site), kind="other", name="x", url="javascript:alert(1)"
    )
    with pytest.raises(ValidationError):
        channel.full_clean()


def test_help_points_of_this_office_only(site: Site, client: Client) -> None:
    other = make_office("khac.localhost", title="Xã khác")
    for owner, name in ((site, "Nhà văn hóa thôn 1"), (other, "Nhà văn hóa thôn 9")):
        HelpPoint.objects.create(
            site=owner, name=name, address="Thôn Mẫu", locale=make_locale("vi"), has_wifi=True
        )
    add(site, HelpPointsPage, "Điểm hỗ trợ")
    html = client.get("/diem-ho-tro/").content.decode()
    assert "Nhà văn hóa thôn 1" in html
    assert "Nhà văn hóa thôn 9" not in html


def test_pages_below_are_listed(site: Site, client: Client) -> None:
    about = add(site, StandardPage, "Giới thiệu")
    about.add_child(instance=StandardPage(title="Lịch sử", locale=about.locale))
    about.add_child(instance=StandardPage(title="Nháp", locale=about.locale, live=False))
    html = client.get("/gioi-thieu/").content.decode()
    assert "Lịch sử" in html
    assert "Nháp" not in html


@pytest.fixture
def library(site: Site) -> Any:
    collection = Collection.get_first_root_node().add_child(name="Xã Mẫu")
    office = OfficeSettings.for_site(site)
    office.collection = collection
    office.save()
    add(site, DocumentLibraryPage, "Tài liệu")
    for title, kind in (("Kế hoạch tuyên truyền", "plan"), ("Tờ rơi Đăng ký VNeID", "leaflet")):
        SiteDocument.objects.create(
            title=title, kind=kind, collection=collection, file=ContentFile(b"%PDF-1.4", name=f"{kind}.pdf")
        )
    elsewhere = Collection.get_first_root_node().add_child(name="Nơi khác")
    SiteDocument.objects.create(
        title="Của nơi khác", collection=elsewhere, file=ContentFile(b"x", name="x.pdf")
    )
    return collection


def listing(client: Client, query: str = "") -> str:
    response = client.get(f"/tai-lieu/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_library_shows_the_office_s_collection(library: Any, client: Client) -> None:
    html = listing(client)
    assert "Kế hoạch tuyên truyền" in html
    assert "PDF" in html
    assert "Của nơi khác" not in html


@pytest.mark.parametrize(
    "query", ["?tu=dang+ky", "?tu=%C4%90%C4%82NG+K%C3%9D", "?loai=leaflet", "?tu=vneid&loai=leaflet"]
)
def test_the_library_is_searched_with_or_without_accents(library: Any, client: Client, query: str) -> None:
    html = listing(client, query)
    assert "Tờ rơi Đăng ký VNeID" in html
    assert "Kế hoạch tuyên truyền" not in html


@pytest.mark.parametrize("query", ["?loai=khong-co", "?tu=%F0%9F%8C%BE", "?tu=%00", "?tu=" + "a" * 5000])
def test_odd_questions_get_an_honest_answer(library: Any, client: Client, query: str) -> None:
    listing(client, query)


def test_page_numbers_that_do_not_exist(library: Any, client: Client) -> None:
    assert client.get("/tai-lieu/?trang=99").status_code == 404
    assert client.get("/tai-lieu/?trang=abc").status_code == 404


def test_private_collections_stay_private(library: Any, client: Client) -> None:
    private = library.add_child(name="Nội bộ")
    SiteDocument.objects.create(
        title="Danh sách nội bộ", collection=private, file=ContentFile(b"x", name="y.pdf")
    )
    assert "Danh sách nội bộ" in listing(client)
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert "Danh sách nội bộ" not in listing(client)
