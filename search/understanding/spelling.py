"""Mending slips: a word that stands nowhere, or with neighbours that never stand together, is read as a near one that does.

A noisy channel over folded words (Kernighan, Church and Gale 1990): the cost of a slip of the finger or the ear against how
often neighbours stand side by side in what everybody may read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, product

from search.analysis import PAIR
from search.understanding.syllables import is_folded_syllable

#: Costs in nats: the more a slip costs, the more its neighbours must speak for it.
UNKNOWN_WORD, UNKNOWN_PAIR = 9.0, 8.0
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


def mend(
    words: Sequence[str],
    *,
    known: frozenset[str],
    likely: frozenset[str],
    documents: Callable[[str], int],
    pairs: Callable[[Iterable[str]], dict[str, int]],
    fixed: Collection[int] = (),
    margin: float = MARGIN,
) -> list[str] | None:
    """Return the words with their slips mended, None where they are best left alone.

    Args:
        words: folded words in a row.
        known: the words that stand somewhere.
        likely: those of them that may have been meant instead.
        documents: pages that hold a word.
        pairs: pair terms → pages that hold them.
        fixed: places that are certain (a phrase of the lexicon).
        margin: by how much a reading must be better than the typed one, for each word that it changes.
    """
    if not words:
        return None
    typed_pairs = pairs(PAIR + a + b for a, b in pairwise(words))
    doubtful = set()
    for place, word in enumerate(words):
        if place in fixed or len(word) < 2 or not word.isalpha():
            continue
        around = [words[i : i + 2] for i in (place - 1, place) if 0 <= i < len(words) - 1]
        attested = any(typed_pairs.get(PAIR + a + b, 0) for a, b in around)
        if word not in known or (around and not attested):
            doubtful.add(place)
    if not doubtful:
        return None
    options = [
        candidates(word, likely) if place in doubtful else {word: 0.0} for place, word in enumerate(words)
    ]
    for place, word in enumerate(words):
        options[place].setdefault(word, 0.0)
    counts = dict(typed_pairs)
    counts.update(pairs(PAIR + a + b for left, right in pairwise(options) for a, b in product(left, right)))
    best = _cheapest(options, documents, counts, known)
    changed = [a for a, b in zip(words, best[1], strict=True) if a != b]
    # a word that stands in pages was hardly meant otherwise; several of them were not
    sound = [word for word in changed if word in known]
    if not changed or len(sound) > max(1, len(words) // 4):
        return None
    typed_cost = _cost(list(words), [0.0] * len(words), documents, counts, known)
    return best[1] if best[0] + margin * len(changed) + SOUND * len(sound) <= typed_cost else None


def _step(
    left: str | None,
    right: str,
    documents: Callable[[str], int],
    counts: dict[str, int],
    known: frozenset[str],
) -> float:
    alone = 0.0 if right in known else UNKNOWN_WORD
    if left is None:
        return alone
    together = counts.get(PAIR + left + right, 0)
    if not together:
        return alone + UNKNOWN_PAIR
    return min(UNKNOWN_PAIR - 0.5, math.log((documents(left) + 2) / together) * 0.5)


def _cost(
    words: list[str],
    slips: list[float],
    documents: Callable[[str], int],
    counts: dict[str, int],
    known: frozenset[str],
) -> float:
    lefts: list[str | None] = [None, *words[:-1]]
    return sum(
        cost + _step(left, word, documents, counts, known)
        for left, word, cost in zip(lefts, words, slips, strict=True)
    )


def _cheapest(
    options: Sequence[dict[str, float]],
    documents: Callable[[str], int],
    counts: dict[str, int],
    known: frozenset[str],
) -> tuple[float, list[str]]:
    """Return (cost, words) of the best path (Viterbi 1967)."""
    paths: dict[str, tuple[float, list[str]]] = {
        word: (cost + _step(None, word, documents, counts, known), [word])
        for word, cost in options[0].items()
    }
    for choices in options[1:]:
        paths = {
            word: min(
                (
                    (before + cost + _step(left, word, documents, counts, known), [*path, word])
                    for left, (before, path) in paths.items()
                ),
                key=lambda row: row[0],
            )
            for word, cost in choices.items()
        }
    return min(paths.values(), key=lambda row: row[0])


def parted(
    word: str,
    *,
    known: frozenset[str],
    documents: Callable[[str], int],
    pairs: Callable[[Iterable[str]], dict[str, int]],
    before: str = "",
    after: str = "",
) -> list[str] | None:
    """Return the syllables of folded words that were typed without blanks ("dichvucong"), None where there are none.

    Of several ways ("bán hàng", "bánh ang") the one with the fewest pieces, the commonest words and the likeliest neighbours.

    Args:
        word: folded.
        known: the words that stand somewhere.
        documents: pages that hold a word.
        pairs: pair terms → pages that hold them.
        before, after: the folded words beside it, empty where there are none.
    """
    if not 4 <= len(word) <= 40 or not word.isalpha() or is_folded_syllable(word):
        return None
    ways = _ways(word, known)
    if not ways:
        return None
    chains = [[w for w in (before, *way, after) if w] for way in ways]
    counts = pairs(PAIR + a + b for chain in chains for a, b in pairwise(chain))

    def likely(number: int) -> tuple[int, float]:
        together = [counts.get(PAIR + a + b, 0) for a, b in pairwise(chains[number])]
        alone = sum(math.log1p(documents(piece)) for piece in ways[number]) / len(ways[number])
        return -len(ways[number]), alone + sum(math.log1p(count) + (count > 0) for count in together)

    best = ways[max(range(len(ways)), key=likely)]
    # one word with a slip in it is likelier than words that never stand together
    sure = all(counts.get(PAIR + a + b) for a, b in pairwise(best))
    return best if sure or not candidates(word, known) else None


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
