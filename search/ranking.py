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
from search.understanding.plan import Overlay, Plan, overlay_terms, together

#: A page must cover this share of the question, and this share of what the best page covers.
FLOOR = 0.45
RELATIVE = 0.5
#: Words of a question that stand somewhere in a page by themselves say little: two of them must stand together, or other words
#: for them, or the title must cover so much of the question, or the page so much.
TITLE_CONVINCES, COVERAGE_CONVINCES = 0.25, 0.8
#: What a word counts that is found: in its pair, with its marks, without marks as typed, with other marks than typed.
IN_PAIR, EXACT_ALONE, FOLDED_ALONE, OTHER_MARKS = 1.0, 0.65, 0.6, 0.25
#: The same for a question of one word, where no neighbour can confirm it.
SINGLE_EXACT, SINGLE_OTHER_MARKS = 1.0, 0.5
#: What a word counts that stands in no page, against the usual word of the question.
UNKNOWN = 0.7
#: How much more a page is worth whose title alone covers the question (a long page is else behind a short one).
TITLE_BONUS = 1.0


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
        self._numbers = numbers = plan.numbers
        single = len(plan.words) == 1
        total = sum(scale.words) or 1.0
        self._words: list[tuple[tuple[int, float], ...]] = []
        self._shares = [weight / total for weight in scale.words]
        for number, word in enumerate(plan.words):
            paired = _bit(numbers, PAIR + word.folded)
            for pair in plan.pairs:
                if number in pair:
                    paired |= _bit(numbers, plan.pair_term(pair))
            levels = [(paired, IN_PAIR)]
            if word.exact == word.folded:
                levels.append((_bit(numbers, word.folded), SINGLE_EXACT if single else FOLDED_ALONE))
            else:
                levels.append((_bit(numbers, EXACT + word.exact), SINGLE_EXACT if single else EXACT_ALONE))
                levels.append((_bit(numbers, word.folded), SINGLE_OTHER_MARKS if single else OTHER_MARKS))
            self._words.append(tuple((bits, level) for bits, level in levels if bits))
        self._overlays: list[tuple[Overlay, list[tuple[int, float]]]] = []
        for overlay in plan.overlays:
            terms = overlay_terms(overlay.words)
            if all(term in numbers for term in terms):
                whole = sum(scale.terms[term] for term in terms) or 1.0
                bits = [(1 << numbers[term], overlay.weight * scale.terms[term] / whole) for term in terms]
                self._overlays.append((overlay, bits))

        #: mask → coverage: the pages of a question have few different masks
        self._known: dict[int, float] = {}
        self._alone = single
        self._together = 0
        for term in together(plan):
            self._together |= _bit(numbers, term)

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

    def at_most(self) -> list[float]:
        """Return the most that each term of the plan can add: no page covers more than the sum of them over its terms.

        A database adds them up to leave out early what cannot cover enough.
        """
        most = [0.0] * len(self._numbers)
        for word, levels in enumerate(self._words):
            highest: dict[int, float] = {}
            for bits, level in levels:
                while bits:
                    bit = bits & -bits
                    highest[bit] = max(level, highest.get(bit, 0.0))
                    bits ^= bit
            for overlay, terms in self._overlays:
                if overlay.start <= word < overlay.end:
                    for bit in {bit for bit, _share in terms}:
                        # a term that stands in it twice counts twice
                        share = sum(share for other, share in terms if other == bit)
                        highest[bit] = max(share, highest.get(bit, 0.0))
            for bit, value in highest.items():
                most[bit.bit_length() - 1] += value * self._shares[word]
        return most

    def _work_out(self, mask: int) -> float:
        found = [next((level for bits, level in levels if mask & bits), 0.0) for levels in self._words]
        for overlay, terms in self._overlays:
            covered = 0.0
            for bit, share in terms:
                if mask & bit:
                    covered += share
            if covered:
                for word in range(overlay.start, overlay.end):
                    if covered > found[word]:
                        found[word] = covered
        return sum(level * share for level, share in zip(found, self._shares, strict=True))


def _bit(numbers: Mapping[str, int], term: str) -> int:
    number = numbers.get(term)
    return 0 if number is None else 1 << number
