"""Questions in the query language of search servers. Pure functions; every word is a value, so there is no syntax to break."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from core import openings
from core.vietnamese import Token
from search.analysis import EXACT, PAIR
from search.engines.base import Filters
from search.engines.remote_coverage import MOST_CLAUSES, Query, at_least, coverage, covering, worth
from search.ranking import COVERAGE_CONVINCES, FLOOR, TITLE_CONVINCES, Scale
from search.understanding.plan import Plan, together

#: Terms of the title, and of everything; words that are completed.
TITLE, ALL, COMPLETED = "terms_title", "terms_all", "words"
#: Tree paths of a page and of all pages above it: a filter of one term, where a prefix of paths would be one of thousands.
ANCESTORS = "ancestors"
#: What a reader narrows by: kind, "t5 p2 a1" (topic, place, audience), pillar, the day on the card.
KIND, FACETS, SHOWN_ON = "kind", "facets", "shown_on"
PILLAR = "core_contentpage__pillar_id_filter"
#: One score tells three things of a page (``read_score``). A server computes with 24 binary digits: 1 says that two words of the
#: question stand together, 13 how much of it the page covers, in steps of 1/STEPS, the rest how much its title does.
STEPS = 4_096
TOGETHER = 2.0 * STEPS
#: How much a term counts for relevance in the staff's searches, by field.
WEIGHTS = {ALL: 1.0, TITLE: 4.0}
#: Longer beginnings of words are not completed.
LONGEST_PREFIX = 64


def read_score(score: float) -> tuple[float, float, bool]:
    """Read the score that ``candidates`` has a server compute.

    Returns:
        How much of the question the page covers, and how much its title does, 0 to 1; whether words stand together.
    """
    whole = int(score)
    is_together = whole >= TOGETHER
    return (whole - TOGETHER * is_together) / STEPS, 2 * (score - whole), is_together


class Asked(NamedTuple):
    """One query of a request: how many hits at most, and whether the newest instead of the best."""

    query: Query
    hits: int
    newest: bool = False


def _in_steps(value: float) -> float:
    return float(round(value * STEPS))


def _half(value: float) -> float:
    return value / 2


def candidates(plan: Plan, scale: Scale, looked_up: Collection[str]) -> Query:
    """Return a query for the pages that cover enough of a plan; what their scores say, ``read_score`` reads.

    First come pages where words stand together, so that those that convince are not pushed out of the best by those that only
    hold all words somewhere; then the page counts, then its title.
    """
    most = MOST_CLAUSES // 3
    enough = covering(plan, scale, ALL, FLOOR * STEPS, looked_up, _in_steps, most)
    more = [coverage(plan, scale, TITLE, looked_up, _half, most)]
    beside = [term for term in together(plan) if term in looked_up]
    if len(plan.words) > 1 and beside:
        more.append(worth({"terms": {ALL: beside}}, TOGETHER))
    return {"bool": {"must": [enough], "should": more}}


def convincing(plan: Plan, scale: Scale, looked_up: Collection[str], beside: Query) -> list[Query]:
    """Return the filters that ``ranking.Coverage.convinces`` adds to a query ``beside`` them.

    None for one word, or where both together would be too many clauses.
    """
    if len(plan.words) == 1:
        return []
    ways = [
        {"terms": {ALL: [term for term in together(plan) if term in looked_up]}},
        at_least(coverage(plan, scale, ALL, looked_up), COVERAGE_CONVINCES),
        at_least(coverage(plan, scale, TITLE, looked_up), TITLE_CONVINCES),
    ]
    return [{"bool": {"should": ways}}] if _clauses(ways) + _clauses(beside) < MOST_CLAUSES else []


def _clauses(part: Any) -> int:
    return str(part).count("'boost'")


def narrowing(filters: Filters, now: datetime.datetime) -> list[Query]:
    """Return the filters of a reader as ``search.counts`` understands them. ``now``: the present (aware)."""
    found: list[Query] = []
    if filters.kind is not None:
        found.append({"term": {KIND: filters.kind}})
    if filters.pillar is not None:
        found.append({"term": {PILLAR: filters.pillar}})
    for letter, key in (("t", filters.topic), ("p", filters.place), ("a", filters.audience)):
        if key is not None:
            found.append({"term": {FACETS: f"{letter}{key}"}})
    days = {bound: day.isoformat() for bound, day in (("gte", filters.since), ("lte", filters.until)) if day}
    if days:
        found.append({"range": {SHOWN_ON: days}})
    if filters.open:
        # no index knows the seats: the few pages that take registrations are named
        found.append({"terms": {"pk": [str(key) for key in sorted(openings.taking(None, now))]}})
    return found


def narrowed(query: Query, filters: Sequence[Query]) -> Query:
    """Return ``query`` for what passes ``filters`` too."""
    return {"bool": {"must": [query], "filter": list(filters)}} if filters else query


def relevance(terms: dict[str, float], fields: Sequence[str]) -> Query:
    """Return a query for any of some terms, ranked by the server's own BM25. ``terms``: with their weights."""
    queries = [
        {"term": {field: {"value": term, "boost": weight * WEIGHTS[field]}}}
        for term, weight in terms.items()
        for field in fields
    ]
    return {"dis_max": {"queries": queries, "tie_breaker": 0.3}}


def found_words(words: Sequence[Token], fields: Sequence[str]) -> list[Query]:
    """Return a query for each word: with other marks, without, or glued to the next one."""
    return [
        relevance(
            {word.folded: 1.0, PAIR + word.folded: 1.0}
            | ({EXACT + word.exact: 2.0} if word.exact != word.folded else {}),
            fields,
        )
        for word in dict.fromkeys(words)
    ]


def found_pairs(words: Sequence[Token], fields: Sequence[str]) -> list[Query]:
    """Return a query for each pair of neighbours."""
    return [relevance({PAIR + left.folded + right.folded: 1.0}, fields) for left, right in pairwise(words)]


def completed(words: Sequence[str]) -> list[Query]:
    """Return a query for each of some folded words, the last one as the beginning of a word."""
    whole = [worth({"term": {COMPLETED: word}}, 1.0) for word in words[:-1]]
    return [*whole, worth({"prefix": {COMPLETED: words[-1][:LONGEST_PREFIX]}}, 1.0)]
