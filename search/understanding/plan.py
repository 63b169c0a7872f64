"""What is looked up for a question: its words, their neighbours, and other ways of saying parts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from core.vietnamese import Token
from search.analysis import EXACT, PAIR
from search.understanding.syllables import is_folded_syllable

#: Terms of a plan: a mask of them must fit into a signed integer of 64 bits.
MAX_TERMS = 62


@dataclass(frozen=True, slots=True)
class Overlay:
    """The words ``start`` to ``end`` (excluded) of a plan said in other words.

    Attributes:
        words: the other words, expected in a row.
        weight: what a page counts that says it so, against one that says it as asked.
    """

    start: int
    end: int
    words: tuple[Token, ...]
    weight: float


@dataclass(frozen=True)
class Plan:
    """A question as it is looked up.

    Attributes:
        words: different words, in order, as they are read (decoded, mended, parted).
        pairs: numbers of ``words`` that are neighbours in the question, in its order.
        overlays: other ways of saying parts of it.
        read_as: the question as it was read where that is not what was typed, for people; else empty.
        doubted: whether ``read_as`` rests on a guess (a slip mended), not on a rule (Telex decoded).
    """

    words: tuple[Token, ...]
    pairs: tuple[tuple[int, int], ...] = ()
    overlays: tuple[Overlay, ...] = ()
    read_as: str = field(default="", compare=False)
    doubted: bool = field(default=False, compare=False)

    def __bool__(self) -> bool:
        """Whether there is anything to look up."""
        return bool(self.words)

    @cached_property
    def terms(self) -> list[str]:
        """The terms to look up. Their numbers are the bits of a mask."""
        return list(self.numbers)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Term → its number. Terms beyond MAX_TERMS are left out, those of the least overlays first."""
        numbers: dict[str, int] = {}
        for word in self.words:
            for term in word_terms(word):
                numbers.setdefault(term, len(numbers))
        for pair in self.pairs:
            numbers.setdefault(self.pair_term(pair), len(numbers))
        for overlay in sorted(self.overlays, key=lambda overlay: -overlay.weight):
            terms = overlay_terms(overlay.words)
            if len(numbers) + len(terms) <= MAX_TERMS:
                for term in terms:
                    numbers.setdefault(term, len(numbers))
        return dict(list(numbers.items())[:MAX_TERMS])

    @cached_property
    def spaced(self) -> dict[str, str]:
        """Term of two neighbours → the two words with a blank between, as they stand in a line of words."""
        found = {
            self.pair_term(pair): f"{self.words[pair[0]].folded} {self.words[pair[1]].folded}"
            for pair in self.pairs
        }
        for overlay in self.overlays:
            for left, right in pairwise(overlay.words):
                found[PAIR + left.folded + right.folded] = f"{left.folded} {right.folded}"
        return found

    def pair_term(self, pair: tuple[int, int]) -> str:
        """Return the term of two neighbours."""
        return PAIR + self.words[pair[0]].folded + self.words[pair[1]].folded


def word_terms(word: Token) -> list[str]:
    """Return the terms that find a word: without marks, with its marks, and typed without its blank ("dangky")."""
    terms = [word.folded]
    if word.exact != word.folded:
        terms.append(EXACT + word.exact)
    if len(word.folded) > 3 and not is_folded_syllable(word.folded):
        terms.append(PAIR + word.folded)
    return terms


def overlay_terms(words: Sequence[Token]) -> list[str]:
    """Return the terms that find other words: the word itself where it is one, else its pairs."""
    if len(words) == 1:
        return [EXACT + words[0].exact if words[0].exact != words[0].folded else words[0].folded]
    return [PAIR + left.folded + right.folded for left, right in pairwise(words)]


def together(plan: Plan) -> list[str]:
    """Return the terms of which one shows that a page means the question: two of its words together, or other words for some."""
    found = (
        *(plan.pair_term(pair) for pair in plan.pairs),
        *(term for overlay in plan.overlays for term in overlay_terms(overlay.words)),
    )
    return [term for term in dict.fromkeys(found) if term in plan.numbers]
