"""A guide's place in its series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.navigation import Link


@dataclass(frozen=True, slots=True)
class Place:
    """Where a guide stands in its series: the series, its number of all, its neighbours."""

    series: Link
    number: int
    total: int
    previous: Link | None
    following: Link | None


def place_in_series(guide: Any, series: Any, guides: list[Any], request: HttpRequest) -> Place | None:
    """Return the place of ``guide`` among ``guides``, None where it stands alone.

    Args:
        guide: a guide.
        series: its series, None for a guide outside a series.
        guides: the visible guides of the series in order.
        request: the request, for addresses.
    """
    keys = [row.pk for row in guides]
    if series is None or guide.pk not in keys:
        return None
    at = keys.index(guide.pk)

    def link(page: Any) -> Link:
        return Link(page.get_url(request) or "", page.title)

    return Place(
        series=link(series),
        number=at + 1,
        total=len(guides),
        previous=link(guides[at - 1]) if at else None,
        following=link(guides[at + 1]) if at + 1 < len(guides) else None,
    )
