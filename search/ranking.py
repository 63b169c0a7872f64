"""How well a page answers a question: pure arithmetic, the same for every engine.

In two steps. An engine says which of a plan's terms a page holds (a *mask*, one bit each); from it follow how much of the
question the page covers and a first score. The best of them are then scored from their words (search.scoring).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis import EXACT, PAIR
from search.understanding.plan import Plan, together
from search.ways import most_of_each, ways

#: A page must cover this share of the question, and this share of what the best page covers.
FLOOR = 0.45
RELATIVE = 0.5
#: Words of a question that stand somewhere in a page by themselves say little: two of them must stand together, or other words
#: for them, or the title must cover so much of the question, or the page so much.
TITLE_CONVINCES, COVERAGE_CONVINCES = 0.25, 0.8
#: What a word counts that stands in no page, against the usual word of the question.
UNKNOWN = 0.7
#: How much more a page is worth whose title alone covers the question (a long page is else behind a short one).
TITLE_BONUS = 1.0


class Sought(NamedTuple):
    """A term that is looked up: its bit in a mask, and the least whole number that is no less than what it can add."""

    bit: int
    term: str
    worth: int = 0


class Group(NamedTuple):
    """The pages that hold the same terms of a plan: anywhere, and in their titles (0 where the engine weighs titles).

    There are far fewer groups than pages, and most cover too little: ``joined`` (object ids with commas between) is split
    only for the others.
    """

    mask: int
    title_mask: int
    size: int
    joined: str

    @property
    def object_ids(self) -> list[str]:
        """The pages of the group."""
        return self.joined.split(",")


def counted(plan: Plan, groups: Sequence[Group]) -> dict[str, int]:
    """Return term → pages that hold it, from all pages that hold any."""
    counts = [0] * len(plan.terms)
    for group in groups:
        rest = group.mask
        while rest:
            low = rest & -rest
            counts[low.bit_length() - 1] += group.size
            rest ^= low
    return dict(zip(plan.terms, counts, strict=True))


def rarity(documents: int, size: int) -> float:
    """Return the inverse document frequency of a term that ``documents`` of ``size`` pages hold."""
    documents = min(documents, size)
    return math.log(1 + (size - documents + 0.5) / (documents + 0.5))


@dataclass(frozen=True)
class Scale:
    """How rare each term of a plan is, and how much each word counts in it.

    Attributes:
        terms: term → inverse document frequency.
        words: weight of each word of the plan.
    """

    terms: dict[str, float]
    words: list[float]

    @classmethod
    def of(cls, plan: Plan, documents: Mapping[str, int], size: int) -> Scale:
        """Weigh the terms by the number of pages that hold them (``documents``) of ``size`` pages."""
        size = max(size, 1, *documents.values()) if documents else max(size, 1)
        terms = {term: rarity(documents.get(term, 0), size) for term in plan.terms}
        known: list[float | None] = []
        for word in plan.words:
            found = [t for t in (EXACT + word.exact, word.folded, PAIR + word.folded) if documents.get(t)]
            known.append(rarity(documents[found[0]], size) if found else None)
        # a word that stands nowhere (a slip of the finger, a turn of speech) must not outweigh all that is found
        certain = [weight for weight in known if weight is not None]
        usual = sum(certain) / len(certain) if certain else 1.0
        words = [max(0.05, UNKNOWN * usual if weight is None else weight) for weight in known]
        # an abbreviation is worth the words that it stands for
        for overlay in plan.overlays:
            length = overlay.end - overlay.start
            if length == 1 and len(overlay.words) > 1 and overlay.weight > 0.9:
                more = max(words[overlay.start], usual * min(2.0, len(overlay.words) / 2))
                words[overlay.start] = more
        return cls(terms, words)


def covers_enough(share: float, in_title: float) -> bool:
    """Whether a page is a result in which no two words of the question stand together. Both: coverage, 0 to 1."""
    return share >= COVERAGE_CONVINCES or in_title >= TITLE_CONVINCES


class Coverage:
    """How much of a question a page with a given mask covers, 0 to 1, rare words counting more."""

    def __init__(self, plan: Plan, scale: Scale) -> None:
        """Work the bits out once: a question meets thousands of different masks."""
        numbers = plan.numbers
        self._ways = said = ways(plan, scale.terms, scale.words)
        self._words = [
            [(sum(1 << numbers[term] for term in terms), level) for terms, level in levels]
            for levels in said.typed
        ]
        self._others = [
            (
                range(other.start, other.end),
                [(1 << numbers[term], part) for term, part in other.parts.items()],
            )
            for other in said.others
        ]

        #: mask → coverage: the pages of a question have few different masks
        self._known: dict[int, float] = {}
        self._alone = len(plan.words) == 1
        self._together = sum(1 << numbers[term] for term in together(plan))

    def convinces(self, mask: int, title_mask: int) -> bool:
        """Whether a page with these masks is a result at all."""
        share = self(mask)
        if share < FLOOR:
            return False
        return bool(self._alone or mask & self._together or covers_enough(share, self(title_mask)))

    def __call__(self, mask: int) -> float:
        """Return the coverage of ``mask``."""
        known = self._known.get(mask)
        if known is None:
            known = self._known[mask] = self._work_out(mask)
        return known

    def at_most(self) -> dict[str, float]:
        """Return term → the most that it can add (``most_of_each``): a database leaves out early what cannot cover enough."""
        said = self._ways
        return most_of_each(
            [
                *((term, level * share) for terms, level in said.typed[word] for term in terms),
                *(
                    (term, part * share)
                    for other in said.others
                    if other.start <= word < other.end
                    for term, part in other.parts.items()
                ),
            ]
            for word, share in enumerate(said.shares)
        )

    def _work_out(self, mask: int) -> float:
        found = [next((level for bits, level in levels if mask & bits), 0.0) for levels in self._words]
        for words, terms in self._others:
            covered = 0.0
            for bit, part in terms:
                if mask & bit:
                    covered += part
            if covered:
                for word in words:
                    if covered > found[word]:
                        found[word] = covered
        return sum(level * share for level, share in zip(found, self._ways.shares, strict=True))
