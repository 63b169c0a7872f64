"""The question of a reader as an engine is asked, with where it is asked and how common its words are."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils import timezone
from modelsearch.query import PlainText
from wagtail.models import Locale

from core.memory import remember
from core.offices import site_paths
from search.engines.base import SearchQuery
from search.engines.remote_query import ANCESTORS, narrowing
from search.understanding.plan import Plan
from search.vocabulary import Statistics


class Candidate(NamedTuple):
    """What a page answers. ``first``: its score until it is scored from its words; ``share``: how much of the question."""

    first: float
    share: float


class Candidates(NamedTuple):
    """What an engine answers: primary key → candidate, of all pages that answer enough.

    ``cut_at``: where the engine stopped at so many of the best, the share of the last of them; None where it gave all.
    """

    pages: dict[int, Candidate]
    cut_at: float | None = None


class ReadersQuery(PlainText):
    """A planned question, which an engine answers with candidates (``RankedResults.candidates``).

    ``known`` says how common its terms are among what everybody may read: what an index counts besides would let a draft
    decide what a reader finds.
    """

    def __init__(self, plan: Plan, query: SearchQuery, known: Statistics) -> None:
        super().__init__(query.text, operator="or")
        self.plan, self.query, self.known = plan, query, known

    def server_filters(self) -> list[dict[str, Any]]:
        """Return filters of a search server: live, in the language, of the office or shared with it.

        They only keep what cannot be shown from taking the place of what can: ``search.selection`` decides.
        """
        paths = site_paths(self.query.site)
        offices: list[dict[str, Any]] = [{"term": {ANCESTORS: path}} for path in paths.own]
        shared = {"term": {"core_contentpage__shared_filter": True}}
        offices += [{"bool": {"must": [{"term": {ANCESTORS: path}}, shared]}} for path in paths.shared]
        return [
            {"term": {"live_filter": True}},
            {"term": {"locale_id_filter": _locale(self.query.language)}},
            {"bool": {"should": offices}},
        ]

    def server_narrowing(self) -> list[dict[str, Any]]:
        """Return what the reader narrows by, for a server; ``search.counts`` decides here too."""
        return narrowing(self.query.filters, timezone.now())


def _locale(language: str) -> int:
    """Return the key of a locale, 0 where there is none."""
    locales = Locale.objects.filter(language_code=language)
    return remember(
        "search.locale", language, shared=True, make=lambda: locales.values_list("pk", flat=True).first() or 0
    )
