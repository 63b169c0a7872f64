"""What the search page knows about searching: a query goes in, results come out. Which engine answers is a setting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.safestring import SafeString
from wagtail.models import Site

from core.cards import Card
from core.filters import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrowing of a search by primary keys of vocabulary rows (source locale), by kind and by date; None: not narrowed.

    Attributes:
        kind: a slug of ``search.kinds``.
        since, until: first and last day (local time) of the date that a result shows, both included.
        open: only events whose registration is open now.
    """

    kind: str | None = None
    pillar: int | None = None
    topic: int | None = None
    place: int | None = None
    audience: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question of a reader.

    Attributes:
        text: as typed; anything may stand in it.
        site: the office whose pages (its own and those shared with it) are searched.
        language: language code of the pages.
        filters: see Filters.
        page: number of the result page, from 1.
        size: results on a page; 0: only their number is wanted.
        sort: ``relevance`` or ``date`` (newest first).
        corrected: whether a question that finds next to nothing may be read with its slips mended.
    """

    text: str
    site: Site
    language: str
    filters: Filters = field(default_factory=Filters)
    page: int = 1
    size: int = PAGE_SIZE
    sort: str = "relevance"
    corrected: bool = True


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a page in which the match stands."""

    document_id: int
    title: str
    url: str
    type_label: str
    size_label: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page that was found, with the passage that matches (safe HTML, matches in ``<mark>``).

    ``file``: set when the passage stands in a file that the page offers.
    """

    page_id: int
    card: Card
    excerpt: SafeString
    score: float
    file: FoundFile | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many results each choice of a filter would have, with all other filters in force.

    ``kind`` by slug, the vocabularies by primary key of the source row, ``date`` by day, ``open`` for events that take
    registrations now.
    """

    kind: dict[str, int] = field(default_factory=dict)
    pillar: dict[int, int] = field(default_factory=dict)
    topic: dict[int, int] = field(default_factory=dict)
    place: dict[int, int] = field(default_factory=dict)
    audience: dict[int, int] = field(default_factory=dict)
    date: dict[datetime.date, int] = field(default_factory=dict)
    open: int = 0


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results.

    Attributes:
        results: in the order of relevance.
        total: number of all results, over all pages, with every filter.
        is_cut: whether there are more than ``total``: a search server was asked for so many of the best (or newest) only.
        counts: see Counts.
        degraded: whether another engine answered than the one that is set.
        asked_instead: the question as it was read where that is not what was typed ("dịch vụ công" for "dichj vuj coong"),
            for a line "Results for …"; empty where it was taken as typed.
        did_you_mean: another question to offer, which finds more; empty where there is none.
    """

    results: list[SearchResult] = field(default_factory=list)
    total: int = 0
    is_cut: bool = False
    counts: Counts = field(default_factory=Counts)
    degraded: bool = False
    asked_instead: str = ""
    did_you_mean: str = ""

    @property
    def rounded(self) -> int:
        """``total`` as it is said after "more than": whole tens, a number that looks counted would be none."""
        return self.total - self.total % 10 if self.total > 10 else self.total


class Engine(Protocol):
    """An engine that finds pages."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Return the results that a reader may see: live, public, not expired, of the office and the language.

        Raises whatever its server raises; ``search.services.search`` then asks the database.
        """
        ...
