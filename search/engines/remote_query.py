"""Questions in the query language of search servers. Pure functions; every word is a value, so there is no syntax to break."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

from core.vietnamese import Token
from search.analysis import EXACT, PAIR
from search.ranking import (
    EXACT_ALONE,
    FOLDED_ALONE,
    IN_PAIR,
    OTHER_MARKS,
    SINGLE_EXACT,
    SINGLE_OTHER_MARKS,
    Scale,
)
from search.understanding.plan import Plan, overlay_terms

Query = dict[str, Any]

#: Terms of the title, and of everything; words that are completed.
TITLE, ALL, COMPLETED = "terms_title", "terms_all", "words"
#: Tree paths of a page and of all pages above it: a filter of one term, where a prefix of paths would be one of thousands.
ANCESTORS = "ancestors"
#: How much a term counts for relevance in the staff's searches, by field.
WEIGHTS = {ALL: 1.0, TITLE: 4.0}
#: Servers refuse more clauses than 1,024.
MOST_CLAUSES = 900
#: Longer beginnings of words are not completed.
LONGEST_PREFIX = 64


def worth(query: Query, value: float) -> Query:
    """Return a query that gives whatever it finds the same score."""
    return {"constant_score": {"filter": query, "boost": round(value, 6)}}


def best(queries: Sequence[Query]) -> Query:
    """Return a query whose score is that of the best of ``queries``."""
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": list(queries)}}


def total(queries: Sequence[Query]) -> Query:
    """Return a query whose score is the sum of all that match."""
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries)}}


def coverage(plan: Plan, scale: Scale, field: str, looked_up: Collection[str] | None = None) -> Query:
    """Return the query whose score is how much of a plan a page covers, 0 to 1: ``ranking.Coverage`` in a server's words.

    Args:
        plan: the question.
        scale: how rare its terms are.
        field: where they are looked up.
        looked_up: those of the plan's terms that are; all by default.
    """
    numbers, single = plan.numbers, len(plan.words) == 1
    asked = set(numbers if looked_up is None else looked_up)
    whole = sum(scale.words) or 1.0
    shares = [weight / whole for weight in scale.words]
    words: list[list[Query]] = []
    for number, word in enumerate(plan.words):
        paired = {PAIR + word.folded, *(plan.pair_term(pair) for pair in plan.pairs if number in pair)}
        levels = [(sorted(paired & numbers.keys()), IN_PAIR)]
        if word.exact == word.folded:
            levels.append(([word.folded], SINGLE_EXACT if single else FOLDED_ALONE))
        else:
            levels.append(([EXACT + word.exact], SINGLE_EXACT if single else EXACT_ALONE))
            levels.append(([word.folded], SINGLE_OTHER_MARKS if single else OTHER_MARKS))
        words.append(
            [
                worth({"terms": {field: terms}}, level * shares[number])
                for held, level in levels
                if (terms := [term for term in held if term in asked])
            ]
        )
    clauses = sum(map(len, words))
    for overlay in sorted(plan.overlays, key=lambda overlay: -overlay.weight):
        terms = overlay_terms(overlay.words)
        clauses += len(terms) * (overlay.end - overlay.start)
        if clauses > MOST_CLAUSES or not all(term in numbers for term in terms):
            continue
        rare = sum(scale.terms[term] for term in terms) or 1.0
        terms = [term for term in terms if term in asked]
        if not terms:
            continue
        for number in range(overlay.start, overlay.end):
            words[number].append(
                total(
                    [
                        worth(
                            {"term": {field: term}},
                            overlay.weight * scale.terms[term] / rare * shares[number],
                        )
                        for term in terms
                    ]
                )
            )
    return total([best(levels) for levels in words if levels])


def at_least(query: Query, score: float) -> Query:
    """Return a query for what scores at least ``score``."""
    return {"function_score": {"query": query, "min_score": score}}


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


def counting(terms: Iterable[str], field: str) -> dict[str, Any]:
    """Return the body of a request for the number of documents, and of those that hold each of ``terms`` (by number)."""
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": {
            "held": {
                "filters": {
                    "filters": {str(number): {"term": {field: term}} for number, term in enumerate(terms)}
                }
            }
        },
    }
