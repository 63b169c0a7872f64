"""Questions in the query language of search servers. Pure functions; every word is a value, so there is no syntax to break."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from core import openings
from core.vietnamese import Token
from search.analysis import EXACT, PAIR
from search.engines.base import Filters
from search.ranking import (
    COVERAGE_CONVINCES,
    EXACT_ALONE,
    FLOOR,
    FOLDED_ALONE,
    IN_PAIR,
    OTHER_MARKS,
    SINGLE_EXACT,
    SINGLE_OTHER_MARKS,
    TITLE_CONVINCES,
    Scale,
)
from search.understanding.plan import Plan, overlay_terms, together

Query = dict[str, Any]

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
#: Servers refuse more clauses than 1,024.
MOST_CLAUSES = 900
#: With so many clauses for other words and more, pages are sifted first (``_covering``).
WORTH_SIFTING = 8
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


def worth(query: Query, value: float) -> Query:
    """Return a query that gives whatever it finds the same score."""
    return {"constant_score": {"filter": query, "boost": round(value, 6)}}


def best(queries: Sequence[Query]) -> Query:
    """Return a query whose score is that of the best of ``queries``."""
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": list(queries)}}


def total(queries: Sequence[Query]) -> Query:
    """Return a query whose score is the sum of all that match."""
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries)}}


def _as_it_is(value: float) -> float:
    return value


def _in_steps(value: float) -> float:
    return float(round(value * STEPS))


def _half(value: float) -> float:
    return value / 2


class _Word(NamedTuple):
    """What can say a word of a question: terms of which any is enough, and other words of which each says its part."""

    levels: list[tuple[list[str], float]]
    others: list[list[tuple[str, float]]]


def _words(
    plan: Plan,
    scale: Scale,
    looked_up: Collection[str] | None,
    shown: Callable[[float], float],
    most: int,
) -> list[_Word]:
    """Return what ``coverage`` asks for each word, with what it counts."""
    numbers, single = plan.numbers, len(plan.words) == 1
    asked = set(numbers if looked_up is None else looked_up)
    whole = sum(scale.words) or 1.0
    shares = [weight / whole for weight in scale.words]
    words: list[_Word] = []
    for number, word in enumerate(plan.words):
        paired = {PAIR + word.folded, *(plan.pair_term(pair) for pair in plan.pairs if number in pair)}
        levels = [(sorted(paired & numbers.keys()), IN_PAIR)]
        if word.exact == word.folded:
            levels.append(([word.folded], SINGLE_EXACT if single else FOLDED_ALONE))
        else:
            levels.append(([EXACT + word.exact], SINGLE_EXACT if single else EXACT_ALONE))
            levels.append(([word.folded], SINGLE_OTHER_MARKS if single else OTHER_MARKS))
        found = [
            (terms, shown(level * shares[number]))
            for held, level in levels
            if (terms := [term for term in held if term in asked])
        ]
        words.append(_Word(found, []))
    clauses = sum(len(word.levels) for word in words)
    for overlay in sorted(plan.overlays, key=lambda overlay: -overlay.weight):
        terms = overlay_terms(overlay.words)
        clauses += len(terms) * (overlay.end - overlay.start)
        if clauses > most or not all(term in numbers for term in terms):
            continue
        rare = sum(scale.terms[term] for term in terms) or 1.0
        terms = [term for term in terms if term in asked]
        if not terms:
            continue
        for number in range(overlay.start, overlay.end):
            words[number].others.append(
                [(term, shown(overlay.weight * scale.terms[term] / rare * shares[number])) for term in terms]
            )
    return words


def coverage(
    plan: Plan,
    scale: Scale,
    field: str,
    looked_up: Collection[str] | None = None,
    shown: Callable[[float], float] = _as_it_is,
    most: int = MOST_CLAUSES,
) -> Query:
    """Return the query whose score is how much of a plan a page covers, 0 to 1: ``ranking.Coverage`` in a server's words.

    Args:
        plan: the question.
        scale: how rare its terms are.
        field: where they are looked up.
        looked_up: those of the plan's terms that are; all by default.
        shown: as what each part of the score is counted.
        most: so many clauses; other ways of saying that would be more are left out.
    """
    return _covered(_words(plan, scale, looked_up, shown, most), field)


def _covered(words: Sequence[_Word], field: str) -> Query:
    ways = [
        [
            *(worth({"terms": {field: terms}}, value) for terms, value in word.levels),
            *(
                total([worth({"term": {field: term}}, value) for term, value in other])
                for other in word.others
            ),
        ]
        for word in words
    ]
    return total([best(levels) for levels in ways if levels])


def _at_most(words: Sequence[_Word], field: str) -> Query:
    """Return a query whose score is at least that of ``_covered``: each other word once, however many phrases it stands in and
    however many words they stand for. A server is through with it in a third of the time.
    """
    others: dict[str, float] = {}
    for word in words:
        highest: dict[str, float] = {}
        for other in word.others:
            for term, value in other:
                highest[term] = max(value, highest.get(term, 0.0))
        for term, value in highest.items():
            others[term] = others.get(term, 0.0) + value
    typed = [
        best([worth({"terms": {field: terms}}, value) for terms, value in word.levels])
        for word in words
        if word.levels
    ]
    return total([*typed, *(worth({"term": {field: term}}, value) for term, value in others.items())])


def _covering(words: Sequence[_Word], field: str, least: float) -> Query:
    """Return a query for what covers ``least``, scored by ``_covered``, which is worked out only for what ``_at_most`` leaves."""
    exactly = _covered(words, field)
    if sum(map(len, (other for word in words for other in word.others))) < WORTH_SIFTING:
        return at_least(exactly, least)
    sifted = at_least(_at_most(words, field), least)
    return at_least({"bool": {"filter": [sifted], "should": [exactly]}}, least)


def at_least(query: Query, score: float) -> Query:
    """Return a query for what scores at least ``score``."""
    return {"function_score": {"query": query, "min_score": score}}


def candidates(plan: Plan, scale: Scale, looked_up: Collection[str]) -> Query:
    """Return a query for the pages that cover enough of a plan; what their scores say, ``read_score`` reads.

    First come pages where words stand together, so that those that convince are not pushed out of the best by those that only
    hold all words somewhere; then the page counts, then its title.
    """
    most = MOST_CLAUSES // 3
    enough = _covering(_words(plan, scale, looked_up, _in_steps, most), ALL, FLOOR * STEPS)
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
