"""The listing of the guides section: series, then guides as the filters leave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from core.cards import Card
from core.filters import ListingFilters, paginate
from core.models import ContentPage
from core.offices import remember

FILTERS = ("tru-cot", "linh-vuc", "dia-ban", "doi-tuong")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the listing with everything that its template shows."""

    filters: ListingFilters
    series: list[Card]
    page_obj: PaginatorPage[Any]
    cards: list[Card]

    @property
    def total(self) -> int:
        """How many guides the filters leave, on all pages of the listing."""
        return self.page_obj.paginator.count


def read_listing(
    request: HttpRequest, site: Site, guides: type[ContentPage], series: type[ContentPage]
) -> Listing:
    """Return the page of the listing that the request asks for.

    Series stand on the first page of an unfiltered listing only: a reader who filters looks for one guide.

    Args:
        request: its query string holds filters and ``trang``.
        site: the office whose listing it is.
        guides: the page type of guides.
        series: the page type of series.

    Raises:
        Http404: for a page of the listing that does not exist.
    """
    filters = ListingFilters.from_request(request, FILTERS)
    chosen = filters.apply(guides.objects.for_site(site).newest().with_card_data())
    page_obj = paginate(chosen, request)
    found: list[Card] = []
    if not filters.is_active and page_obj.number == 1:
        # kept for a minute, as the front page's lists are; saving a page empties it
        key = ("series", site.pk, get_language(), request.get_host())
        found = remember(*key, make=lambda: _series_cards(request, site, series))
    return Listing(filters, found, page_obj, [page.get_card(request) for page in page_obj])


def _series_cards(request: HttpRequest, site: Site, series: type[ContentPage]) -> list[Card]:
    rows = series.objects.for_site(site).with_card_data().with_guide_count()
    return [row.get_card(request) for row in rows]
