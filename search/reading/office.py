"""DOCX, XLSX, PPTX, ODT, ODS: archives of XML, read in passing, without keeping the tree."""

import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree

from search.reading import limits

#: Parts of the archive with the words that people read, in the order of reading.
PARTS = {
    "docx": re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml"),
    "pptx": re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml"),
    "xlsx": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
    "odt": re.compile(r"content\.xml"),
    "ods": re.compile(r"content\.xml"),
}
_PARAGRAPH = {"p", "h"}
#: After these a word ends (OOXML).
_BREAKS = _PARAGRAPH | {"br", "cr", "tab", "tr", "tc", "si", "row"}
_NUMBER = re.compile(r"\d+")
#: An encrypted OOXML file is not an archive but an OLE container, as are the formats before 2007.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class TooLarge(Exception):
    """A part unpacks to more than may be read."""


class _Bounded:
    """A part of the archive as a file that refuses to unpack for ever, whatever size the archive claims."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._left = limits.MAX_PART

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(min(size, 64 * 1024) if size > 0 else 64 * 1024)
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge
        return data


def _order(name: str) -> tuple[int, int]:
    """Body before footnotes and headers; slides by their number, 2 before 10."""
    number = _NUMBER.search(name)
    later = 0 if name.endswith(("document.xml", "content.xml")) or "/slide" in name else 1
    return later, int(number[0]) if number else 0


def _elements(file: Any) -> Iterator[tuple[Any, list[str]]]:
    """Return each element when it is complete, with the names of those around it; forget it afterwards."""
    around: list[Any] = []
    names: list[str] = []
    for event, element in ElementTree.iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            around.append(element)
            names.append(_name(element))
            if len(names) > limits.MAX_DEPTH:
                raise ValueError("elements inside elements without end")
            continue
        around.pop()
        names.pop()
        yield element, names
        # a paragraph of OpenDocument needs its parts until its own end
        if around and not any(name in _PARAGRAPH for name in names):
            around[-1].remove(element)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _microsoft(file: Any) -> Iterator[str]:
    """Return the pieces of text of an OOXML part; a drawing says everything twice, the second time as ``Fallback``."""
    for element, around in _elements(file):
        name = _name(element)
        if name == "t" and element.text and "Fallback" not in around:
            yield element.text
        elif name in _BREAKS:
            yield "\n" if name in _PARAGRAPH or name in {"tr", "row", "si"} else " "


def _open_document(file: Any) -> Iterator[str]:
    """Return the paragraphs of an OpenDocument part."""
    for element, around in _elements(file):
        if _name(element) in _PARAGRAPH and not any(name in _PARAGRAPH for name in around):
            yield _flat(element)
            yield "\n"


def _flat(element: Any) -> str:
    """Return the text of a paragraph; blanks, tabs and line breaks are elements."""
    pieces = [element.text or ""]
    for child in element:
        name = child.tag.rpartition("}")[2]
        pieces.append(" " if name in {"s", "tab", "line-break"} else _flat(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def read(path: str, extension: str, deadline: float) -> dict[str, Any]:
    """Return the text of the file.

    Raises what zipfile and the XML parser raise on a broken one.
    """
    with open(path, "rb") as start:
        if start.read(8) == _OLE:
            return {"status": "encrypted"}
    pieces: list[str] = []
    length = 0
    with zipfile.ZipFile(path) as archive:
        names = sorted((name for name in archive.namelist() if PARTS[extension].fullmatch(name)), key=_order)
        if not names:
            return {"status": "broken", "detail": f"not a {extension.upper()} file"}
        for name in names[: limits.MAX_PARTS]:
            if archive.getinfo(name).flag_bits & 1:
                return {"status": "encrypted"}
            with archive.open(name) as part:
                bounded = _Bounded(part)
                pieces_of = _open_document if extension.startswith("od") else _microsoft
                try:
                    for piece in pieces_of(bounded):
                        pieces.append(piece)
                        length += len(piece)
                        if length > limits.MAX_CHARACTERS or time.monotonic() > deadline:
                            break
                except TooLarge:
                    return {
                        "status": "too_big",
                        "detail": f"{name} unpacks to more than {limits.MAX_PART >> 20} MB",
                    }
            if length > limits.MAX_CHARACTERS or time.monotonic() > deadline:
                break
    text = "".join(pieces)
    if not text.strip() and time.monotonic() > deadline:
        return {"status": "timed_out"}
    return {"status": "done" if any(char.isalpha() for char in text) else "empty", "text": text}
