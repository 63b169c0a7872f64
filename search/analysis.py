r"""From text to the terms that stand in an index, and from a question to the terms that are looked up. Pure functions.

Three kinds of terms stand side by side, told apart by a first character of the private use area:

* the folded word (``dich``), so that a reader who types no marks finds the page;
* the exact word (``\ue000dich5``), so that a page with the very marks ranks above one with others;
* the folded pair (``\ue001dichvu``): Vietnamese words are several syllables, and a pair is far rarer than its syllables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core import vietnamese
from core.vietnamese import Token

EXACT = "\ue000"
PAIR = "\ue001"
#: Longer texts are indexed up to here: a tsvector of PostgreSQL holds at most 1 MB.
MAX_WORDS = 20_000
#: Words of a question that are looked up. Each takes up to four bits of a 63-bit mask.
MAX_QUERY_WORDS = 14
#: Characters of a question that are read at all.
MAX_QUERY_LENGTH = 1_000


def index_terms(text: str) -> Iterator[str]:
    """Yield the index terms of ``text`` (folded, exact where it differs, pairs), in the order of the words."""
    before: Token | None = None
    for token in vietnamese.tokens(text)[:MAX_WORDS]:
        yield token.folded
        if token.exact != token.folded:
            yield EXACT + token.exact
        if before is not None:
            yield PAIR + before.folded + token.folded
        before = token


def prefix_terms(text: str) -> Iterator[str]:
    """Yield the folded words of ``text``: what completion of words looks into."""
    for token in vietnamese.tokens(text)[:MAX_WORDS]:
        yield token.folded


@dataclass(frozen=True)
class Question:
    """The words of a query that are looked up, and which of them stood side by side.

    Attributes:
        words: different words, in order.
        pairs: (i, i + 1) of ``words`` that were neighbours in the query.
    """

    words: tuple[Token, ...]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> Question:
        """Read a query as typed; anything may stand in it.

        Words without a meaning of their own are left out when marks show that they are meant (an unmarked "cho" may be
        "chợ") and other words remain.
        """
        tokens = vietnamese.tokens(text[:MAX_QUERY_LENGTH])
        marked = any(token.exact != token.folded for token in tokens)
        words: list[Token] = []
        places: list[int] = []
        for place, token in enumerate(tokens):
            if token in words or (marked and token.exact in _STOP_TOKENS):
                continue
            words.append(token)
            places.append(place)
        if not words:
            words, places = list(dict.fromkeys(tokens)), list(range(len(tokens)))
        words, places = words[:MAX_QUERY_WORDS], places[:MAX_QUERY_WORDS]
        pairs = tuple((i, i + 1) for i in range(len(words) - 1) if places[i + 1] == places[i] + 1)
        return cls(tuple(words), pairs)

    def __bool__(self) -> bool:
        """Whether there is anything to look up."""
        return bool(self.words)

    @cached_property
    def terms(self) -> list[str]:
        """The terms to look up. Their numbers are the bits of a mask; see ``folded``, ``exact``, ``glued`` and ``pair``."""
        return list(self._numbers)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for word in self.words:
            for term in (
                word.folded,
                *([EXACT + word.exact] if word.exact != word.folded else []),
                PAIR + word.folded,
            ):
                numbers.setdefault(term, len(numbers))
        for left, right in self.pairs:
            numbers.setdefault(PAIR + self.words[left].folded + self.words[right].folded, len(numbers))
        return numbers

    def folded(self, word: int) -> int:
        """Return the number of the folded term of a word."""
        return self._numbers[self.words[word].folded]

    def exact(self, word: int) -> int | None:
        """Return the number of the exact term of a word, None where the word has no marks."""
        return self._numbers.get(EXACT + self.words[word].exact)

    def glued(self, word: int) -> int:
        """Return the number of the term that finds a word typed without its blank ("dangky")."""
        return self._numbers[PAIR + self.words[word].folded]

    def pair(self, left: int, right: int) -> int:
        """Return the number of the term of two neighbours."""
        return self._numbers[PAIR + self.words[left].folded + self.words[right].folded]


_STOP_TOKENS = frozenset(token.exact for word in vietnamese.STOP_WORDS for token in vietnamese.tokens(word))
