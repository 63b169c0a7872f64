"""What can say each word of a question, and how much of the question that is: pure, the one place that knows.

Python measures pages with it (``search.ranking.Coverage``), servers get it as a query (``search.engines.remote_coverage``), and
from it follows what no page can exceed, by which pages are sifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from search.analysis import EXACT, PAIR
from search.understanding.plan import Plan, overlay_terms

#: What a word counts that is found: in its pair, with its marks, without marks as typed, with other marks than typed.
IN_PAIR, EXACT_ALONE, FOLDED_ALONE, OTHER_MARKS = 1.0, 0.65, 0.6, 0.25
#: The same for a question of one word, where no neighbour can confirm it.
SINGLE_EXACT, SINGLE_OTHER_MARKS = 1.0, 0.5


class Other(NamedTuple):
    """Other words for the words ``start`` to ``end`` (excluded). ``parts``: term → what it counts of each of these words."""

    start: int
    end: int
    parts: dict[str, float]


class Ways(NamedTuple):
    """A question as it can be said.

    Attributes:
        shares: how much of the question each word is; together 1.
        typed: of each word the terms of which any is enough, and what they count of it, the most first.
        others: other words, those that count the most first; of several for a word the best counts.
    """

    shares: list[float]
    typed: list[list[tuple[list[str], float]]]
    others: list[Other]


def ways(plan: Plan, terms: Mapping[str, float], words: Sequence[float]) -> Ways:
    """Return the ways to say a plan.

    Args:
        plan: the question.
        terms: its terms and how rare they are.
        words: how much each of its words weighs.
    """
    numbers, single = plan.numbers, len(plan.words) == 1
    whole = sum(words) or 1.0
    typed = []
    for number, word in enumerate(plan.words):
        paired = {PAIR + word.folded, *(plan.pair_term(pair) for pair in plan.pairs if number in pair)}
        levels = [(sorted(paired), IN_PAIR)]
        if word.exact == word.folded:
            levels.append(([word.folded], SINGLE_EXACT if single else FOLDED_ALONE))
        else:
            levels.append(([EXACT + word.exact], SINGLE_EXACT if single else EXACT_ALONE))
            levels.append(([word.folded], SINGLE_OTHER_MARKS if single else OTHER_MARKS))
        known = [([term for term in held if term in numbers], level) for held, level in levels]
        typed.append([(held, level) for held, level in known if held])
    others = []
    for overlay in sorted(plan.overlays, key=lambda overlay: -overlay.weight):
        said = overlay_terms(overlay.words)
        if all(term in numbers for term in said):
            rare = sum(terms[term] for term in said) or 1.0
            parts: dict[str, float] = {}
            for term in said:
                # one that stands in it twice counts twice
                parts[term] = parts.get(term, 0.0) + overlay.weight * terms[term] / rare
            others.append(Other(overlay.start, overlay.end, parts))
    return Ways([weight / whole for weight in words], typed, others)


def most_of_each(words: Iterable[Iterable[tuple[str, float]]]) -> dict[str, float]:
    """Return term → the most that it can add. What a page covers is never more than the sum of these over its terms.

    ``words``: of each word of the question the terms that can say it, as often as they do, with what they then count.
    """
    most: dict[str, float] = {}
    for word in words:
        highest: dict[str, float] = {}
        for term, value in word:
            highest[term] = max(value, highest.get(term, 0.0))
        for term, value in highest.items():
            most[term] = most.get(term, 0.0) + value
    return most
