"""Other ways of saying a thing: abbreviations, everyday words for official ones, spellings by ear. Data, not code.

What the project ships stands in ``search/data``; an office's own entries are rows that its staff edit. Both have the same
meaning: a question that holds a phrase is also read with another in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from wagtail.models import Site

from core import vietnamese
from core.vietnamese import Token
from search.models.lexicon import lexicon_entries, switched_off
from search.shipped import shipped_entries, stop_phrases

Source = Literal["abbreviation", "thesaurus", "dialect"]
#: What a page counts that says it in the other words, against one that says it as asked.
WEIGHTS: dict[Source, float] = {"abbreviation": 1.0, "thesaurus": 0.9, "dialect": 0.95}
#: An abbreviation found for the words it stands for; an abbreviation that may well be another word.
SHORTENED, DOUBTFUL = 0.8, 0.6
#: A question is read with so many other phrases at most.
MAX_MATCHES = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """Read ``said`` also as ``means``. Both are phrases; ``weight`` as in WEIGHTS."""

    said: str
    means: str
    source: Source
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """The words ``start`` to ``end`` (excluded) of a question, which can also be said as ``words``."""

    start: int
    end: int
    words: tuple[Token, ...]
    source: Source
    weight: float


def compatible(typed: Token, meant: Token) -> bool:
    """Whether ``typed`` can be ``meant`` with some or all of its marks left out."""
    if typed.folded != meant.folded:
        return False
    if typed.exact in (typed.folded, meant.exact):
        return True
    return not _marks(typed) - _marks(meant)


def _marks(token: Token) -> set[str]:
    return {char for char in token.exact if char.isdigit()}


@dataclass(frozen=True)
class Lexicon:
    """Entries ready for look-up: by the first two folded words of what is said ("" for the second of a single word)."""

    _phrases: dict[tuple[str, str], list[tuple[tuple[Token, ...], tuple[Token, ...], Entry]]]
    _empty: dict[str, list[tuple[Token, ...]]] = field(default_factory=dict)

    @classmethod
    def build(cls, entries: Iterable[Entry], empty: Iterable[str] = ()) -> Lexicon:
        """Return the lexicon of ``entries``. ``empty``: phrases that mean nothing of their own in a question."""
        phrases: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for entry in entries:
            said = tuple(vietnamese.tokens(entry.said))
            means = tuple(vietnamese.tokens(entry.means))
            if said and means and said != means:
                phrases[said[0].folded, said[1].folded if len(said) > 1 else ""].append((said, means, entry))
        nothing: dict[str, list[Any]] = defaultdict(list)
        for phrase in empty:
            if words := tuple(vietnamese.tokens(phrase)):
                nothing[words[0].folded].append(words)
        for rows in phrases.values():
            rows.sort(key=lambda row: -len(row[0]))
        for rows in nothing.values():
            rows.sort(key=len, reverse=True)
        return cls(dict(phrases), dict(nothing))

    def matches(self, words: Sequence[Token]) -> list[Match]:
        """Return what the words of a question can also be said as; the longest phrases first, none within a longer one."""
        found: list[Match] = []
        taken: dict[Source, set[int]] = defaultdict(set)
        starts = sorted(
            (
                (len(said), start, said, means, entry)
                for start, word in enumerate(words)
                for second in ("", words[start + 1].folded if start + 1 < len(words) else None)
                if second is not None
                for said, means, entry in self._phrases.get((word.folded, second), ())
                if _stands(words, start, said, strict=entry.source != "abbreviation")
            ),
            key=lambda row: (-row[0], row[1]),
        )
        spans: set[tuple[int, int, Source]] = set()
        for length, start, _said, means, entry in starts:
            span = (start, start + length, entry.source)
            places = set(range(start, start + length))
            if span not in spans and places <= taken[entry.source]:
                continue
            spans.add(span)
            taken[entry.source] |= places
            found.append(Match(start, start + length, means, entry.source, entry.weight))
        found.sort(key=lambda match: -match.weight)
        return list(dict.fromkeys(found))[:MAX_MATCHES]

    def empty(self, words: Sequence[Token]) -> set[int]:
        """Return the places of words that stand in a phrase without a meaning of its own."""
        found: set[int] = set()
        for start, word in enumerate(words):
            for phrase in self._empty.get(word.folded, ()):
                if _stands(words, start, phrase, strict=True):
                    found |= set(range(start, start + len(phrase)))
                    break
        return found


def _stands(words: Sequence[Token], start: int, said: tuple[Token, ...], *, strict: bool) -> bool:
    """Whether ``said`` stands at ``start``. A single word must bear its marks: "dia" is more often "địa" than "dìa"."""
    if start + len(said) > len(words):
        return False
    if strict and len(said) == 1:
        return words[start] == said[0]
    return all(
        compatible(typed, meant) for typed, meant in zip(words[start : start + len(said)], said, strict=True)
    )


# --- data ---


def abbreviation(short: str, longs: Sequence[str], *, weak: bool = False) -> Iterator[Entry]:
    """Yield the entries of one abbreviation, both ways. ``weak``: it is as often another word."""
    for place, long in enumerate(longs):
        weight = (DOUBTFUL if weak else WEIGHTS["abbreviation"]) - 0.05 * min(place, 4)
        yield Entry(short, long, "abbreviation", weight)
        if not weak:
            yield Entry(long, short, "abbreviation", SHORTENED)


def synonyms(
    source: Source, said: Sequence[str], means: Sequence[str], *, same: bool = False
) -> Iterator[Entry]:
    """Yield the entries of a set. ``same``: every phrase stands for every other."""
    everything = [*said, *means]
    for left in everything if same else said:
        for right in everything if same else means:
            if left != right:
                yield Entry(left, right, source, WEIGHTS[source])


def entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """Yield what the rows of the files and of staff mean."""
    for row in rows:
        if row.kind == "abbreviation":
            for short in row.said:
                yield from abbreviation(short, row.means, weak=row.weak)
        elif row.kind == "dialect":
            yield from synonyms("dialect", row.said, row.means)
        else:
            yield from synonyms("thesaurus", row.said, row.means, same=row.same)


class Row(NamedTuple):
    """An entry as people write it; see ``search.shipped.ShippedEntry``."""

    kind: str
    said: tuple[str, ...]
    means: tuple[str, ...]
    same: bool = False
    weak: bool = False


@lru_cache(maxsize=1)
def shipped() -> tuple[Entry, ...]:
    """Return what is shipped, as single entries."""
    return tuple(entries(Row(row.kind, row.said, row.means, row.same, row.weak) for row in shipped_entries()))


@lru_cache(maxsize=32)
def _compiled(own: tuple[Row, ...], off: frozenset[str]) -> Lexicon:
    rows = [row for row in shipped_entries() if row.key not in off]
    kept = [Row(row.kind, row.said, row.means, row.same, row.weak) for row in rows]
    return Lexicon.build(entries([*own, *kept]), stop_phrases())


def lexicon_for(site: Site) -> Lexicon:
    """Return the lexicon of an office: what is shipped, without what it does not want, and its staff's entries."""
    own = tuple(
        Row(row.kind, tuple(row.phrases_said), tuple(row.phrases_meant), row.same)
        for row in lexicon_entries(site)
    )
    return _compiled(own, switched_off(site))
