"""How much of a plan a page covers, in the query language of search servers. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from search.ranking import Scale
from search.understanding.plan import Plan
from search.ways import most_of_each, ways

Query = dict[str, Any]

#: Servers refuse more clauses than 1,024.
MOST_CLAUSES = 900
#: With so many clauses for other words and more, pages are sifted first (see ``covering``).
WORTH_SIFTING = 8


def worth(query: Query, value: float) -> Query:
    """Return a query that gives whatever it finds the same score."""
    return {"constant_score": {"filter": query, "boost": round(value, 6)}}


def best(queries: Sequence[Query]) -> Query:
    """Return a query whose score is that of the best of ``queries``."""
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": list(queries)}}


def total(queries: Sequence[Query]) -> Query:
    """Return a query whose score is the sum of all that match."""
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries)}}


def at_least(query: Query, score: float) -> Query:
    """Return a query for what scores at least ``score``."""
    return {"function_score": {"query": query, "min_score": score}}


def _as_it_is(value: float) -> float:
    return value


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
    said = ways(plan, scale.terms, scale.words)
    asked = set(plan.terms if looked_up is None else looked_up)
    words = [
        _Word(
            [
                (found, shown(level * share))
                for terms, level in levels
                if (found := [term for term in terms if term in asked])
            ],
            [],
        )
        for levels, share in zip(said.typed, said.shares, strict=True)
    ]
    clauses = sum(len(word.levels) for word in words)
    for other in said.others:
        clauses += len(other.parts) * (other.end - other.start)
        parts = {term: part for term, part in other.parts.items() if term in asked}
        if clauses > most or not parts:
            continue
        for number in range(other.start, other.end):
            share = said.shares[number]
            words[number].others.append([(term, shown(part * share)) for term, part in parts.items()])
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


def covering(
    plan: Plan,
    scale: Scale,
    field: str,
    least: float,
    looked_up: Collection[str],
    shown: Callable[[float], float],
    most: int,
) -> Query:
    """Return a query for the pages whose ``coverage`` is ``least`` and more, with that score.

    Where there are many other words it is worked out only for what a query sifts that is three times as fast (``_at_most``).
    """
    words = _words(plan, scale, looked_up, shown, most)
    exactly = _covered(words, field)
    if sum(len(other) for word in words for other in word.others) < WORTH_SIFTING:
        return at_least(exactly, least)
    sifted = at_least(_at_most(words, field), least)
    return at_least({"bool": {"filter": [sifted], "should": [exactly]}}, least)


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
    """Return a query whose score is never below that of ``_covered``: it has each other word once, however many phrases it
    stands in and however many words they stand for.
    """
    others = most_of_each([part for other in word.others for part in other] for word in words)
    typed = [
        best([worth({"terms": {field: terms}}, value) for terms, value in word.levels])
        for word in words
        if word.levels
    ]
    return total([*typed, *(worth({"term": {field: term}}, value) for term, value in others.items())])
