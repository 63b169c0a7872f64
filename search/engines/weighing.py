"""How common the words of a question are: as they were counted, or in the reader's own pages where nobody has counted yet."""

from __future__ import annotations

from search import vocabulary
from search.analysis import EXACT, PAIR
from search.engines.base import SearchQuery
from search.models import PageText
from search.selection import visible
from search.understanding.plan import Plan
from search.vocabulary import Statistics

#: So many pages, the newest, are looked at on a site without counted words: some minutes after the first page they are counted.
SAMPLE = 500


def statistics(plan: Plan, query: SearchQuery) -> Statistics:
    """Return how common all is that retrieving and scoring look at, in what the reader may see or everybody may read."""
    said_otherwise = (
        term
        for overlay in plan.overlays
        for word in overlay.words
        for term in (word.folded, EXACT + word.exact)
    )
    known = vocabulary.statistics([*plan.terms, *said_otherwise])
    return known if known.size else _sampled(plan, query, list(known.documents))


def _sampled(plan: Plan, query: SearchQuery, terms: list[str]) -> Statistics:
    pages = visible(query).order_by("-pk").values("pk")[:SAMPLE]
    rows = PageText.objects.filter(pk__in=list(pages.values_list("pk", flat=True))).values_list(
        "folded", "exact"
    )
    phrases = {term: _phrases(plan, term) for term in terms}
    documents, size = dict.fromkeys(terms, 0), 0
    for folded, exact in rows:
        size += 1
        for term, ways in phrases.items():
            words = exact if term.startswith(EXACT) else folded
            documents[term] += any(way in words for way in ways)
    return Statistics(max(size, 1), documents)


def _phrases(plan: Plan, term: str) -> list[str]:
    """Return a term as it may stand in a line of words (``analysis.section_lines``)."""
    if not term.startswith(PAIR):
        return [f" {term.removeprefix(EXACT)} "]
    if term in plan.spaced:
        return [f" {plan.spaced[term]} "]
    glued = term.removeprefix(PAIR)
    return [f" {glued[:place]} {glued[place:]} " for place in range(1, len(glued))]
