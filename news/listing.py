"""The listing of the news section: what a request's filters leave, as cards and for feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.http import HttpRequest
from wagtail.models import Site

from core.cards import Card
from core.filters import ListingFilters, paginate
from core.models import ContentPage
from core.navigation import specific_cards
from core.querysets import ContentPageQuerySet

FILTERS = ("tru-cot", "linh-vuc", "dia-ban", "thang")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the listing with everything that its template shows."""

    filters: ListingFilters
    page_obj: PaginatorPage[Any]
    cards: list[Card]

    @property
    def total(self) -> int:
        """How many pages the filters leave, on all pages of the listing."""
        return self.page_obj.paginator.count

    @property
    def feed_query(self) -> str:
        """The query string that gives a feed the same filters, empty where none is set."""
        return query_of(self.filters)


def query_of(filters: ListingFilters) -> str:
    """Return ``filters`` as a query string with its question mark, in their usual order; empty where none is set."""
    return f"?{urlencode(filters.raw)}" if filters.raw else ""


def visible_pages(site: Site, types: tuple[type[ContentPage], ...]) -> ContentPageQuerySet:
    """Return what residents of ``site`` may see of ``types`` in the active language, newest first."""
    pages: ContentPageQuerySet = ContentPage.objects.for_site(site).type(*types).newest()
    return pages


def read_listing(request: HttpRequest, site: Site, types: tuple[type[ContentPage], ...]) -> Listing:
    """Return the page of the listing that the request asks for.

    Args:
        request: its query string holds filters and ``trang``.
        site: the office whose listing it is.
        types: the page types that belong into it.

    Raises:
        Http404: for a page of the listing that does not exist.
    """
    pages = visible_pages(site, types)
    filters = ListingFilters.from_request(request, FILTERS, months=pages)
    page_obj = paginate(filters.apply(pages), request)
    cards = [page.get_card(request) for page in specific_cards(list(page_obj))]
    return Listing(filters, page_obj, cards)
