"""Which pages a search may show: one place, whichever engine finds them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import ContentPage
from core.offices import restricted_paths, site_paths
from search import prepared
from search.engines.base import SearchQuery


def visible(query: SearchQuery, now: datetime.datetime | None = None) -> QuerySet[Any]:
    """Return the pages that the reader may see, whatever the filters (search.counts).

    Live, public, in the language, of the office or shared with it; a page whose time is over is left out at once, not only
    when the next run of ``publish_scheduled`` takes it down.
    """
    pages: QuerySet[Any] = ContentPage.objects.for_site(query.site, query.language)
    return pages.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=now or timezone.now()))


def visible_rows(query: SearchQuery, keys: Collection[int], columns: Sequence[str]) -> list[Any]:
    """Return ``columns`` of those of some pages that the reader may see: ``visible``, prepared (see ``search.prepared.rows``)."""
    # all that `visible` looks at besides the present
    name = ("visible", site_paths(query.site), restricted_paths(), query.language, tuple(columns))
    return prepared.rows(
        name,
        lambda: prepared.listed(visible(query, prepared.NOW), prepared.KEYS).values_list(*columns),
        keys,
        ContentPage.objects.db,
    )
