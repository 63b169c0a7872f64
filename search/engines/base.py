"""What the search page knows about searching: a query goes in, results come out. Which engine answers is a setting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.utils.safestring import SafeString
from wagtail.models import Site

from core.cards import Card
from core.filters import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrowing of a search by primary keys of vocabulary rows (source locale) and by kind; None: not narrowed."""

    kind: str | None = None
    pillar: int | None = None
    topic: int | None = None
    place: int | None = None
    audience: int | None = None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question of a reader.

    Attributes:
        text: as typed; anything may stand in it.
        site: the office whose pages (its own and those shared with it) are searched.
        language: language code of the pages.
        filters: see Filters.
        page: number of the result page, from 1.
        size: results on a page.
    """

    text: str
    site: Site
    language: str
    filters: Filters = field(default_factory=Filters)
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page that was found, with the passage that matches (safe HTML, matches in ``<mark>``)."""

    page_id: int
    card: Card
    excerpt: SafeString
    score: float


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results.

    Attributes:
        results: in the order of relevance.
        total: number of all results, over all pages, with every filter.
        kinds: kind → number of results when only the kind is not narrowed.
        degraded: whether another engine answered than the one that is set.
    """

    results: list[SearchResult] = field(default_factory=list)
    total: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    degraded: bool = False


class Engine(Protocol):
    """An engine that finds pages."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Return the results that a reader may see: live, public, not expired, of the office and the language.

        Raises whatever its server raises; ``search.services.search`` then asks the database.
        """
        ...
