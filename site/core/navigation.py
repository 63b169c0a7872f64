"""Menus, breadcrumbs, language switch and related pages, each from one query at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from core.offices import remember, site_paths
from core.taxonomy import source_language
from core.vietnamese import to_nfc

if TYPE_CHECKING:
    from core.models import ContentPage


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a menu or breadcrumb trail."""

    url: str
    title: str
    is_current: bool = False


def main_menu(request: HttpRequest) -> list[Link]:
    """Return the office's menu: live children of the root, in the active language, that are marked for menus."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    return [link for link, in_menu in _top_links(site, request) if in_menu]


def footer_menu(request: HttpRequest) -> list[Link]:
    """Return the live children of the root that are not in the main menu: contact, accessibility, privacy …"""
    site = Site.find_for_request(request)
    return [link for link, in_menu in _top_links(site, request) if not in_menu] if site else []


def _top_links(site: Site, request: HttpRequest) -> list[tuple[Link, bool]]:
    language = get_language() or source_language()
    entries = remember("menu", site.pk, language, make=lambda: _read_menu(site, request, language))
    return [(Link(url, title, _is_current(request.path, url)), in_menu) for url, title, in_menu in entries]


def _read_menu(site: Site, request: HttpRequest, language: str) -> list[tuple[str, str, bool]]:
    pages = Page.objects.none()
    for path in site_paths(site).own:
        pages = pages | Page.objects.filter(path__startswith=path, depth=len(path) // Page.steplen + 1)
    pages = pages.filter(locale__language_code=language).live().public().order_by("path")
    return [
        (page.get_url(request) or "", page.title, page.show_in_menus)
        for page in pages.select_related("locale")
    ]


def _is_current(path: str, url: str) -> bool:
    return bool(url) and path.startswith(url)


def breadcrumbs(page: Page, request: HttpRequest) -> list[Link]:
    """Return the links from the home page down to the page's parent (one query)."""
    site = Site.find_for_request(request)
    roots = site_paths(site).own if site else ()
    root = next((path for path in roots if page.path.startswith(path)), None)
    if root is None or page.path == root:
        return []
    ancestors = page.get_ancestors().filter(depth__gte=len(root) // Page.steplen).order_by("depth")
    trail = [
        Link(ancestor.get_url(request) or "", ancestor.title)
        for ancestor in ancestors.select_related("locale")
    ]
    # the front page's title is the name of the programme: long, and no word for a way home
    return [Link(trail[0].url, _("Home page")), *trail[1:]] if trail else []


def related_pages(page: ContentPage, request: HttpRequest, limit: int) -> list[ContentPage]:
    """Return named related pages first, then the newest that share a topic; only what the reader's site may show."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    content_page = apps.get_model("core.ContentPage")
    pool = content_page.objects.for_site(site, page.locale.language_code).exclude(pk=page.pk)
    keys = list(
        apps.get_model("core.RelatedPage")
        .objects.filter(page=page)
        .order_by("sort_order")
        .values_list("related_page__translation_key", flat=True)
    )
    found: list[Any] = []
    if keys:
        by_key = {row.translation_key: row for row in pool.filter(translation_key__in=keys)}
        found = [by_key[key] for key in keys if key in by_key]
    if len(found) < limit and page.topic_rows:
        same_topic = pool.filter(topic_items__tag__in=page.topic_rows).exclude(
            pk__in=[row.pk for row in found]
        )
        found += list(same_topic.newest().distinct()[: limit - len(found)])
    return specific_cards(found[:limit])


def specific_cards(pages: list[ContentPage]) -> list[Any]:
    """Return ``pages`` as instances of their own types with card data, in the given order.

    One query per type, however many pages.
    """
    by_type: dict[Any, list[int]] = {}
    for page in pages:
        model = page.specific_class or type(page)
        by_type.setdefault(model, []).append(page.pk)
    found: dict[int, Any] = {}
    for model, keys in by_type.items():
        for row in model.objects.filter(pk__in=keys).with_card_data():
            found[row.pk] = row
    return [found[page.pk] for page in pages if page.pk in found]


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The current page in another language."""

    code: str
    name: str
    url: str
    is_current: bool
    is_translated: bool


def language_links(request: HttpRequest, page: Page | None) -> list[LanguageLink]:
    """Return one link per language that the office has a home page in; an untranslated page leads to the home page.

    A listing below the page (its route is the same in every language) leads to the same listing.
    """
    site = Site.find_for_request(request)
    if site is None:
        return []
    active = get_language() or source_language()
    homes = remember("homes", site.pk, make=lambda: _read_homes(site, request))
    if len(homes) < 2:
        return []
    here: dict[str, str] = {}
    if page is not None and page.pk:
        here = remember("translations", page.pk, site.pk, make=lambda: _read_translations(page, request))
    own = here.get(active, "")
    below = request.path.removeprefix(own) if own and request.path.startswith(own) else ""
    return [
        LanguageLink(
            code=code,
            name=_language_name(code),
            url=f"{here[code]}{below}" if here.get(code) else url,
            is_current=code == active,
            is_translated=code in here,
        )
        for code, url in homes
    ]


def _language_name(code: str) -> str:
    """Return a language's own name in NFC; Django writes "Tiếng Việt" with loose marks and other names small."""
    name = to_nfc(get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]


def _read_translations(page: Page, request: HttpRequest) -> dict[str, str]:
    rows = page.get_translations(inclusive=True).live().select_related("locale")
    return {row.locale.language_code: row.get_url(request) or "" for row in rows}


def _read_homes(site: Site, request: HttpRequest) -> list[tuple[str, str]]:
    homes = (
        Page.objects.filter(path__in=site_paths(site).own).live().select_related("locale").order_by("path")
    )
    return [(home.locale.language_code, home.get_url(request) or "") for home in homes]
