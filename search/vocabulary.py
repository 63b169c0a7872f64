"""How common each word and pair of neighbours is in what everybody may read: for weighing words and for mending slips."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.models import ContentPage
from search.analysis import EXACT, PAIR
from search.models import PageText, Term
from search.understanding.syllables import is_folded_syllable

logger = logging.getLogger(__name__)
#: A pair in fewer pages is not kept: it helps no correction, and there are hundreds of thousands.
LEAST_PAIRS_LARGE, LARGE = 2, 2_000
#: The words are read anew after so many seconds, or at once when ``refresh`` has run in any process.
KEEP_SECONDS = 3_600
_GENERATION = "search.vocabulary.generation"
_BATCH = 2_000


@dataclass(frozen=True)
class Words:
    """The single words of all public pages.

    Attributes:
        size: number of pages that were counted.
        documents: term (folded, or exact with its mark) → pages that hold it.
        folded: the folded words among them.
    """

    size: int
    documents: dict[str, int]
    folded: frozenset[str]

    @cached_property
    def likely(self) -> frozenset[str]:
        """The folded words that somebody may have meant: syllables, and others that stand in several pages.

        Names and foreign words of single pages would make every slip a slip of one of them.
        """
        least = max(2, self.size // 2_000)
        return frozenset(w for w in self.folded if is_folded_syllable(w) or self.documents[w] >= least)

    @cached_property
    def usual(self) -> dict[str, str]:
        """Folded word → the exact form (search.analysis) in which most pages write it, where it bears marks."""
        found: dict[str, tuple[int, str]] = {}
        for term, documents in self.documents.items():
            if term.startswith(EXACT):
                bare = "".join(char for char in term[1:] if not char.isdigit())
                if documents > found.get(bare, (self.documents.get(bare, 0) // 5, ""))[0]:
                    found[bare] = (documents, term[1:])
        return {bare: exact for bare, (_documents, exact) in found.items()}


@dataclass(slots=True)
class _Kept:
    words: Words
    generation: Any
    until: float


_kept: _Kept | None = None


def words() -> Words:
    """Return the words, from the memory of this process where they are fresh."""
    global _kept
    generation = cache.get(_GENERATION)
    if _kept is None or _kept.generation != generation or _kept.until < time.monotonic():
        rows = dict(Term.objects.exclude(kind=Term.Kind.PAIR).values_list("term", "documents"))
        size = rows.pop(_SIZE, 0)
        folded = frozenset(term for term in rows if not term.startswith(EXACT))
        _kept = _Kept(Words(size, rows, folded), generation, time.monotonic() + KEEP_SECONDS)
    return _kept.words


def forget() -> None:
    """Drop what every process keeps."""
    global _kept
    _kept = None
    cache.set(_GENERATION, time.time(), None)


def pairs(found: Iterable[str]) -> dict[str, int]:
    """Return pair term → pages that hold it, for those of ``found`` that are known."""
    listed = list(dict.fromkeys(found))
    rows: dict[str, int] = {}
    for start in range(0, len(listed), 500):
        rows.update(Term.objects.filter(pk__in=listed[start : start + 500]).values_list("term", "documents"))
    return rows


@dataclass(frozen=True)
class Statistics:
    """How common the terms of one question are.

    Attributes:
        size: number of public pages that were counted; 0: none were yet.
        documents: term → pages that hold it.
    """

    size: int
    documents: dict[str, int]


def statistics(terms: Iterable[str]) -> Statistics:
    """Return how common ``terms`` are in public pages: one query, for the pairs among them."""
    known, asked = words(), set(terms)
    of_pairs = {term for term in asked if term.startswith(PAIR)}
    documents = {term: known.documents.get(term, 0) for term in asked - of_pairs}
    documents.update(dict.fromkeys(of_pairs, 0))
    if of_pairs:
        documents.update(pairs(of_pairs))
    return Statistics(known.size, documents)


#: A row of the table that holds the number of pages: a term that no analysis can make.
_SIZE = "\ue00f"


def refresh() -> int:
    """Count anew, in batches, and return the number of terms. Readers see the old counts or the new, never none."""
    started = time.monotonic()
    counted: Counter[str] = Counter()
    size = 0
    public = (
        ContentPage.objects.live()
        .public()
        .filter(Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
    )
    rows = PageText.objects.filter(page_id__in=public.values("pk")).values_list("folded", "exact")
    for folded, exact in rows.iterator(chunk_size=500):
        size += 1
        counted.update(_terms(folded, exact))
    counted[_SIZE] = size
    least = LEAST_PAIRS_LARGE if size > LARGE else 1
    kept = {
        term: n
        for term, n in counted.items()
        if len(term) <= 100 and (n >= least or not term.startswith(PAIR))
    }
    _replace(kept)
    forget()
    logger.info("Counted %s terms of %s pages in %.1f s.", len(kept), size, time.monotonic() - started)
    return len(kept)


def _terms(folded: str, exact: str) -> set[str]:
    found: set[str] = set()
    for line in folded.split("\n"):
        words_of_line = line.split()
        found.update(words_of_line)
        found.update(PAIR + left + right for left, right in pairwise(words_of_line))
    marked = {word for line in exact.split("\n") for word in line.split()} - found
    found.update(EXACT + word for word in marked)
    return found


def _kind(term: str) -> int:
    if term.startswith(PAIR):
        return Term.Kind.PAIR
    return Term.Kind.EXACT if term.startswith(EXACT) else Term.Kind.FOLDED


def _replace(counted: dict[str, int]) -> None:
    """Write what changed, in short transactions: on SQLite a writer makes all others wait."""
    before = dict(Term.objects.values_list("term", "documents"))
    changed = ((term, n) for term, n in counted.items() if before.get(term) != n)
    for batch in _batches(changed):
        with transaction.atomic():
            Term.objects.bulk_create(
                [Term(term=term, kind=_kind(term), documents=n) for term, n in batch],
                update_conflicts=True,
                unique_fields=["term"],
                update_fields=["kind", "documents"],
            )
    gone = (term for term in before if term not in counted)
    for batch in _batches(gone):
        Term.objects.filter(pk__in=batch).delete()


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
