"""One address for each kind of page of the sample site."""

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, Site

from training_events.models import EventPage, Registration

OFFICE = "localhost:8000"


def office_client() -> Client:
    """Return a client that visits the programme office."""
    return Client(headers={"host": OFFICE})


def page_addresses(limit: int) -> Iterator[tuple[str, str]]:
    """Yield (kind and language, path) of the office's pages: the fullest ``limit`` of each type in each language."""
    site = Site.objects.get(is_default_site=True)
    keys = Page.objects.filter(pk=site.root_page_id).values("translation_key")
    found: dict[str, list[tuple[int, str]]] = {}
    for root in Page.objects.filter(translation_key__in=keys).live():
        for page in root.get_descendants(inclusive=True).live().specific().select_related("locale"):
            size = len(str(getattr(page, "body", ""))) + len(str(getattr(page, "steps", "")))
            kind = f"{type(page).__name__} ({page.locale.language_code})"
            found.setdefault(kind, []).append((size, page.relative_url(site)))
    for kind, rows in sorted(found.items()):
        for _size, path in sorted(rows, reverse=True)[:limit]:
            yield kind, path


def other_addresses() -> dict[str, str]:
    """Return the addresses that are no page of the tree: listings, search, registration, opinions, files."""
    event, full = open_event(), full_event()
    row = Registration.objects.filter(pool__event_key=event.translation_key).confirmed().first()
    waiting = Registration.objects.filter(pool__event_key=full.translation_key).waiting().first()
    guide = Page.objects.get(slug="kich-hoat-vneid")
    assert row
    assert waiting
    with translation.override("vi"):
        return {
            "bulletins": "/tin-tuc/ban-tin/",
            "news of a place": "/tin-tuc/?dia-ban=dak-o",
            "news without a hit": "/tin-tuc/?dia-ban=khong-co",
            "feed": "/tin-tuc/feed.atom",
            "past events": "/tap-huan/da-qua/",
            "month of classes": "/tap-huan/lich/",
            "calendar of all classes": reverse("training_events:feed"),
            "calendar of a place": reverse("training_events:feed_of", args=["dia-ban", "dak-o"]),
            "search": "/tim-kiem/?q=dich+vu+cong",
            "search without a hit": "/tim-kiem/?q=xqzwkf+bbrr",
            "search page": "/tim-kiem/",
            "registration form": reverse("training_events:register", args=[event.pk]),
            "waiting list form": reverse("training_events:register", args=[full.pk]),
            "calendar file": reverse("training_events:calendar", args=[event.pk]),
            "look-up": reverse("training_events:lookup"),
            "personal data": reverse("training_events:kept"),
            "personal data of a class": reverse("training_events:kept", args=[event.pk]),
            "certificate check": reverse("training_events:certificates"),
            "registration": reverse("training_events:registration", args=[row.token]),
            "waiting registration": reverse("training_events:registration", args=[waiting.token]),
            "cancel": reverse("training_events:cancel", args=[row.token]),
            "opinion": reverse("guides_opinion", args=[guide.pk]),
        }


def open_event() -> EventPage:
    """Return a class with free seats."""
    return EventPage.objects.get(slug="tap-huan-vneid-phu-nghia")


def full_event() -> EventPage:
    """Return a class without free seats and with a waiting list."""
    return EventPage.objects.get(slug="an-toan-tren-mang-ca-nha-da-kia")
