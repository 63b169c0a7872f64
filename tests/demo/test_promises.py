"""What the sample promises: enough of everything, in every state, in both languages, and nothing that could pass for real."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from core.models import ContentPage, HelpPoint, SiteDocument, SiteImage
from guides.models import GuidePage
from home.demo import content_files, english
from home.demo.parties import SAMPLE_PHONE
from home.models import HomePage, Leader
from news.models import ArticlePage, BulletinPage, FeaturePage
from training_events.figures import report
from training_events.models import EventPage, Feedback, Participant, Registration

pytestmark = pytest.mark.usefixtures("sample")

COMMUNES = {"bu-gia-map", "dak-o", "duc-hanh", "phu-nghia", "phu-van", "da-kia", "binh-thang", "phuoc-minh"}
#: The brief's percentages (first seven months of 2024); nobody else's figure may stand in the sample.
PERCENTAGES = {"74,4", "99,2", "74.4", "99.2"}
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|phần trăm|per cent|percent)")
_PHONE = re.compile(r"(?<![\d.,/])(?:\+84|0)\d(?:[ .]?\d){7,9}(?!\d)")
_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)")


def vietnamese(model: type[ContentPage]) -> Any:
    return model.objects.live().filter(locale__language_code="vi")


def texts(value: Any) -> Iterator[str]:
    """Yield every string inside ``value``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def all_texts() -> Iterator[tuple[str, str]]:
    """Yield (file, string) of the whole sample as it is written."""
    for path in sorted(content_files.CONTENT.glob("*.yaml")):
        for text in texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield path.name, text


@pytest.mark.parametrize(
    ("model", "least"),
    [
        (BulletinPage, 6),
        (ArticlePage, 12),
        (FeaturePage, 3),
        (GuidePage, 14),
        (EventPage, 12),
        (SiteDocument, 10),
        (HelpPoint, 8),
    ],
)
def test_there_is_enough_of_everything(model: Any, least: int) -> None:
    rows = vietnamese(model) if issubclass(model, Page) else model.objects.all()
    assert rows.count() >= least


def test_there_are_two_offices_with_their_own_content() -> None:
    hosts = {site.hostname: site for site in Site.objects.select_related("root_page")}
    assert set(hosts) == {"localhost", "da-kia.localhost"}
    for site in hosts.values():
        assert ContentPage.objects.live().descendant_of(site.root_page).count() >= 20
    assert ContentPage.objects.filter(shared=True).exists()


def test_past_classes_have_attendance_opinions_and_figures() -> None:
    past = vietnamese(EventPage).past(timezone.now())
    figures = report.build([page.seat_pool for page in past if page.seat_pool.pk], now=timezone.now())
    assert figures.whole.attended >= 40
    assert figures.whole.absent >= 5
    assert {one.slug for one in figures.breakdowns} == {
        "session", "place", "venue", "skill", "audience", "age", "source", "registrant", "month"
    }  # fmt: skip
    assert Feedback.objects.count() >= 10


def test_nobody_in_the_sample_could_be_somebody() -> None:
    rows = Registration.objects.all()
    names = {row.name for row in Participant.objects.exclude(name="")} | {row.contact_name for row in rows}
    assert not [name for name in names if "mẫu" not in name]
    assert {row.phone for row in rows} == {SAMPLE_PHONE, ""}
    assert not [row.email for row in rows if row.email and not row.email.endswith("@example.vn")]


def test_every_commune_has_a_class() -> None:
    assert set(vietnamese(EventPage).values_list("venue_place__slug", flat=True)) >= COMMUNES


def test_a_resident_finds_what_is_needed_in_every_guide() -> None:
    lacking = [
        page.slug
        for page in vietnamese(GuidePage)
        if not (
            page.for_whom
            and page.needs
            and page.duration
            and page.fee
            and len(page.steps) >= 3
            and page.intro
        )
    ]
    assert not lacking


def test_every_page_has_a_picture_a_summary_and_dates() -> None:
    lacking = [
        page.slug
        for page in vietnamese(ContentPage)
        if not (
            page.cover_image_id
            and page.intro
            and page.search_description
            and page.published_on
            and page.last_reviewed_on
        )
    ]
    assert not lacking


def test_every_picture_says_what_it_shows() -> None:
    assert not [image.title for image in SiteImage.objects.all() if len(image.description) < 15]


def test_the_tree_is_sound() -> None:
    """A wrong count of children hides whole sections from routing and from the staff's explorer."""
    assert not any(Page.find_problems())
    assert HomePage.objects.filter(numchild=0).count() == 0


def test_several_pages_of_each_kind_are_in_english_without_a_gap() -> None:
    locale = Locale.objects.get(language_code="en")
    kinds = Counter(page.specific_class.__name__ for page in ContentPage.objects.live().filter(locale=locale))
    for kind in ("ArticlePage", "BulletinPage", "GuidePage", "EventPage", "StandardPage"):
        assert kinds[kind] >= 2, kinds
    assert set(kinds) == {page.specific_class.__name__ for page in vietnamese(ContentPage)}
    data = content_files.read("english")
    by_slug = {
        page.slug: page
        for page in ContentPage.objects.filter(locale__language_code="vi", path__startswith=_office())
    }
    pages = [
        by_slug[slug].specific if slug != "trang-chu" else by_slug["office-trang-chu"].specific
        for slug in data["pages"]
    ]
    assert english.untranslated(pages, data["strings"]) == []


def _office() -> str:
    return Site.objects.get(is_default_site=True).root_page.path


def test_all_letters_are_composed() -> None:
    """As written in the files, and as stored."""
    assert not [(name, text[:60]) for name, text in all_texts() if not unicodedata.is_normalized("NFC", text)]
    stored = [value for row in ContentPage.objects.values_list("title", "intro", "slug") for value in row]
    assert not [text for text in stored if not unicodedata.is_normalized("NFC", text)]


def test_no_percentage_but_the_briefs() -> None:
    found = [
        (name, match[0], text[max(0, match.start() - 40) : match.end() + 20])
        for name, text in all_texts()
        for match in _PERCENT.finditer(text)
        if match[1] not in PERCENTAGES
    ]
    assert not found, found


def test_sample_contacts_are_visibly_no_real_ones() -> None:
    phones = [(name, match[0]) for name, text in all_texts() for match in _PHONE.finditer(text)]
    assert phones
    assert not [row for row in phones if re.sub(r"\D", "", row[1]) not in ("0900000000", "84900000000")]
    hosts = {(name, match[1].rstrip(".")) for name, text in all_texts() for match in _ADDRESS.finditer(text)}
    assert not {row for row in hosts if row[1] != "example.vn"}
    assert not [
        leader.name
        for leader in Leader.objects.all()
        if "mẫu" not in str(leader) and "Nguyễn Văn" not in leader.name and "Thị" not in leader.name
    ]


def test_the_site_says_that_its_content_is_a_sample() -> None:
    from tests.site.kinds import office_client

    client = office_client()
    assert "website mẫu" in client.get("/").content.decode()
    assert "sample site" in client.get("/en/").content.decode()
