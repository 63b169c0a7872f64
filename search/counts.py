"""Narrowing what was found by the reader's filters, and counting what each choice of a filter would leave."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from search import kinds
from search.engines.base import Counts, Filters

#: Letter in ``PageText.facets`` → attribute of Filters and Counts.
LETTERS = {"t": "topic", "p": "place", "a": "audience"}
#: What the database is asked for each page that was found; the rows of Found.read.
COLUMNS = (
    "pk",
    "content_type_id",
    "pillar_id",
    "search_text__date",
    "search_text__open_from",
    "search_text__open_until",
    "search_text__facets",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What filters look at in a page."""

    key: int
    kind: str
    pillar: int | None
    date: datetime.date | None
    open: bool
    facets: tuple[str, ...]

    @classmethod
    def read(cls, rows: Iterable[Sequence[Any]], now: datetime.datetime) -> dict[int, Found]:
        """Return page → what filters look at, of rows of COLUMNS, in their order. ``now``: aware."""
        by_type = kinds.kind_by_content_type()
        return {
            key: cls(
                key,
                by_type.get(content_type, kinds.PLAIN),
                pillar,
                date,
                opens is not None and opens <= now and (closes is None or now < closes),
                tuple(facets.split()) if facets else (),
            )
            for key, content_type, pillar, date, opens, closes, facets in rows
        }


class Narrowing:
    """The filters of a query as conditions, each by the name of its attribute."""

    def __init__(self, filters: Filters) -> None:
        self._filters = filters
        self.names = [
            name
            for name in ("kind", "pillar", "topic", "place", "audience")
            if getattr(filters, name) is not None
        ]
        self.names += ["date"] if filters.since or filters.until else []
        self.names += ["open"] if filters.open else []

    def failed(self, page: Found) -> list[str]:
        """Return the filters that leave ``page`` out."""
        return [name for name in self.names if not self._passes(page, name)]

    def _passes(self, page: Found, name: str) -> bool:
        filters = self._filters
        if name == "kind":
            return page.kind == filters.kind
        if name == "pillar":
            return page.pillar == filters.pillar
        if name == "open":
            return page.open
        if name == "date":
            day = page.date
            return (
                day is not None
                and (filters.since is None or day >= filters.since)
                and (filters.until is None or day <= filters.until)
            )
        return f"{name[0]}{getattr(filters, name)}" in page.facets


def narrowed(pages: Iterable[Found], filters: Filters) -> tuple[set[int], Counts]:
    """Return the pages that pass all filters, and the counts: each filter's choices with all others in force."""
    narrowing = Narrowing(filters)
    kept: set[int] = set()
    kind: Counter[str] = Counter()
    pillar: Counter[int] = Counter()
    terms: dict[str, Counter[int]] = {letter: Counter() for letter in LETTERS}
    openings = 0
    for page in pages:
        failed = narrowing.failed(page) if narrowing.names else []
        if not failed:
            kept.add(page.key)
        elif len(failed) > 1:
            continue
        only = failed[0] if failed else ""
        if only in ("", "kind"):
            kind[page.kind] += 1
        if page.pillar is not None and only in ("", "pillar"):
            pillar[page.pillar] += 1
        if page.open and only in ("", "open"):
            openings += 1
        for facet in page.facets:
            letter = facet[0]
            if only in ("", LETTERS[letter]):
                terms[letter][int(facet[1:])] += 1
    counts = Counts(
        kind=dict(kind),
        pillar=dict(pillar),
        topic=dict(terms["t"]),
        place=dict(terms["p"]),
        audience=dict(terms["a"]),
        open=openings,
    )
    return kept, counts
