"""Files of the document library in the search: their text goes with the page that offers them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from core import vietnamese
from core.models import ContentPage, SiteDocument
from search import offering
from search.engines.base import FoundFile
from search.models import DocumentText, PageText

#: Characters of files that go into the index of one page.
MAX_PER_PAGE = 400_000
#: Length of a passage (characters): longer than what a result shows, so that the sentence can be found in it.
PASSAGE = 1_200
#: Occurrences that are compared in one file; a word that stands there more often decides nothing.
_MAX_MATCHES = 5_000


def texts_for(page: ContentPage) -> list[tuple[SiteDocument, str]]:
    """Return the documents that a live page offers to everybody, with their text, in the order of the page.

    Left out: what is not read or has no text, and documents of collections with a privacy setting. Together at most
    MAX_PER_PAGE characters.
    """
    keys = offering.offered(page)
    if not keys:
        return []
    rows = {row.document_id: row for row in _read(keys)}
    found: list[tuple[SiteDocument, str]] = []
    left = MAX_PER_PAGE
    for key in keys:
        if key in rows and left > 0:
            text = rows[key].text[:left]
            left -= len(text)
            found.append((rows[key].document, text))
    return found


def _read(keys: Iterable[int]) -> Iterable[DocumentText]:
    """Return what was read of those documents of ``keys`` that everybody may download."""
    allowed = offering.public().filter(pk__in=list(keys))
    return DocumentText.objects.filter(document__in=allowed).exclude(text="").select_related("document")


@lru_cache(maxsize=8_192)
def _bare(char: str) -> str:
    folded = vietnamese.fold(char)
    return folded if len(folded) == 1 else char


def _folded(text: str) -> str:
    """Return ``text`` (NFC) without marks, letter by letter, so that places in both are the same."""
    return text.translate({ord(char): _bare(char) for char in set(text)})


def _best_place(text: str, words: Sequence[str]) -> tuple[tuple[int, int, int], int] | None:
    """Return how well a text answers, as something to compare, and where; None where no word stands in it.

    Words together count first, then those that stand next to each other as in the question, then the very marks.
    """
    folded = _folded(text)
    wanted = {vietnamese.fold(word): number for number, word in enumerate(words)}
    if not wanted:
        return None
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    exact = {vietnamese.to_nfc(word).lower() for word in words}
    places: list[tuple[int, int, bool]] = []
    for match in pattern.finditer(folded):
        marks = text[match.start() : match.end()].lower() in exact
        places.append((match.start(), wanted[match[0]], marks))
        if len(places) >= _MAX_MATCHES:
            break
    best: tuple[tuple[int, int, int], int] | None = None
    last = 0
    for first, (start, _number, _marks) in enumerate(places):
        last = max(last, first)
        while last < len(places) and places[last][0] < start + 300:
            last += 1
        window = places[first : min(last, first + 40)]
        neighbours = sum(b[1] == a[1] + 1 and b[0] - a[0] < 12 for a, b in pairwise(window))
        score = (
            len({number for _, number, _ in window}),
            min(neighbours, len(words)),
            sum(m for _, _, m in window),
        )
        if best is None or score > best[0]:
            best = (score, start)
    return best


def _cut(text: str, place: int) -> str:
    """Return the text around ``place``, whole words, beginning with a sentence where one begins near."""
    start = max(0, place - PASSAGE // 3)
    if start:
        sentence = max(text.rfind(mark, start, place) for mark in (". ", "\n", "! ", "? "))
        start = sentence + 1 if sentence >= 0 else (text.find(" ", start, place) + 1 or place)
    end = min(len(text), start + PASSAGE)
    if end < len(text):
        end = max(text.rfind(" ", place, end), place + 1)
    return text[start:end].strip()


def found_file(page_id: int, words: Sequence[str]) -> tuple[FoundFile, str] | None:
    """Return the file of the page that answers best, with the passage; see found_files."""
    return found_files([page_id], words).get(page_id)


def found_files(page_ids: Iterable[int], words: Sequence[str]) -> dict[int, tuple[FoundFile, str]]:
    """Return per page the file in which most of the words stand together, with the passage as plain text.

    Three queries, whatever the number of pages. A file whose collection has become private since the page was indexed is
    left out.

    Args:
        page_ids: pages that a reader may see.
        words: words of the question in its order, with or without marks. Pages none of whose files holds one are left out.
    """
    asked = list(page_ids)
    if not asked:
        return {}
    pages = {
        page: [row["document"] for row in files if isinstance(row, dict) and "document" in row]
        for page, files in PageText.objects.filter(pk__in=asked)
        .exclude(files=[])
        .values_list("page_id", "files")
    }
    keys = {key for documents in pages.values() for key in documents}
    words = [word for word in words if word.strip()]
    if not keys or not words:
        return {}
    places: dict[int, tuple[tuple[int, int, int], int]] = {}
    texts: dict[int, DocumentText] = {}
    for row in _read(keys):
        place = _best_place(row.text, words)
        if place is not None:
            places[row.document_id], texts[row.document_id] = place, row
    found = {}
    for page, offered in pages.items():
        known = [key for key in offered if key in places]
        if known:
            best = max(known, key=lambda key: places[key][0])
            found[page] = (_as_file(texts[best].document), _cut(texts[best].text, places[best][1]))
    return found


def _as_file(document: SiteDocument) -> FoundFile:
    return FoundFile(
        document_id=document.pk,
        title=document.title,
        url=document.url,
        type_label=document.type_label,
        size_label=document.size_label,
    )


def described(files: Iterable[tuple[int, str]]) -> list[dict[str, int]]:
    """Return what ``PageText.files`` keeps of ``Texts.files``: keys; title and text are read when they are shown."""
    return [{"document": key} for key, _text in files]


def state_of(document: SiteDocument) -> DocumentText | None:
    """Return what reading the document's file gave, None where it has not been asked for yet."""
    return DocumentText.objects.filter(document_id=document.pk).first()
