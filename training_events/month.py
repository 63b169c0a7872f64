"""A month of the calendar: weeks from Monday to Sunday, each day with its sessions."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Min
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import dates
from core.filters import FilterGroup, ListingFilters, Option
from core.offices import remember

if TYPE_CHECKING:
    from training_events.models import EventSession
    from training_events.querysets import EventPageManager

#: Route of the month view, below the calendar's address.
MONTH = "lich"
MONTH_PARAM = "thang"
ALLOWED = ("dia-ban", "linh-vuc")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session as a day shows it. ``note`` says in words what keeps it from taking place."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    title: str
    part: str
    url: str
    where: str
    note: str
    tone: str


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the table."""

    date: datetime.date
    in_month: bool
    is_today: bool
    sittings: list[Sitting] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """What the page shows. ``earlier`` and ``later`` are None where no month with classes lies that way."""

    first: datetime.date
    weeks: list[list[Day]]
    filters: ListingFilters
    earlier: datetime.date | None
    later: datetime.date | None
    current: datetime.date

    @property
    def label(self) -> str:
        """The month in words."""
        return dates.month_label(self.first)

    @property
    def weekdays(self) -> list[str]:
        """Names of the days from Monday on, in the active language."""
        return [dates.weekday_date(day.date).partition(",")[0] for day in self.weeks[0]]

    @property
    def count(self) -> int:
        """How many sessions the month has."""
        return sum(len(day.sittings) for week in self.weeks for day in week)

    @property
    def is_current(self) -> bool:
        """Whether today lies in it."""
        return self.first == self.current


def read(manager: EventPageManager, request: HttpRequest, now: datetime.datetime) -> Month:
    """Return the month that the address asks for, the present one when it names none.

    Args:
        manager: the manager of the event pages.
        request: its site and query string are read.
        now: the moment (aware) that says which day is today.

    Raises:
        Http404: for something that is no month.
    """
    site = Site.find_for_request(request)
    today = timezone.localtime(now).date()
    first = _asked(request.GET.get(MONTH_PARAM, ""), today)
    events = manager.for_site(site) if site else manager.none()
    bounds = remember(
        "training_events.bounds", site.pk if site else 0, get_language(), make=lambda: _bounds(events)
    )
    filters = ListingFilters.from_request(request, ALLOWED)
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    rows = _sessions(filters.apply(events), days[0][0], days[-1][-1])
    found = _sittings(manager, rows, request)
    weeks = [
        [Day(day, day.month == first.month, day == today, found.get(day, []) if day.month == first.month else []) for day in week]
        for week in days
    ]  # fmt: skip
    current = today.replace(day=1)
    reach = [current, *(month for month in bounds if month)]
    _add_months(filters, first, min(reach), max(reach))
    return Month(
        first=first,
        weeks=weeks,
        filters=filters,
        earlier=_shift(first, -1) if first > min(reach) else None,
        later=_shift(first, 1) if first < max(reach) else None,
        current=current,
    )


def _asked(raw: str, today: datetime.date) -> datetime.date:
    if not raw:
        return today.replace(day=1)
    try:
        found = datetime.date.fromisoformat(f"{raw}-01") if len(raw) == 7 else None
    except ValueError:
        found = None
    # far-off years are nobody's question, and some of them are beyond what dates can be
    if found is None or not 2000 <= found.year <= 2100:
        raise Http404("no such month")
    return found


def _shift(first: datetime.date, months: int) -> datetime.date:
    number = first.year * 12 + first.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)


def _bounds(events: Any) -> list[datetime.date | None]:
    found = events.order_by().aggregate(first=Min("starts_at"), last=Max("ends_at"))
    return [
        timezone.localtime(found[name]).date().replace(day=1) if found[name] else None for name in ("first", "last")
    ]  # fmt: skip


def _add_months(
    filters: ListingFilters, first: datetime.date, earliest: datetime.date, latest: datetime.date
) -> None:
    """Offer the months as a filter, so that the form leads to any of them and keeps the one that is shown."""
    months: list[datetime.date] = []
    month = min(first, earliest)
    while month <= max(first, latest) and len(months) < 240:
        months.append(month)
        month = _shift(month, 1)
    options = [Option(f"{one:%Y-%m}", dates.month_label(one), one == first) for one in reversed(months)]
    selected = next((one for one in options if one.selected), None)
    filters.groups.insert(0, FilterGroup(MONTH_PARAM, _("Month"), options, selected))


def _sessions(events: Any, first: datetime.date, last: datetime.date) -> list[EventSession]:
    from training_events.models import EventSession  # noqa: PLC0415 - the page of the calendar imports this module

    begin, end = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
        for day in (first, last + datetime.timedelta(days=1))
    )
    rows = EventSession.objects.filter(starts_at__gte=begin, starts_at__lt=end)
    return list(rows.filter(page__in=events.order_by().values("pk")).order_by("starts_at", "pk"))


def _sittings(
    manager: EventPageManager, rows: list[EventSession], request: HttpRequest
) -> dict[datetime.date, list[Sitting]]:
    pages = manager.filter(pk__in={row.page_id for row in rows}).select_related("locale", "venue_place")
    by_key = {page.pk: page for page in pages.prefetch_related("seat_pool")}
    urls = {key: page.get_url(request) or "" for key, page in by_key.items()}
    states = {key: page.availability() for key, page in by_key.items()}
    # dates that an editor entered on a series and on its classes are those of the classes
    taught = {
        (by_key[row.page_id].seats_key, row.starts_at) for row in rows if by_key[row.page_id].is_in_series
    }
    found: dict[datetime.date, list[Sitting]] = {}
    for row in rows:
        page, state = by_key[row.page_id], states[row.page_id]
        if (page.translation_key, row.starts_at) in taught:
            continue
        is_off = state.kind in ("cancelled", "postponed")
        found.setdefault(timezone.localtime(row.starts_at).date(), []).append(
            Sitting(
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                title=page.title,
                part=row.title,
                url=urls[row.page_id],
                where=page.where,
                note=state.label if is_off else "",
                tone=state.tone if is_off else "",
            )
        )
    return found
