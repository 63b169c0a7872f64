"""How well a page answers a question: pure arithmetic over which terms stand in it. The same for every database.

A mask says which of a question's terms a page holds, one bit each. From the masks of all pages follow how rare each
term is and how much of the question each page covers; pages that cover too little are no results.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis import Question

#: A page must cover this share of the question, and this share of what the best page covers.
FLOOR = 0.45
RELATIVE = 0.5
#: What a word counts that is found: in its pair, with its marks, without marks as typed, with other marks than typed.
IN_PAIR, EXACT_ALONE, FOLDED_ALONE, OTHER_MARKS = 1.0, 0.65, 0.6, 0.25
#: The same for a question of one word, where no neighbour can confirm it.
SINGLE_EXACT, SINGLE_OTHER_MARKS = 1.0, 0.5
#: What a word counts that stands in no page, against the usual word of the question.
UNKNOWN = 0.7
#: How much more a page is worth whose title alone covers the question (a long page is else behind a short one).
TITLE_BONUS = 1.0
#: Terms in more than this share of the pages say nothing about any of them.
COMMON = 0.3


class Group(NamedTuple):
    """The pages that hold the same terms of a question: anywhere, and in their titles (0 where the engine weighs titles).

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


@dataclass(frozen=True)
class Scale:
    """How rare each term of a question is: inverse document frequency by term number, and by word for coverage."""

    term_weights: list[float]
    word_weights: list[float]
    common: frozenset[int]

    @classmethod
    def of(cls, question: Question, groups: Sequence[Group], size: int) -> Scale:
        """Weigh the terms by the number of pages that hold them.

        Args:
            question: the question.
            groups: all pages that hold any of its terms.
            size: number of pages in the index.
        """
        counts = [0] * len(question.terms)
        for group in groups:
            rest = group.mask
            while rest:
                low = rest & -rest
                counts[low.bit_length() - 1] += group.size
                rest ^= low
        size = max(size, *counts, 1)
        weights = [math.log(1 + (size - count + 0.5) / (count + 0.5)) for count in counts]
        known: list[float | None] = []
        for word in range(len(question.words)):
            exact = question.exact(word)
            found = [
                n for n in (exact, question.folded(word), question.glued(word)) if n is not None and counts[n]
            ]
            known.append(weights[found[0]] if found else None)
        # a word that stands nowhere (a slip of the finger, a turn of speech) must not outweigh all that is found
        certain = [weight for weight in known if weight is not None]
        usual = sum(certain) / len(certain) if certain else 1.0
        limit = COMMON * size if size > 50 else size
        return cls(
            weights,
            [max(0.05, UNKNOWN * usual if weight is None else weight) for weight in known],
            frozenset(n for n, count in enumerate(counts) if count > limit),
        )


class Coverage:
    """How much of a question a page with a given mask covers, 0 to 1, rare words counting more."""

    def __init__(self, question: Question, scale: Scale) -> None:
        """Work the bits out once: a question meets thousands of different masks."""
        single = len(question.words) == 1
        total = sum(scale.word_weights) or 1.0
        self._levels: list[tuple[tuple[int, float], ...]] = []
        for word in range(len(question.words)):
            weight = scale.word_weights[word] / total
            paired = 1 << question.glued(word)
            for pair in question.pairs:
                if word in pair:
                    paired |= 1 << question.pair(*pair)
            exact = question.exact(word)
            levels = [(paired, IN_PAIR * weight)]
            if exact is None:
                levels.append(
                    (1 << question.folded(word), (SINGLE_EXACT if single else FOLDED_ALONE) * weight)
                )
            else:
                levels.append((1 << exact, (SINGLE_EXACT if single else EXACT_ALONE) * weight))
                levels.append(
                    (1 << question.folded(word), (SINGLE_OTHER_MARKS if single else OTHER_MARKS) * weight)
                )
            self._levels.append(tuple(levels))

    def __call__(self, mask: int) -> float:
        """Return the coverage of ``mask``."""
        found = 0.0
        for levels in self._levels:
            for bits, share in levels:
                if mask & bits:
                    found += share
                    break
        return found


def mask_score(scale: Scale, group: Group, title_weight: float = 2.0) -> float:
    """Return a first score of a group: the weights of its terms, those of its titles counting more."""
    score = 0.0
    for number, weight in enumerate(scale.term_weights):
        if group.mask >> number & 1:
            score += weight * (1 + title_weight * (group.title_mask >> number & 1))
    return score


def bm25(scale: Scale, frequencies: dict[int, float], length: float, average: float) -> float:
    """Return the BM25 score (k1 = 1.2, b = 0.75; Robertson and Zaragoza 2009) of a page.

    Args:
        scale: weights of the terms.
        frequencies: term number → weighted frequency in the page.
        length: words of the page.
        average: usual words of a page.
    """
    norm = 1.2 * (0.25 + 0.75 * length / max(average, 1.0))
    return sum(scale.term_weights[n] * f * 2.2 / (f + norm) for n, f in frequencies.items())
