"""Mending slips: a word that stands nowhere, or with neighbours that never stand together, is read as a near one that does.

A noisy channel over folded words (Kernighan, Church and Gale 1990): the cost of a slip of the finger or the ear against how
often neighbours stand side by side in what everybody may read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from search.analysis import PAIR
from search.understanding.syllables import is_folded_syllable

#: Costs in nats: the more a slip costs, the more its neighbours must speak for it.
UNKNOWN_WORD, UNKNOWN_PAIR = 9.0, 8.0
#: What a rare word costs more than a common one, by the logarithm of how rare it is; a blank that was
#: left out; each letter more than a syllable can have.
COMMONNESS, BLANK, TOO_LONG = 0.6, 2.0, 1.5
NEAR_KEY, OTHER_KEY, MISSING, DOUBLED, SWAPPED, BY_EAR = 3.2, 5.0, 3.2, 2.4, 2.8, 2.6
#: A reading must be so much better than the typed one, for each word that it changes; so much to be offered.
MARGIN, EAGER = 2.5, 0.5
#: The same once more for a word that stands in pages.
SOUND = 0.7
MAX_CANDIDATES = 14
_MAX_LENGTH = 14

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {char: (x + 0.5 * y, y) for y, row in enumerate(_ROWS) for x, char in enumerate(row)}
#: Beginnings and ends that sound alike somewhere in the country.
_ALIKE_ONSETS = tuple(
    pair.split("/")
    for pair in "s/x ch/tr d/gi d/v d/r gi/r gi/v l/n qu/w hu/qu ng/ngh g/gh c/k ph/f d/z gi/z gi/j".split()  # noqa: SIM905
)
_ALIKE_ENDS = tuple(
    pair.split("/")
    for pair in "n/ng n/nh c/t c/ch i/y ai/ay ui/uoi im/iem ip/iep iu/ieu iu/uu uu/uou om/am op/ap oi/ui".split()  # noqa: SIM905
)


def near(left: str, right: str) -> bool:
    """Whether two letters lie side by side on a phone's keyboard."""
    a, b = _KEYS.get(left), _KEYS.get(right)
    return a is not None and b is not None and abs(a[0] - b[0]) <= 1.01 and abs(a[1] - b[1]) <= 1


def by_ear(word: str) -> set[str]:
    """Return the spellings that sound like ``word`` to some."""
    found: set[str] = set()
    for left, right in (*_ALIKE_ONSETS, *((b, a) for a, b in _ALIKE_ONSETS)):
        if word.startswith(left) and len(word) > len(left):
            found.add(right + word[len(left) :])
    for left, right in (*_ALIKE_ENDS, *((b, a) for a, b in _ALIKE_ENDS)):
        if word.endswith(left) and len(word) > len(left):
            found.add(word[: -len(left)] + right)
    found.discard(word)
    return {other for other in found if is_folded_syllable(other)}


def slip(typed: str, meant: str) -> float | None:
    """Return the cost of typing ``typed`` for ``meant``: one slip or none, None where it takes more."""
    if typed == meant:
        return 0.0
    if len(typed) == len(meant):
        wrong = [i for i, (a, b) in enumerate(zip(typed, meant, strict=True)) if a != b]
        if len(wrong) == 1:
            return NEAR_KEY if near(typed[wrong[0]], meant[wrong[0]]) else OTHER_KEY
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and typed[wrong[0]] == meant[wrong[1]]:
            return SWAPPED if typed[wrong[1]] == meant[wrong[0]] else None
        return None
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    if len(longer) - len(shorter) != 1:
        return None
    for i in range(len(longer)):
        if longer[:i] + longer[i + 1 :] == shorter:
            if len(typed) < len(meant):
                return MISSING
            return DOUBLED if i > 0 and longer[i] == longer[i - 1] else MISSING
    return None


