"""Narrowing what was found by the reader's filters, and counting what each choice of a filter would leave."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from search import kinds
from search.engines.base import Counts, Filters

#: Letter in ``PageText.facets`` → attribute of Filters and Counts.
LETTERS = {"t": "topic", "p": "place", "a": "audience"}
#: What the database is asked for each page that was found; the fields of Found.
COLUMNS = (
    "pk",
    "content_type_id",
    "pillar_id",
    "search_text__date",
    "search_text__facets",
)


class Found(NamedTuple):
    """What filters look at in a page: a row of COLUMNS. Thousands of them are read for a question, so it is a plain tuple."""

    key: int
    content_type: int
    pillar: int | None
    date: datetime.date | None
    facets: str | None


class Narrowing:
    """The filters of a query as conditions, each by the name of its attribute."""

    def __init__(self, filters: Filters, taking: Set[int]) -> None:
        self._filters, self._taking = filters, taking
        self._kinds = kinds.kind_by_content_type()
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
            return self._kinds.get(page.content_type, kinds.PLAIN) == filters.kind
        if name == "pillar":
            return page.pillar == filters.pillar
        if name == "open":
            return page.key in self._taking
        if name == "date":
            day = page.date
            return (
                day is not None
                and (filters.since is None or day >= filters.since)
                and (filters.until is None or day <= filters.until)
            )
        return f"{name[0]}{getattr(filters, name)}" in (page.facets or "").split()


def narrowed(pages: Sequence[Found], filters: Filters, taking: Set[int]) -> tuple[list[Found], Counts]:
    """Return the pages that pass all filters, and the counts: each filter's choices with all others in force.

    Args:
        pages: all that was found.
        filters: what narrows it.
        taking: keys of the pages that take registrations now (``core.openings``).
    """
    narrowing = Narrowing(filters, taking)
    if not narrowing.names:
        return list(pages), _counted(dict.fromkeys(_NAMES, pages), taking)
    kept: list[Found] = []
    but: dict[str, list[Found]] = {name: [] for name in _NAMES}
    for page in pages:
        failed = narrowing.failed(page)
        if not failed:
            kept.append(page)
        elif len(failed) == 1:
            but[failed[0]].append(page)
    return kept, _counted({name: [*kept, *but[name]] for name in _NAMES}, taking)


_NAMES = ("kind", "pillar", "topic", "place", "audience", "date", "open")


def _counted(pages: Mapping[str, Sequence[Found]], taking: Set[int]) -> Counts:
    """Count the choices of each filter over the pages that all others leave."""
    by_type = kinds.kind_by_content_type()
    kind: Counter[str] = Counter()
    for content_type, number in Counter(page.content_type for page in pages["kind"]).items():
        kind[by_type.get(content_type, kinds.PLAIN)] += number
    terms: dict[str, Counter[int]] = {}
    for letter, name in LETTERS.items():
        counted: Counter[int] = Counter()
        # many pages have the same terms: each list of terms is read once
        for facets, number in Counter(page.facets for page in pages[name]).items():
            for facet in (facets or "").split():
                if facet[0] == letter:
                    counted[int(facet[1:])] += number
        terms[name] = counted
    return Counts(
        kind=dict(kind),
        pillar=dict(Counter(page.pillar for page in pages["pillar"] if page.pillar is not None)),
        topic=dict(terms["topic"]),
        place=dict(terms["place"]),
        audience=dict(terms["audience"]),
        date=dict(Counter(page.date for page in pages["date"] if page.date is not None)),
        open=sum(page.key in taking for page in pages["open"]) if taking else 0,
    )
