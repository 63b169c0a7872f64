"""Documents and questions in files: JSON lines, compressed or not."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from core import vietnamese

#: What an introduction may be long, in characters, as editors write them (the field takes 400).
INTRO_LENGTH = 300
#: A line without a full stop and not longer than this is a heading.
HEADING_LENGTH = 80
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_])")


class BadFile(Exception):
    """One sentence for the person who named the file."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as its file gives it. ``paragraphs``: (is a heading, text)."""

    id: str
    type: str
    title: str
    intro: str
    paragraphs: tuple[tuple[bool, str], ...]
    tags: tuple[str, ...] = ()
    date: datetime.date = field(default_factory=timezone.localdate)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its name."""

    qid: str
    query: str


def lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number, object) of the lines of a file, ``.gz`` or plain.

    Raises:
        BadFile: when the file cannot be read or a line is not a JSON object.
    """
    try:
        with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    found = json.loads(line)
                    if not isinstance(found, dict):
                        raise BadFile(f"{file}, line {number}: a JSON object is expected.")
                    yield number, found
    except (OSError, EOFError, UnicodeDecodeError) as problem:
        raise BadFile(f"{file} cannot be read: {problem}.") from None
    except json.JSONDecodeError as problem:
        raise BadFile(f"{file}, line {number}: {problem}.") from None


def read_documents(files: Sequence[Path], types: Sequence[str]) -> Iterator[Document]:
    """Yield the documents of all files; of several with one id the first.

    Raises:
        BadFile: for a document without id or title, or of a type that is not among ``types``.
    """
    seen: set[str] = set()
    for file in files:
        for number, row in lines(file):
            if not row.get("id") or not row.get("title"):
                raise BadFile(f"{file}, line {number}: a document needs an id and a title.")
            kind = row.get("type") or "article"
            if kind not in types:
                raise BadFile(
                    f"{file}, line {number}: {kind!r} is no type; known are {', '.join(sorted(types))}."
                )
            if str(row["id"]) not in seen:
                seen.add(str(row["id"]))
                yield _document(row, kind)


def _document(row: dict[str, Any], kind: str) -> Document:
    intro, paragraphs = layout(_text(row.get("body")))
    try:
        date = datetime.date.fromisoformat(str(row.get("date"))[:10])
    except ValueError:
        date = timezone.localdate()
    tags = row.get("tags") or []
    return Document(
        id=str(row["id"]),
        type=kind,
        title=" ".join(_text(row["title"]).split())[:255],
        intro=intro,
        paragraphs=paragraphs,
        tags=tuple(dict.fromkeys(_text(tag)[:100] for tag in tags if _text(tag))),
        date=date,
    )


def _text(value: Any) -> str:
    """Return text in NFC without NUL, which databases refuse."""
    return vietnamese.to_nfc(str(value or "").replace("\x00", " ")).strip()


def layout(body: str) -> tuple[str, tuple[tuple[bool, str], ...]]:
    """Return (introduction, paragraphs) as an editor would set a text.

    The introduction is the first sentences of the first paragraph that is more than a heading; the rest of that paragraph stays.
    """
    found = [(_is_heading(line), line) for part in body.splitlines() if (line := part.strip())]
    for place, (heading, text) in enumerate(found):
        if heading:
            continue
        intro, rest = _first_sentences(text)
        found[place : place + 1] = [(False, rest)] if rest else []
        return intro, tuple(found)
    return "", tuple(found)


def _is_heading(line: str) -> bool:
    return len(line) <= HEADING_LENGTH and line[-1] not in ".!?…;:,"


def _first_sentences(text: str) -> tuple[str, str]:
    """Split after as many sentences as an introduction holds, at a blank where the first is too long."""
    end = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() > INTRO_LENGTH:
            break
        end = match.start()
    if len(text) <= INTRO_LENGTH:
        end = len(text)
    elif not end:
        end = text.rfind(" ", 0, INTRO_LENGTH)
        end = end if end > 0 else INTRO_LENGTH
    return text[:end].strip(), text[end:].strip()


def read_questions(file: Path) -> list[Asked]:
    """Return the questions of a file (``{"qid": …, "query": …}``; more keys do no harm).

    Raises:
        BadFile: for a question without a name, or two with the same.
    """
    found: dict[str, Asked] = {}
    for number, row in lines(file):
        qid = str(row.get("qid", ""))
        if not qid or any(sign in qid for sign in "\t\r\n") or "query" not in row:
            raise BadFile(f"{file}, line {number}: a question needs a qid and a query.")
        if qid in found:
            raise BadFile(f"{file}, line {number}: the qid {qid!r} stands there twice.")
        found[qid] = Asked(qid, str(row["query"]))
    return list(found.values())


def fingerprint(files: Sequence[Path]) -> str:
    """Return a short hash of the contents of the files, in their order.

    Raises:
        BadFile: when one cannot be read.
    """
    found = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                found.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as problem:
            raise BadFile(f"{file} cannot be read: {problem.strerror}.") from None
    return found.hexdigest()[:12]