@lru_cache(maxsize=4)
def _by_deletion(words: frozenset[str]) -> dict[str, list[str]]:
    """Return what is left of each word when a letter is left out → those words (Garbe's symmetric deletion)."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if 2 <= len(word) <= _MAX_LENGTH and word.isalpha():
            found[word].append(word)
            for i in range(len(word)):
                found[word[:i] + word[i + 1 :]].append(word)
    return dict(found)


def candidates(word: str, known: frozenset[str]) -> dict[str, float]:
    """Return known word → cost of the slip, the cheapest first, ``word`` itself among them where it is known."""
    table = _by_deletion(known)
    near_words: set[str] = set(table.get(word, ()))
    for i in range(len(word)):
        near_words.update(table.get(word[:i] + word[i + 1 :], ()))
    found: dict[str, float] = {}
    for other in near_words:
        cost = slip(word, other)
        if cost is not None:
            found[other] = cost
    for other in by_ear(word) & known:
        found[other] = min(found.get(other, BY_EAR), BY_EAR)
    ordered = sorted(found.items(), key=lambda row: (row[1], not is_folded_syllable(row[0]), row[0]))
    return dict(ordered[:MAX_CANDIDATES])


@dataclass(frozen=True)
class Language:
    """What mending knows of the language of the pages.

    Attributes:
        size: number of pages.
        documents: pages that hold a word, 0 where none does.
        likely: the words that may have been meant instead of others.
        pairs: pair terms → pages that hold them.
    """

    size: int
    documents: Callable[[str], int]
    likely: frozenset[str]
    pairs: Callable[[Iterable[str]], dict[str, int]]

    def alone(self, word: str) -> float:
        """Return the cost of a word: nothing for the commonest, much for one that stands nowhere."""
        found = self.documents(word)
        if not found:
            # no syllable is longer than seven letters: the longer, the less likely one word
            return UNKNOWN_WORD + TOO_LONG * max(0, len(word) - 7)
        return min(UNKNOWN_WORD, COMMONNESS * math.log((self.size + 1) / found))


#: A word as it was typed, or what it may mean: one word, or several that were typed without a blank.
Meant = tuple[str, ...]


def mend(
    words: Sequence[str], language: Language, *, fixed: Collection[int] = (), margin: float = MARGIN
) -> list[Meant] | None:
    """Return what each word means, slips mended and glued words parted; None where they are best left alone.

    Args:
        words: folded words in a row.
        language: what speaks for one reading or another.
        fixed: places that are certain (a phrase of the lexicon).
        margin: by how much a reading must be better than the typed one, for each word that it changes.
    """
    counts = language.pairs(PAIR + a + b for a, b in pairwise(words))
    doubtful = _doubtful(words, counts, language, fixed)
    if not doubtful:
        return None
    options: list[dict[Meant, float]] = []
    for place, word in enumerate(words):
        choices: dict[Meant, float] = {(word,): 0.0}
        if place in doubtful:
            choices |= {(other,): cost for other, cost in candidates(word, language.likely).items()}
            choices |= {way: BLANK * (len(way) - 1) for way in parted(word, language)}
        options.append(choices)
    inside = (PAIR + a + b for choices in options for way in choices for a, b in pairwise(way))
    across = (
        PAIR + left[-1] + right[0] for one, other in pairwise(options) for left, right in product(one, other)
    )
    counts |= language.pairs([*inside, *across])
    cost, best = _cheapest(options, counts, language)
    changed = [word for word, meant in zip(words, best, strict=True) if meant != (word,)]
    # a word that stands in pages was hardly meant otherwise; several of them were not
    sound = [word for word in changed if word in language.likely]
    if not changed or len(sound) > max(1, len(words) // 4):
        return None
    typed, _path = _cheapest([{(word,): 0.0} for word in words], counts, language)
    return best if cost + margin * len(changed) + SOUND * len(sound) <= typed else None


def _doubtful(
    words: Sequence[str], counts: dict[str, int], language: Language, fixed: Collection[int]
) -> set[int]:
    """Return the places of words that stand in no page, or never beside their neighbours."""
    least = 1 + language.size // 5_000
    found = set()
    for place, word in enumerate(words):
        if place in fixed or len(word) < 2 or not word.isalpha():
            continue
        around = [words[i : i + 2] for i in (place - 1, place) if 0 <= i < len(words) - 1]
        attested = any(counts.get(PAIR + a + b, 0) >= least for a, b in around)
        if word not in language.likely or (around and not attested):
            found.add(place)
    return found


def _step(left: str | None, right: str, counts: dict[str, int], language: Language) -> float:
    """Return the cost of a word after another."""
    alone = language.alone(right)
    if left is None:
        return alone
    together = counts.get(PAIR + left + right, 0)
    if not together:
        return alone + UNKNOWN_PAIR
    beside = 0.5 * math.log((language.documents(left) + 2) / together)
    return alone + min(UNKNOWN_PAIR - 0.5, max(beside, 0.0))


def _cheapest(
    options: Sequence[dict[Meant, float]], counts: dict[str, int], language: Language
) -> tuple[float, list[Meant]]:
    """Return (cost, what each word means) of the best path (Viterbi 1967)."""

    def own(way: Meant) -> float:
        return sum(_step(a, b, counts, language) for a, b in pairwise(way))

    paths = {
        way: (cost + _step(None, way[0], counts, language) + own(way), [way])
        for way, cost in options[0].items()
    }
    for choices in options[1:]:
        paths = {
            way: min(
                (
                    (before + cost + _step(left[-1], way[0], counts, language) + own(way), [*path, way])
                    for left, (before, path) in paths.items()
                ),
                key=lambda row: row[0],
            )
            for way, cost in choices.items()
        }
    return min(paths.values(), key=lambda row: row[0])


def parted(word: str, language: Language) -> list[Meant]:
    """Return the likeliest ways to read a folded word as several that were typed without blanks ("dichvucong")."""
    if not 4 <= len(word) <= 40 or not word.isalpha() or is_folded_syllable(word):
        return []
    ways = [tuple(way) for way in _ways(word, language.likely)]
    return sorted(ways, key=lambda way: (len(way), sum(map(language.alone, way))))[:MAX_CANDIDATES]


def _ways(word: str, known: frozenset[str], most: int = 40) -> list[list[str]]:
    found: list[list[str]] = []

    def walk(at: int, path: list[str]) -> None:
        if len(found) >= most or len(path) > 9:
            return
        if at == len(word):
            if len(path) > 1:
                found.append(path)
            return
        for end in range(min(len(word), at + 7), at + 1, -1):
            piece = word[at:end]
            if piece in known and is_folded_syllable(piece):
                walk(end, [*path, piece])

    walk(0, [])
    return found
