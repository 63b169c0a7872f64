r"""From text to the terms that stand in an index. Pure functions; what a question looks up is search.understanding.

Three kinds of terms stand side by side, told apart by a first character of the private use area:

* the folded word (``dich``), so that a reader who types no marks finds the page;
* the exact word (``\ue000dich5``), so that a page with the very marks ranks above one with others;
* the folded pair (``\ue001dichvu``): Vietnamese words are several syllables, and a pair is far rarer than its syllables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core import vietnamese
from core.vietnamese import Token

EXACT = "\ue000"
PAIR = "\ue001"
#: Raised by every change of the terms or of what servers hold: an index made by another version must be built anew.
VERSION = 3
#: Longer texts are indexed up to here: a tsvector of PostgreSQL holds at most 1 MB.
MAX_WORDS = 20_000
#: Words of a question that are looked up. Each takes up to four bits of a mask of MAX_TERMS bits.
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


def section_lines(sections: Iterable[Iterable[str]]) -> tuple[str, str]:
    """Return the folded and the exact words of some texts, a line for each section, blanks around every word.

    A word or a phrase is counted in such a line by counting it with its blanks.
    """
    folded, exact = [], []
    for texts in sections:
        words = vietnamese.tokens("\n".join(texts))[:MAX_WORDS]
        folded.append(f" {' '.join(word.folded for word in words)} ")
        exact.append(f" {' '.join(word.exact for word in words)} ")
    return "\n".join(folded), "\n".join(exact)
