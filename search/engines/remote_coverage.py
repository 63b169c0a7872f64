"""How much of a plan a page covers, in the query language of search servers. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

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
        parts: dict[str, float] = {}
        for term in terms:
            if term in asked:
                # one that stands in it twice counts twice
                parts[term] = parts.get(term, 0.0) + overlay.weight * scale.terms[term] / rare
        if not parts:
            continue
        for number in range(overlay.start, overlay.end):
            words[number].others.append(
                [(term, shown(part * shares[number])) for term, part in parts.items()]
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
