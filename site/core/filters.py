"""Filters of listings, read from the query string and written back into links. One vocabulary for every listing."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from core import dates
from core.models import Audience, Pillar, Place, Topic
from core.taxonomy import localized, terms

PAGE_SIZE = 12
PAGE_PARAM = "trang"
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    slug: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """A filter as its form shows it: the query parameter, its label, its choices."""

    param: str
    label: str
    options: list[Option]
    selected: Option | None


@dataclass(slots=True)
class ListingFilters:
    """The filters of one request. ``unknown`` is True when a value names nothing: the listing is empty then."""

    values: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    groups: list[FilterGroup] = field(default_factory=list)
    unknown: bool = False

    @classmethod
    def from_request(
        cls,
        request: HttpRequest,
        allowed: tuple[str, ...] = ("tru-cot", "linh-vuc", "dia-ban"),
        months: Any = None,
    ) -> ListingFilters:
        """Read the filters that a listing allows.

        Args:
            request: its query string is read; anything may stand in it.
            allowed: parameters among ``tru-cot``, ``linh-vuc``, ``dia-ban``, ``doi-tuong``, ``thang``.
            months: queryset of pages whose months ``thang`` offers.
        """
        found = cls()
        for param in allowed:
            raw = request.GET.get(param, "")[:100].replace("\x00", "")
            if param == "thang":
                found._add_month(raw, months)
            else:
                found._add_term(param, raw)
        return found

    def _add_term(self, param: str, raw: str) -> None:
        model, label = _terms()[param]
        rows = terms(model)
        chosen = next((row for row in rows if row.slug == raw), None)
        if raw:
            self.raw[param] = raw
            self.values[param] = chosen
            self.unknown = self.unknown or chosen is None
        options = [Option(row.slug, str(localized(row)), row is chosen) for row in rows]
        self.groups.append(FilterGroup(param, label, options, next((o for o in options if o.selected), None)))

    def _add_month(self, raw: str, pages: Any) -> None:
        first = _parse_month(raw)
        if raw:
            self.raw["thang"] = raw
            self.values["thang"] = first
            self.unknown = self.unknown or first is None
        months: list[datetime.date] = []
        if pages is not None:
            months = list(
                pages.order_by().annotate(month=TruncMonth("published_on")).values_list("month", flat=True)
                .distinct().order_by("-month")
            )  # fmt: skip
        options = [
            Option(f"{m:%Y-%m}", dates.month_label(m), first is not None and m == first) for m in months
        ]
        selected = next((o for o in options if o.selected), None)
        if first is not None and selected is None:
            selected = Option(raw, dates.month_label(first), True)
        self.groups.append(FilterGroup("thang", _("Month"), options, selected))

    @property
    def is_active(self) -> bool:
        """Whether any filter is set, known or not."""
        return bool(self.raw)

    @property
    def selected(self) -> list[tuple[str, str]]:
        """The set filters as (parameter, label), for "clear" links."""
        return [(group.param, group.selected.label) for group in self.groups if group.selected]

    def apply(self, pages: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow a ContentPage queryset; an unknown value leaves nothing."""
        if self.unknown:
            return pages.none()
        lookups = {
            "tru-cot": "pillar",
            "linh-vuc": "topic_items__tag",
            "dia-ban": "places",
            "doi-tuong": "audiences",
        }
        for param, value in self.values.items():
            if param == "thang":
                pages = pages.filter(published_on__year=value.year, published_on__month=value.month)
            else:
                pages = pages.filter(**{lookups[param]: value})
        return pages


def _terms() -> dict[str, tuple[type[Any], str]]:
    return {
        "tru-cot": (Pillar, _("Pillar")),
        "linh-vuc": (Topic, _("Topic")),
        "dia-ban": (Place, _("Place")),
        "doi-tuong": (Audience, _("Audience")),
    }


def _parse_month(raw: str) -> datetime.date | None:
    match = _MONTH.match(raw)
    if not match:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None


def paginate(pages: QuerySet[Any], request: HttpRequest, size: int = PAGE_SIZE) -> PaginatorPage[Any]:
    """Return the page of ``pages`` that ``?trang=`` asks for.

    Raises:
        Http404: for a page that does not exist or is no number.
    """
    raw = request.GET.get(PAGE_PARAM, "1")
    paginator = Paginator(pages, size)
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6:
        raise Http404("no such page")
    number = int(raw)
    if number < 1 or number > paginator.num_pages:
        raise Http404("no such page")
    return paginator.page(number)
