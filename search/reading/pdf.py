"""PDF, by pypdf: pure Python, so that a page that takes too long can be interrupted and left out."""

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from pypdf import PdfReader, filters
from pypdf.errors import DependencyError

from search.reading import limits


class TooSlow(BaseException):
    """A page takes too long. Not an Exception: the library catches those."""


def _alarm(number: int, frame: FrameType | None) -> None:
    raise TooSlow


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block after ``seconds``, where the system has alarms."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, _alarm)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _open(path: str) -> PdfReader | None:
    """Return a reader, None where a password is needed. Many offices' files have one for changes only, which is empty here."""
    reader = PdfReader(path, root_object_recovery_limit=2_000)
    if reader.is_encrypted:
        try:
            if not reader.decrypt(""):
                return None
        except (DependencyError, NotImplementedError):
            return None
    return reader


def read(path: str, extension: str, deadline: float) -> dict[str, Any]:
    """Return the text of the pages in their order; a page that fails is left out, the others are read.

    Raises whatever pypdf raises on a file that is no PDF.
    """
    logging.disable(logging.CRITICAL)  # pypdf tells every flaw of a file
    filters.JBIG2DEC_BINARY = None  # no other program is started for a picture
    try:
        with _at_most(deadline - time.monotonic()):
            reader = _open(path)
            if reader is None:
                return {"status": "encrypted"}
            total = len(reader.pages)
    except TooSlow:
        return {"status": "timed_out", "detail": "before the first page"}
    texts: list[str] = []
    seen = failed = length = 0
    failure = ""
    for number in range(min(total, limits.MAX_PAGES)):
        left = deadline - time.monotonic()
        if left <= 0 or length >= limits.MAX_CHARACTERS:
            break
        seen += 1
        try:
            with _at_most(min(left, limits.PAGE_SECONDS)):
                text = reader.pages[number].extract_text()
        except MemoryError:
            raise
        except TooSlow:
            failed += 1
            failure = failure or "slow page"
        except Exception as error:  # anything stands in a broken page
            failed += 1
            failure = failure or f"{type(error).__name__}: {error}"[:200]
        else:
            texts.append(text)
            length += len(text)
    text = "\n".join(texts)
    found = {"text": text, "pages": total, "pages_read": seen - failed, "detail": failure}
    letters = sum(1 for char in text[:20_000] if char.isalpha())
    if total and seen and failed == seen:
        return found | {"status": "timed_out" if failure == "slow page" else "broken"}
    if letters < limits.LETTERS_PER_PAGE * min(max(len(texts), 1), 20):
        return found | {"status": "empty"}
    return found | {"status": "done"}
