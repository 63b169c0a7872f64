"""Counts that can be added up, and the groups by which people are counted."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import dates
from training_events.models import Dimension, Registration

#: From age, to age, name of the group.
_AGES = ((0, 17, "0-17"), (18, 35, "18-35"), (36, 59, "36-59"), (60, 150, "60-"))
#: Value of the group into which small groups are merged; no slug looks like that.
OTHER = "_other"
#: Label of a session as it is stored: day, time, title; it sorts as text.
_SESSION = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Counts:
    """People by what became of them; ``parties`` counts registrations. ``confirmed`` is the part of ``seated`` that may come."""

    parties: int = 0
    registered: int = 0
    seated: int = 0
    waiting: int = 0
    cancelled: int = 0
    attended: int = 0
    absent: int = 0
    confirmed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add field by field."""
        return Counts(
            *(getattr(self, one.name) + getattr(other, one.name) for one in dataclasses.fields(self))
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group of one event: the dimension, the value that names it, and the words for it."""

    pool_id: int
    dimension: str
    value: str = ""
    label: str = dataclasses.field(default="", compare=False)


#: What is counted: each group of each event.
Table = Mapping[Group, Counts]


def add(tables: Iterable[Table]) -> dict[Group, Counts]:
    """Return the sum of several tables."""
    found: dict[Group, Counts] = {}
    for table in tables:
        for group, counts in table.items():
            found[group] = found.get(group, Counts()) + counts
    return found


def age_group(birth_year: int | None, year: int) -> str:
    """Return the group of the age that somebody reaches in ``year``; an empty string where it is not known."""
    if birth_year is None:
        return ""
    age = year - birth_year
    return next((name for low, high, name in _AGES if low <= age <= high), "")


def age_label(value: str) -> str:
    """Return the words for an age group."""
    return {
        "0-17": _("under 18"),
        "18-35": _("18 to 35"),
        "36-59": _("36 to 59"),
        "60-": _("60 and older"),
    }.get(value, _("not stated"))


def merge_small(rows: Mapping[Group, Counts], smallest: int) -> dict[Group, Counts]:
    """Merge groups of fewer than ``smallest`` people of each event and dimension into one.

    Where what is merged is itself too small, the next smallest group is merged as well: otherwise one could work out its
    number from the whole. Groups of nobody are left out.

    Args:
        rows: counts by group, of dimensions that describe people (not events).
        smallest: people that a group must have to be named.
    """
    found: dict[Group, Counts] = {}
    parts: dict[tuple[int, str], list[tuple[Group, Counts]]] = {}
    for group, counts in rows.items():
        if counts.registered:
            parts.setdefault((group.pool_id, group.dimension), []).append((group, counts))
    for (pool_id, dimension), some in parts.items():
        some.sort(key=lambda one: (one[0].value != OTHER, one[1].registered, one[0].value))
        merged = Counts()
        for group, counts in some:
            is_small = group.value == OTHER or counts.registered < smallest
            if is_small or 0 < merged.registered < smallest:
                merged += counts
            else:
                found[group] = counts
        if merged.registered:
            found[Group(pool_id, dimension, OTHER)] = merged
    return found


def label(dimension: str, value: str, stored: str = "") -> str:
    """Return the words for a group in the active language, or those stored with it."""
    if value == OTHER:
        return _("other (small groups together)")
    if dimension == Dimension.AGE:
        return age_label(value)
    if dimension == Dimension.SOURCE and value in Registration.Source.values:
        return str(Registration.Source(value).label)
    if dimension == Dimension.REGISTRANT and value in Registration.Registrant.values:
        return str(Registration.Registrant(value).label)
    if dimension == Dimension.SESSION and (found := _SESSION.fullmatch(stored)):
        day = datetime.date.fromisoformat(found[1])
        return f"{dates.date_label(day)} {found[2]} {found[3]}".strip()
    return stored or value or _("not stated")
