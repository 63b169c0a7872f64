"""Months, quarters and years as they stand in an address: ``2026``, ``2026-q4``, ``2026-11``."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates

_SLUG = re.compile(r"(\d{4})(?:-(?:q([1-4])|(0[1-9]|1[0-2])))?")
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """First day and the day after the last one."""

    slug: str
    first: datetime.date
    after: datetime.date
    label: str

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Begin and end as aware moments in the site's time zone."""
        first, after = (
            timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
            for day in (self.first, self.after)
        )
        return first, after


def read(slug: str) -> Period | None:
    """Return the period that ``slug`` names, None for anything else."""
    found = _SLUG.fullmatch(slug) if slug.isascii() else None
    if found is None or int(found[1]) not in _YEARS:
        return None
    year, quarter, month = int(found[1]), found[2], found[3]
    if quarter:
        first = datetime.date(year, 3 * int(quarter) - 2, 1)
        return Period(slug, first, _add_months(first, 3), _quarter_label(quarter, year))
    if month:
        first = datetime.date(year, int(month), 1)
        return Period(slug, first, _add_months(first, 1), dates.month_label(first))
    return Period(
        slug,
        datetime.date(year, 1, 1),
        datetime.date(year + 1, 1, 1),
        _("Year %(year)s") % {"year": year},
    )


def _quarter_label(quarter: str, year: int) -> str:
    return _("Quarter %(quarter)s/%(year)s") % {"quarter": quarter, "year": year}


def _add_months(day: datetime.date, months: int) -> datetime.date:
    index = day.year * 12 + day.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)


def offered(first: datetime.date, last: datetime.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (year, its periods as (slug, label)) from the latest year to the earliest.

    Args:
        first: day of the earliest event.
        last: day of the latest.
    """
    found = []
    for year in range(last.year, first.year - 1, -1):
        slugs = [
            str(year),
            *(f"{year}-q{number}" for number in range(1, 5)),
            *(f"{year}-{number:02d}" for number in range(1, 13)),
        ]
        periods = [period for slug in slugs if (period := read(slug)) is not None]
        found.append((str(year), [(period.slug, period.label) for period in periods]))
    return found
