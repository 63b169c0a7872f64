"""How well a page answers a question: pure arithmetic over which terms stand in it. The same for every database.

A posting says which of a question's terms a page holds, as a bit mask. From the postings of all pages follow how rare each
term is and how much of the question each page covers; pages that cover too little are no results.
"""

from __future__ import annotations

import math
from collections import Counter
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
#: Terms in more than this share of the pages say nothing about any of them.
COMMON = 0.3


class Posting(NamedTuple):
    """Which terms of a question stand in a page: anywhere, and in its title."""

    object_id: str
    mask: int
    title_mask: int = 0


@dataclass(frozen=True)
class Scale:
    """How rare each term of a question is: inverse document frequency by term number, and by word for coverage."""

    term_weights: list[float]
    word_weights: list[float]
    common: frozenset[int]

    @classmethod
    def of(cls, question: Question, postings: Sequence[Posting], size: int) -> Scale:
        """Weigh the terms by the number of pages that hold them.

        Args:
            question: the question.
            postings: of all pages that hold any of its terms.
            size: number of pages in the index.
        """
        counts = [0] * len(question.terms)
        for mask, number in Counter(posting.mask for posting in postings).items():
            rest = mask
            while rest:
                low = rest & -rest
                counts[low.bit_length() - 1] += number
                rest ^= low
        size = max(size, len(postings), 1)
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


def coverage(question: Question, scale: Scale, mask: int) -> float:
    """Return how much of the question a page with ``mask`` covers, 0 to 1, rare words counting more."""
    size = len(question.words)
    paired = set()
    for left, right in question.pairs:
        if mask >> question.pair(left, right) & 1:
            paired.update((left, right))
    total = found = 0.0
    for word in range(size):
        weight = scale.word_weights[word]
        total += weight
        exact = question.exact(word)
        if word in paired or mask >> question.glued(word) & 1:
            share = IN_PAIR
        elif exact is not None and mask >> exact & 1:
            share = SINGLE_EXACT if size == 1 else EXACT_ALONE
        elif mask >> question.folded(word) & 1:
            if exact is None:
                share = SINGLE_EXACT if size == 1 else FOLDED_ALONE
            else:
                share = SINGLE_OTHER_MARKS if size == 1 else OTHER_MARKS
        else:
            share = 0.0
        found += weight * share
    return found / total if total else 0.0


def covering(question: Question, scale: Scale, postings: Sequence[Posting]) -> dict[str, float]:
    """Return object id → coverage of the pages that cover enough of the question to be results."""
    by_mask: dict[int, float] = {}
    for posting in postings:
        if posting.mask not in by_mask:
            by_mask[posting.mask] = coverage(question, scale, posting.mask)
    least = max(FLOOR, RELATIVE * max(by_mask.values(), default=0.0))
    return {p.object_id: by_mask[p.mask] for p in postings if by_mask[p.mask] >= least}


def mask_score(scale: Scale, posting: Posting, title_weight: float = 2.0) -> float:
    """Return a first score of a page: the weights of its terms, those of its title counting more."""
    score = 0.0
    for number, weight in enumerate(scale.term_weights):
        if posting.mask >> number & 1:
            score += weight * (1 + title_weight * (posting.title_mask >> number & 1))
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
