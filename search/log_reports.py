"""What the counts of questions say to staff."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery, Sum
from django.utils import timezone
from wagtail.models import Site

from search import popular
from search.models import AskedQuestion, HiddenQuestion

#: What a list shows: all, found nothing the last time, found something that nobody opened.
ALL, NOTHING, UNOPENED = "", "nothing", "unopened"


@dataclass(frozen=True, slots=True)
class Row:
    """A question over a period.

    Attributes:
        asked, clicks: sums of the period. total: results the last time.
        rank: the mean place of the results that were opened, None where none was.
        days: on how many days it was asked; ``last``: the last of them.
        page_id: the result that was opened last.
    """

    site_id: int
    language: str
    key: str
    text: str
    asked: int
    clicks: int
    total: int
    rank: float | None
    days: int
    last: datetime.date
    page_id: int | None
    is_hidden: bool

    @property
    def found(self) -> bool:
        """Whether the question found something the last time."""
        return self.total > 0


def groups(sites: Iterable[Site], days: int, show: str = ALL, words: str = "") -> Any:
    """Return the questions of ``sites`` in the last ``days`` days as dictionaries, the most asked first.

    Args:
        sites: the offices.
        days: the period; today counts.
        show: ALL, NOTHING or UNOPENED.
        words: only questions that hold these words (without marks, see ``log.question_key``).
    """
    since = timezone.localdate() - datetime.timedelta(days=days)
    rows = AskedQuestion.objects.filter(site__in=[site.pk for site in sites], day__gt=since)
    if words:
        rows = rows.filter(key__contains=words)
    same = AskedQuestion.objects.filter(
        site_id=OuterRef("site_id"), language=OuterRef("language"), key=OuterRef("key")
    ).order_by("-day", "-asked", "-total")
    found: Any = (
        rows.order_by()
        .values("site_id", "language", "key")
        .annotate(
            times=Sum("asked"),
            opened=Sum("clicks"),
            places=Sum("ranks"),
            on_days=Count("day", distinct=True),
            last=Max("day"),
            latest=Subquery(same.values("total")[:1]),
        )
        .order_by("-times", "-last", "key")
    )
    if show == NOTHING:
        return found.filter(latest=0)
    if show == UNOPENED:
        return found.filter(latest__gt=0, opened=0)
    return found


def rows(found: Iterable[dict[str, Any]]) -> list[Row]:
    """Return dictionaries of ``groups`` as rows with their texts: three queries for any number."""
    found = list(found)
    keys = {row["key"] for row in found}
    sites = {row["site_id"] for row in found}
    typed: dict[tuple[int, str, str], list[AskedQuestion]] = defaultdict(list)
    pages: dict[tuple[int, str, str], int] = {}
    for start in range(0, len(keys), 400):
        part = sorted(keys)[start : start + 400]
        stored = AskedQuestion.objects.filter(site_id__in=sites, key__in=part).order_by("day")
        for row in stored:
            name = (row.site_id, row.language, row.key)
            typed[name].append(row)
            if row.page_id is not None:
                pages[name] = row.page_id
    hidden = set(HiddenQuestion.objects.filter(site_id__in=sites).values_list("site_id", "language", "key"))
    names = [(row["site_id"], row["language"], row["key"]) for row in found]
    return [
        Row(
            site_id=name[0],
            language=name[1],
            key=name[2],
            text=next(iter(popular.spellings(typed[name])), name[2]),
            asked=row["times"],
            clicks=row["opened"],
            total=row["latest"] or 0,
            rank=round(row["places"] / row["opened"], 1) if row["opened"] else None,
            days=row["on_days"],
            last=row["last"],
            page_id=pages.get(name),
            is_hidden=name in hidden,
        )
        for name, row in zip(names, found, strict=True)
    ]


def not_found(sites: Iterable[Site], *, days: int = 7, limit: int = 3) -> list[Row]:
    """Return the questions that found nothing the last time, the most asked of the last ``days`` days first."""
    return rows(groups(sites, days, NOTHING)[:limit])
