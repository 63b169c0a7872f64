"""The calendar's listing: what the filters of an address leave, one page of cards."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as PaginatorPage
from django.db.models.functions import TruncMonth
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import dates
from core.cards import Card
from core.filters import FilterGroup, ListingFilters, Option, paginate
from core.offices import remember

if TYPE_CHECKING:
    from training_events.querysets import EventPageManager, EventPageQuerySet

#: Route of the past events, below the calendar's address.
PAST = "da-qua"
MONTH_PARAM = "thang"
ALLOWED = ("dia-ban", "linh-vuc", "doi-tuong", "tru-cot")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the calendar."""

    filters: ListingFilters
    page_obj: PaginatorPage[Any]
    cards: list[Card]

    @property
    def total(self) -> int:
        """How many events the filters leave, on all pages of the listing."""
        return self.page_obj.paginator.count


def read(manager: EventPageManager, request: HttpRequest, now: datetime.datetime, *, past: bool) -> Listing:
    """Return the events that the address asks for; an unknown filter leaves none.

    Args:
        manager: the manager of the event pages.
        request: its site and query string are read.
        now: the moment (aware) that separates past from upcoming.
        past: whether past events are asked for.

    Raises:
        Http404: for a page number that does not exist.
    """
    site = Site.find_for_request(request)
    events = manager.for_site(site) if site else manager.none()
    events = events.past(now).latest() if past else events.upcoming(now).soonest()
    filters = ListingFilters.from_request(request, ALLOWED)
    month = _add_month(filters, request.GET.get(MONTH_PARAM, ""), events, site.pk if site else 0, past)
    found: Any = filters.apply(events)
    if month is not None and not filters.unknown:
        found = found.in_month(month)
    page = paginate(found.each_series_once().with_card_data(), request)
    return Listing(filters, page, [event.get_card(request) for event in page])


def _add_month(
    filters: ListingFilters, raw: str, events: EventPageQuerySet, site_key: int, past: bool
) -> datetime.date | None:
    """Offer the months in which events begin; core's own month filter speaks of publication."""
    raw = raw[:20].replace("\x00", "")
    first = None
    if raw:
        filters.raw[MONTH_PARAM] = raw
        try:
            first = datetime.date.fromisoformat(f"{raw}-01") if len(raw) == 7 else None
        except ValueError:
            first = None
        filters.unknown = filters.unknown or first is None
    months = remember("training_events.months", site_key, get_language(), past, make=lambda: _months(events))
    options = [Option(f"{m:%Y-%m}", dates.month_label(m), f"{m:%Y-%m}" == raw) for m in months]
    selected = next((option for option in options if option.selected), None)
    if first is not None and selected is None:
        selected = Option(raw, dates.month_label(first), True)
        options.append(selected)
    filters.groups.append(FilterGroup(MONTH_PARAM, _("Month"), options, selected))
    return first


def _months(events: EventPageQuerySet) -> list[datetime.datetime]:
    months = events.exclude(starts_at=None).order_by().annotate(month=TruncMonth("starts_at"))
    return list(months.values_list("month", flat=True).distinct().order_by("month"))
