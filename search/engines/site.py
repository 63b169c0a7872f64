"""The engine of the search page, on top of any of Wagtail's search backends."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.search.backends import get_search_backend

from core import openings
from core.models import ContentPage
from search import counts, documents, vocabulary
from search.engines import shown
from search.engines.base import Counts, FoundFile, SearchQuery, SearchResult, SearchResults
from search.engines.readers import Candidate, Candidates, ReadersQuery
from search.engines.shown import Cards, Row
from search.engines.weighing import statistics
from search.highlight import Highlighter
from search.ranking import FLOOR, RELATIVE, Scale
from search.scoring import Scorer
from search.selection import visible, visible_rows
from search.understanding.lexicon import lexicon_for
from search.understanding.plan import Plan
from search.understanding.reading import understand
from search.vocabulary import Statistics

#: So many of the best by first score are scored from their words; the others follow in the order of the first score.
SCORED = 32


class BackendEngine:
    """Finds pages through a Wagtail search backend (an alias of WAGTAILSEARCH_BACKENDS or a dotted path)."""

    def __init__(self, backend: str = "default") -> None:
        self.backend = backend

    def search(self, query: SearchQuery) -> SearchResults:
        """See Engine. A query without a word lists the newest pages of its filters."""
        plan = plan_for(query)
        if not plan and query.text.strip():
            return SearchResults()
        found = self._find(query, plan)
        if not query.size:
            return SearchResults(total=len(found.kept))
        start = (query.page - 1) * query.size
        return SearchResults(
            results=self._results(found.kept[start : start + query.size], query, plan, found.rows),
            total=len(found.kept),
            is_cut=found.is_cut,
            counts=found.counts,
            asked_instead=plan.read_as if found.kept else "",
            did_you_mean=self._other_question(query, plan, found),
        )

    def _find(self, query: SearchQuery, plan: Plan) -> _Found:
        if not plan:
            found = _named(visible(query).order_by().values_list(*counts.COLUMNS))
            kept, counted = counts.narrowed(found, query.filters, _taking(found))
            return _Found([(page.key, 0.0) for page in _newest(kept)], counted, bool(kept), {})
        known = statistics(plan, query)
        first, cut_at = self._candidates(plan, query, known)
        found, least = _near_the_best(_named(visible_rows(query, first, counts.COLUMNS)), first)
        taking = _taking(found)
        kept, counted = counts.narrowed(found, query.filters, taking)
        ranked = [
            (key, score) for score, key in sorted(((first[p.key].first, p.key) for p in kept), reverse=True)
        ]
        asked = [key for key, _score in ranked[:SCORED]]
        rows = shown.rows(asked)
        best = _scored(plan, known, rows.values())
        if len(best) < len(asked):
            # what its words say to be none is no result in any order and no count; where none of the best is one, nothing is
            gone = {page.key for page in kept} if not best else set(asked) - {key for key, _score in best}
            kept, counted = counts.narrowed([p for p in found if p.key not in gone], query.filters, taking)
        if query.sort == "date":
            order = [(page.key, first[page.key].first) for page in _newest(kept)]
        else:
            order = [*best, *ranked[SCORED:]] if best else []
        return _Found(
            order, counted, bool(found), rows, bool(order) and cut_at is not None and cut_at >= least
        )

    def _other_question(self, query: SearchQuery, plan: Plan, found: _Found) -> str:
        """Return another question to offer, a reading that the reader refused or that is bolder, where it finds more."""
        if not plan or (query.corrected and found.unnarrowed):
            return ""
        other = plan_for(dataclasses.replace(query, corrected=True), eager=True)
        if not other.read_as or other.words == plan.words:
            return ""
        # as the link asks it
        asked = dataclasses.replace(query, text=other.read_as, corrected=True, sort="relevance")
        return other.read_as if len(self._find(asked, plan_for(asked)).kept) > len(found.kept) else ""

    def _candidates(self, plan: Plan, query: SearchQuery, known: Statistics) -> Candidates:
        """Return the pages that cover enough of the question, as far as the engine knows."""
        backend = get_search_backend(self.backend)
        asked = ReadersQuery(plan, query, known)
        found: Candidates = backend.search(asked, ContentPage.objects.all()).candidates()
        return found

    def _results(
        self, kept: Sequence[tuple[int, float]], query: SearchQuery, plan: Plan, known: Mapping[int, Row]
    ) -> list[SearchResult]:
        """Return results. ``known``: rows that are read already."""
        keys = [key for key, _ in kept]
        rows = {**known, **shown.rows([key for key in keys if key not in known])}
        in_files = documents.found_files(
            [key for key in keys if plan and key in rows and rows[key].has_files],
            [word.folded for word in plan.words],
        )
        cards, marks = Cards(query.site, keys), Highlighter(plan)
        found = []
        for key, score in kept:
            if (row := rows.get(key)) is None:
                continue
            card = cards.card(row)
            excerpt, file = _excerpt(row, marks, in_files.get(key))
            found.append(SearchResult(key, card, excerpt or marks.marked(card.intro), score, file))
        return found


def _taking(found: Sequence[counts.Found]) -> set[int]:
    """Return which pages take registrations at this moment."""
    return openings.taking([page.key for page in found], timezone.now())


def plan_for(query: SearchQuery, *, eager: bool = False) -> Plan:
    """Return how the question of a query is read. ``eager``: slips are mended with less to speak for it."""
    return understand(
        query.text,
        lexicon=lexicon_for(query.site),
        words=vocabulary.words(),
        pairs=vocabulary.pairs,
        corrected=query.corrected,
        eager=eager,
    )


class _Found(NamedTuple):
    """What was found: (primary key, score) in order, the counts, whether there would be anything without filters, rows read,
    whether there is more than the engine gave.
    """

    kept: list[tuple[int, float]]
    counts: Counts
    unnarrowed: bool
    rows: dict[int, Row]
    is_cut: bool = False


def _named(rows: Iterable[tuple[Any, ...]]) -> list[counts.Found]:
    return list(map(counts.Found._make, rows))


def _newest(pages: Iterable[counts.Found]) -> list[counts.Found]:
    return sorted(pages, key=lambda page: (page.date or datetime.date.min, page.key), reverse=True)


def _near_the_best(
    pages: list[counts.Found], first: Mapping[int, Candidate]
) -> tuple[list[counts.Found], float]:
    """Return the pages that cover enough of what the best of them covers, the best that the reader may see; and how much."""
    least = RELATIVE * max((first[page.key].share for page in pages), default=0.0)
    if least <= FLOOR:
        return pages, FLOOR
    return [page for page in pages if first[page.key].share >= least], least


def _scored(plan: Plan, known: Statistics, rows: Iterable[Row]) -> list[tuple[int, float]]:
    """Return those of the pages that are results, with their scores, the best first; of equals the newest."""
    score = Scorer(plan, Scale.of(plan, known.documents, known.size))
    found = [
        (value, row.key)
        for row in rows
        if row.folded is not None and (value := score(row.folded, row.exact or ""))
    ]
    return [(key, value) for value, key in sorted(found, reverse=True)]


def _excerpt(
    row: Row, marks: Highlighter, in_file: tuple[FoundFile, str] | None
) -> tuple[SafeString, FoundFile | None]:
    """Return the passage, and the file in which it stands where the page itself says less of the question."""
    own = marks.passage(row.text, row.bare or "") if row.text is not None else SafeString("")
    if in_file is None:
        return own, None
    file, words = in_file
    theirs = marks.passage(words)
    if theirs.count("<mark>") > own.count("<mark>"):
        return theirs, file
    return own, None
