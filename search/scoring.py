"""The best of what an engine has found, scored from their words: the same for every engine. Pure arithmetic.

BM25 over weighted sections (BM25F; Robertson and Zaragoza 2009), neighbours and other ways of saying counting as terms of their
own. The numbers were chosen on the questions of tests/search/quality among 20,000 texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.vietnamese import Token
from search.analysis import EXACT, PAIR
from search.ranking import TITLE_BONUS, Coverage, Scale
from search.understanding.plan import Plan, overlay_terms

#: How much a second way of saying the same thing adds, in the same page.
SAID_TWICE = 0.8
#: Terms as they count in BM25F: with the very marks, without; neighbours, neighbours with their very marks.
EXACT_TERM, FOLDED_TERM, PAIR_TERM, EXACT_PAIR = 1.0, 0.35, 1.0, 0.4
#: What a word counts by its place: title, lead, body, files; and the usual words of each, for judging length.
SECTION_WEIGHTS = (12.0, 4.0, 1.0, 0.5)
SECTION_LENGTHS = (7.0, 22.0, 150.0, 1_000.0)
LENGTH_MATTERS = (0.6, 0.6, 0.85, 0.85)
K1 = 1.5


class Scorer:
    """Scores pages from their words, as ``search.analysis.section_lines`` keeps them."""

    def __init__(self, plan: Plan, scale: Scale) -> None:
        self._plan = plan
        self._coverage = Coverage(plan, scale)
        self._scale = scale
        self._numbers = plan.numbers

        def bit(term: str) -> int:
            return 1 << self._numbers[term] if term in self._numbers else 0

        self._looked_up = [_LookedUp.of(term, 1 << number, plan) for term, number in self._numbers.items()]
        self._pairs = [(pair, bit(plan.pair_term(pair))) for pair in plan.pairs]
        self._overlays = [
            (overlay, sum({bit(term) for term in overlay_terms(overlay.words)})) for overlay in plan.overlays
        ]

    def __call__(self, folded: str, exact: str) -> float:
        """Return the score of a page; 0 where it is no result."""
        plan, page = self._plan, _Page(folded, exact)
        everywhere, in_title = page.masks(self._looked_up)
        if not self._coverage.convinces(everywhere, in_title):
            return 0.0
        page.absent = frozenset(
            term for term, number in self._numbers.items() if not everywhere >> number & 1
        )
        marks = [self._word(page, word) for word in plan.words]
        neighbours = [
            self._pair(page, plan.words[a], plan.words[b]) if everywhere & bit else 0.0
            for (a, b), bit in self._pairs
        ]
        total = sum(marks) + sum(neighbours)
        gains: list[tuple[float, int, int]] = []
        for overlay, bits in self._overlays:
            if not everywhere & bits:
                continue
            other = overlay.weight * self._phrase(page, overlay.words)
            if not other:
                continue
            typed = sum(marks[overlay.start : overlay.end]) + sum(
                score
                for (a, b), score in zip(plan.pairs, neighbours, strict=True)
                if a >= overlay.start and b < overlay.end
            )
            gains.append(
                (max(other - typed, 0.0) + SAID_TWICE * min(other, typed), overlay.start, overlay.end)
            )
        taken: set[int] = set()
        for gain, start, end in sorted(gains, reverse=True):
            places = set(range(start, end))
            if not places & taken:
                total += gain
                taken |= places
        if not total:
            return 0.0
        return total * (0.25 + self._coverage(everywhere)) * (1 + TITLE_BONUS * self._coverage(in_title))

    def _rarity(self, term: str) -> float:
        return self._scale.terms.get(term, 0.0)

    def _word(self, page: _Page, word: Token) -> float:
        folded = 0.0 if word.folded in page.absent else page.weight(word.folded, exact=False)
        if not folded:
            return self._rarity(PAIR + word.folded) * page.glued(word.folded, self._numbers)
        if word.exact == word.folded:
            return self._rarity(word.folded) * folded
        score = FOLDED_TERM * self._rarity(word.folded) * folded
        very = 0.0 if EXACT + word.exact in page.absent else page.weight(word.exact, exact=True)
        return score + EXACT_TERM * self._rarity(EXACT + word.exact) * very if very else score * 0.6

    def _pair(self, page: _Page, left: Token, right: Token) -> float:
        term = PAIR + left.folded + right.folded
        found = 0.0 if term in page.absent else page.weight(f"{left.folded} {right.folded}", exact=False)
        if not found:
            return 0.0
        rare = self._rarity(term)
        score = PAIR_TERM * rare * found
        if left.exact != left.folded or right.exact != right.folded:
            score += EXACT_PAIR * rare * page.weight(f"{left.exact} {right.exact}", exact=True)
        return score

    def _phrase(self, page: _Page, words: Sequence[Token]) -> float:
        if len(words) == 1:
            return self._word(page, words[0]) if words[0].folded in page.folded else 0.0
        score = sum(self._pair(page, a, b) for a, b in pairwise(words))
        if not score:
            return 0.0
        whole = page.weight(" ".join(word.folded for word in words), exact=False)
        singles = sum(self._rarity(PAIR + a.folded + b.folded) for a, b in pairwise(words))
        return score + 0.5 * singles * whole


class _Page:
    """The words of a page, section by section."""

    def __init__(self, folded: str, exact: str) -> None:
        self.folded, self.exact = folded, exact
        lines, very = folded.split("\n"), exact.split("\n")
        self._title, self._exact_title = lines[0], very[0]
        #: (what one occurrence counts, the words) of each section that has any; a word has about five letters with its blank
        self._folded: list[tuple[float, str]] = []
        self._exact: list[tuple[float, str]] = []
        for line, same, weight, usual, matters in zip(
            lines, very, SECTION_WEIGHTS, SECTION_LENGTHS, LENGTH_MATTERS, strict=False
        ):
            if len(line) > len("  "):
                factor = weight / (1 - matters + matters * (len(line) / 5.0) / usual)
                self._folded.append((factor, line))
                self._exact.append((factor, same))
        self._seen: dict[tuple[str, bool], float] = {}
        #: terms of the plan that are known to stand nowhere in the page
        self.absent: frozenset[str] = frozenset()

    def weight(self, phrase: str, *, exact: bool) -> float:
        """Return how much a word or a phrase stands in the page, 0 to K1 + 1, more of it counting less and less."""
        key = (phrase, exact)
        known = self._seen.get(key)
        if known is not None:
            return known
        asked = f" {phrase} "
        frequency = 0.0
        for factor, line in self._exact if exact else self._folded:
            if found := line.count(asked):
                frequency += factor * found
        self._seen[key] = weight = frequency * (K1 + 1) / (frequency + K1)
        return weight

    def glued(self, word: str, numbers: Mapping[str, int]) -> float:
        """Return the same for a word that was typed without its blank."""
        if PAIR + word not in numbers:
            return 0.0
        return max((self.weight(way, exact=False) for way in _ways(word)), default=0.0)

    def masks(self, looked_up: Sequence[_LookedUp]) -> tuple[int, int]:
        """Return which of a plan's terms stand in the page, and in its title."""
        everywhere = in_title = 0
        folded, exact, title, exact_title = self.folded, self.exact, self._title, self._exact_title
        for bit, is_exact, ways in looked_up:
            for bare, asked in ways:
                text = exact if is_exact else folded
                # most stand nowhere, and what ends with a letter is looked for faster than what ends with a blank
                if bare in text and asked in text:
                    everywhere |= bit
                    if asked in (exact_title if is_exact else title):
                        in_title |= bit
                    break
        return everywhere, in_title


class _LookedUp(NamedTuple):
    """A term of a plan as it stands in a line of words in one of some ways, without and with the blanks around it."""

    bit: int
    is_exact: bool
    ways: list[tuple[str, str]]

    @classmethod
    def of(cls, term: str, bit: int, plan: Plan) -> _LookedUp:
        is_exact = term.startswith(EXACT)
        if not term.startswith(PAIR):
            said = [term.removeprefix(EXACT)]
        else:
            # a word typed without its blank can stand anywhere in it
            said = [plan.spaced[term]] if term in plan.spaced else _ways(term.removeprefix(PAIR))
        return cls(bit, is_exact, [(way, f" {way} ") for way in said])


def _ways(word: str) -> list[str]:
    return [f"{word[:i]} {word[i:]}" for i in range(1, len(word))]
