"""The listing of the news section: what a request's filters leave, as cards and for feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from core.cards import Card
from core.filters import ListingFilters, paginate
from core.models import ContentPage
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


def as_cards(pages: Iterable[ContentPage], request: HttpRequest) -> list[Card]:
    """Return ``pages`` (chosen with ``with_types``) as cards, without a further query."""
    return [as_specific(page).get_card(request) for page in pages]


def with_types(pages: QuerySet[Any], types: tuple[type[ContentPage], ...]) -> QuerySet[Any]:
    """Fetch what cards of ``types`` show with two queries: the pages with their types' own columns, the renditions."""
    joins = [model._meta.model_name for model in types]
    return pages.select_related("cover_image", "pillar", "locale", "content_type", *joins).prefetch_related(
        "cover_image__renditions"
    )


def as_specific(page: ContentPage) -> ContentPage:
    """Return ``page`` (chosen with ``with_types``) as an instance of its own type, without a query."""
    model = page.specific_class
    if model is None or (isinstance(page, model) and model is not ContentPage):
        return page
    specific: ContentPage = getattr(page, model._meta.model_name)
    for name in ("cover_image", "pillar", "locale", "content_type"):
        if name in page._state.fields_cache:
            specific._state.fields_cache[name] = page._state.fields_cache[name]
    return specific


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
    page_obj = paginate(with_types(filters.apply(pages), types), request)
    return Listing(filters, page_obj, as_cards(page_obj, request))
