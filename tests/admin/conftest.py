"""Two offices with staff, each with a page, a class, a picture, a document and a help point of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Collection, Page, Site

from core.models import HelpPoint, OfficeSettings, SiteDocument, SiteImage
from core.offices import forget
from home.offices import StaffGroups, set_up_staff
from news.models import ArticlePage, NewsIndexPage
from tests.factories.core import home_of, make_locale, make_office
from tests.factories.news import make_article, make_document, make_image, make_news_index
from tests.factories.training_events import make_event
from training_events.models import EventPage


@dataclass(frozen=True)
class Office:
    """An office as the tests need it."""

    site: Site
    groups: StaffGroups
    news: NewsIndexPage
    article: ArticlePage
    draft: Page
    event: EventPage
    image: SiteImage
    document: SiteDocument
    help_point: HelpPoint
    collection: Collection


def build_office(hostname: str, name: str) -> Office:
    """Return a whole office; every title ends in its name, so that a leak is seen in any page."""
    site = make_office(hostname, title=f"Trang chủ {name}", organisation_name=f"UBND {name}", short_name=name)
    collection = Collection.get_first_root_node().add_child(name=f"Kho {name}")
    OfficeSettings.objects.filter(site=site).update(collection=collection)
    image, document = make_image(f"Hình {name}"), make_document(f"Tờ rơi {name}")
    for file in (image, document):
        file.collection = collection
        file.save()
    news = make_news_index(site)
    office = Office(
        site=site,
        groups=set_up_staff(site, home_of(site), name, collection),
        news=news,
        article=make_article(news, title=f"Bài đã đăng {name}"),
        draft=make_article(news, title=f"Bài nháp {name}", live=False),
        event=make_event(site, f"Lớp {name}", days=3),
        image=image,
        document=document,
        help_point=HelpPoint.objects.create(
            site=site, name=f"Điểm {name}", address="Thôn Mẫu", locale=make_locale("vi")
        ),
        collection=collection,
    )
    forget()
    return office


@pytest.fixture(scope="module")
def offices(built_once: Callable[..., Any]) -> Callable[[], dict[str, Office]]:
    """The offices of this module's tests: building both takes longer than most of the tests."""
    return built_once(
        lambda: {
            "province": build_office("localhost", "Tỉnh Mẫu"),
            "commune": build_office("xa.localhost", "Xã Thử"),
        }
    )


@pytest.fixture
def both(db: None, offices: Callable[[], dict[str, Office]]) -> dict[str, Office]:
    """Both offices, as they were built."""
    return offices()


@pytest.fixture
def province(both: dict[str, Office]) -> Office:
    """The superior office."""
    return both["province"]


@pytest.fixture
def commune(both: dict[str, Office]) -> Office:
    """The commune, whose staff must not see the province's affairs."""
    return both["commune"]


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """A function that returns the client of a member of ``group``, or of an administrator."""

    def enter(group: Any = None) -> Client:
        name = group.name if group else "quản trị"
        user = get_user_model().objects.create_user(username=name, email="a@example.vn", password="x")
        user.is_superuser = group is None
        user.save()
        if group:
            user.groups.add(group)
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def editor(commune: Office, sign_in: Callable[..., Client]) -> Client:
    """An editor of the commune."""
    return sign_in(commune.groups.editors)


@pytest.fixture
def publisher(commune: Office, sign_in: Callable[..., Client]) -> Client:
    """A publisher of the commune."""
    return sign_in(commune.groups.publishers)
