"""The date filter: a ready period or two days. What stands in an address is typed by people and kept in old links."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import dates
from core.memory import remember
from search import selection
from search.engines.base import SearchQuery

PERIOD_PARAM, SINCE_PARAM, UNTIL_PARAM = "ngay", "tu", "den"
LAST_30_DAYS, LAST_12_MONTHS = "30-ngay", "12-thang"
#: Years offered, newest first; older ones are reached with two days.
MAX_YEARS = 12
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
#: 25/11/2026, with any of the signs that people write between the numbers.
_WRITTEN = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; None: open."""

    since: datetime.date | None = None
    until: datetime.date | None = None


def read_day(raw: str) -> datetime.date | None:
    """Return the day of ``2026-11-25`` (what a browser's date field sends) or ``25/11/2026``; None for anything else."""
    raw = raw.strip()
    if not raw.isascii():
        return None
    if match := _ISO.fullmatch(raw):
        year, month, day = (int(part) for part in match.groups())
    elif match := _WRITTEN.fullmatch(raw):
        day, month, year = (int(part) for part in match.groups())
    else:
        return None
    try:
        return datetime.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def read_period(slug: str, today: datetime.date | None = None) -> Period | None:
    """Return the days of a ready period (``30-ngay``, ``12-thang``, a year), None where the slug names none.

    The two that count back from today end today: a class that is still to come has not been in the last 30 days.
    """
    today = today or timezone.localdate()
    if slug == LAST_30_DAYS:
        return Period(today - datetime.timedelta(days=30), today)
    if slug == LAST_12_MONTHS:
        # the same day of last year; 29 February has none
        day = min(today.day, 28) if today.month == 2 else today.day
        return Period(today.replace(year=today.year - 1, day=day), today)
    if slug.isascii() and slug.isdigit() and len(slug) == 4 and int(slug) in _YEARS:
        return Period(datetime.date(int(slug), 1, 1), datetime.date(int(slug), 12, 31))
    return None


class CountedDays:
    """Results by their day, summed up once for all periods that are offered."""

    def __init__(self, days: Mapping[datetime.date, int]) -> None:
        """Take results by their day."""
        self._days = sorted(days)
        self._sums = [0, *accumulate(days[day] for day in self._days)]

    def within(self, slug: str) -> int:
        """Return how many of the results fall into a ready period."""
        period = read_period(slug)
        if period is None:
            return 0
        first = bisect_left(self._days, period.since) if period.since else 0
        last = bisect_right(self._days, period.until) if period.until else len(self._days)
        return self._sums[last] - self._sums[first]


def period_label(slug: str) -> str:
    """Return a ready period in words."""
    if slug == LAST_30_DAYS:
        return _("Last 30 days")
    if slug == LAST_12_MONTHS:
        return _("Last 12 months")
    return _("Year %(year)s") % {"year": slug}


def day_label(param: str, day: datetime.date) -> str:
    """Return one end of a period in words."""
    text = _("From %(date)s") if param == SINCE_PARAM else _("Until %(date)s")
    return text % {"date": dates.date_label(day)}


def offered(site: Site, language: str) -> list[str]:
    """Return the slugs of the periods to offer: the two near ones and the years in which the office has pages."""
    first, last = remember(
        "search.years", site.pk, language, shared=True, make=lambda: _read_years(site, language)
    )
    return [LAST_30_DAYS, LAST_12_MONTHS, *(str(year) for year in range(last, first - 1, -1))]


def _read_years(site: Site, language: str) -> tuple[int, int]:
    pages = selection.visible(SearchQuery("", site, language)).order_by()
    found = pages.aggregate(first=Min("search_text__date"), last=Max("search_text__date"))
    if not found["last"]:
        return 1, 0  # an empty range: no year
    last = found["last"].year
    return max(found["first"].year, last - MAX_YEARS + 1), last
