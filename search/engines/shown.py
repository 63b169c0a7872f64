"""What a list of results is made of: rows of the table of all pages and their texts, no query per page or per page type."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.utils import timezone
from wagtail.models import Page, Site

from core import openings
from core.cards import Card
from core.models import ContentPage
from core.offices import office_name_for_page, site_paths
from core.taxonomy import attach_locales
from search import kinds, prepared

_COLUMNS = (
    *("pk", "title", "path", "url_path", "content_type_id", "locale_id", "intro", "search_description"),
    *("published_on", "search_text__date", "search_text__meta", "search_text__files", "search_text__text"),
    *("search_text__bare", "search_text__folded", "search_text__exact"),
)


class Row(NamedTuple):
    """A page that was found; what stands after ``published_on`` is of its text, None where it has none (yet)."""

    key: int
    title: str
    path: str
    url_path: str
    content_type: int
    locale: int
    intro: str
    search_description: str
    published_on: datetime.date | None
    date: datetime.date | None
    meta: str | None
    files: str | None
    text: str | None
    bare: str | None
    folded: str | None
    exact: str | None

    @property
    def has_files(self) -> bool:
        """Whether the page offers files that may be searched."""
        return bool(self.files) and self.files != "[]"


def rows(keys: Collection[int]) -> dict[int, Row]:
    """Return primary key → row. Who may see the pages is not asked here."""
    found = prepared.rows(
        ("shown",),
        lambda: prepared.listed(ContentPage.objects.all(), prepared.KEYS).values_list(*_COLUMNS),
        keys,
        ContentPage.objects.db,
    )
    return {row[0]: Row._make(row) for row in found}


class Cards:
    """Makes the cards of one list, for the readers of an office."""

    def __init__(self, site: Site, keys: Collection[int]) -> None:
        """``keys``: primary keys of the pages in the list."""
        self._site = site
        self._own = site_paths(site).own
        self._types = kinds.type_by_content_type()
        self._badges = openings.badges(keys, timezone.now())
        #: where Wagtail keeps the addresses of all sites from one page to the next; else it keeps them in a request
        self._memo: Any = SimpleNamespace()
        self._roots = sorted({root.root_path for root in Site.get_site_root_paths()}, key=len)
        #: roots of sites above a page, as in ``url_path`` → what its address begins with instead of the first of two
        self._beginnings: dict[tuple[str, ...], tuple[str, str]] = {}

    def card(self, row: Row) -> Card:
        """Return the card of a page."""
        is_own = row.path.startswith(self._own)
        model = self._types.get(row.content_type, ContentPage)
        badge = self._badges.get(row.key)
        return Card(
            url=self._address(row, is_own=is_own),
            title=row.title,
            intro=row.intro or row.search_description,
            kind_label=str(model.kind_label),
            date=row.date if row.text is not None else row.published_on,
            meta=json.loads(row.meta) if row.meta else [],
            badge_text=badge.text if badge else "",
            badge_tone=badge.tone if badge else "soft",
            source_label="" if is_own else office_name_for_page(_page(row)),
        )

    def _address(self, row: Row, *, is_own: bool) -> str:
        """Return the address of a page. Wagtail is asked for one page of each office and language: all of them begin alike."""
        roots = tuple(root for root in self._roots if row.url_path.startswith(root))
        known = self._beginnings.get(roots)
        if known is not None and row.url_path.isascii():
            begins, root = known
            return begins + row.url_path[len(root) :]
        page = _page(row)
        url = (
            page.get_url(self._memo, current_site=self._site) if is_own else page.get_full_url(self._memo)
        ) or ""
        for root in roots:
            rest = row.url_path[len(root) :]
            if rest and url.endswith(rest):
                self._beginnings[roots] = (url.removesuffix(rest), root)
                break
        return url


def _page(row: Row) -> Page:
    page = Page(pk=row.key, path=row.path, url_path=row.url_path, locale_id=row.locale)
    attach_locales([page])
    return page
