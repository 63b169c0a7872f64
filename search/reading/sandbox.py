"""Has a file read by a process of its own, and says how that went. Never raises because of what is in the file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from core import vietnamese
from search.reading import child, legacy, limits

#: What the interpreter may need of our environment. Nothing else is handed on: it holds the site's secrets.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
_STATUSES = {"done", "empty", "too_big", "timed_out", "broken", "unsupported", "encrypted"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file.

    Attributes:
        status: a value of ``DocumentText.Status`` but ``pending``.
        text: NFC, without NUL; may hold something for other states than ``done`` as well.
        detail: what the program says of it, for the log and for whoever helps; not for readers.
        pages, pages_read: of a PDF; 0 for other files.
        seconds: how long it took.
    """

    status: str
    text: str = ""
    detail: str = ""
    pages: int = 0
    pages_read: int = 0
    seconds: float = 0.0


def read(path: str, extension: str, *, wall_seconds: float = limits.WALL_SECONDS) -> Reading:
    """Return what the file at ``path`` says.

    Args:
        path: a file of this machine.
        extension: of its name, lower case without the dot; decides how it is read.
        wall_seconds: after so long the reader is ended.
    """
    if os.path.getsize(path) > limits.MAX_BYTES:
        return Reading("too_big", detail=f"{os.path.getsize(path) >> 20} MB")
    command = [sys.executable, "-s", "-m", "search.reading.child", os.path.abspath(path), extension]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    started = time.monotonic()
    with tempfile.TemporaryFile() as answer:
        # a session of its own: whatever it starts ends with it
        process = subprocess.Popen(  # noqa: S603 - our own module; the path is one argument
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env=environment | {"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(wall_seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        found = _understood(code, answer)
    return _reading(found, time.monotonic() - started)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the reader's whole group, if anything is left of it."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _understood(code: int | None, answer: IO[bytes]) -> dict[str, Any]:
    """Return the reader's answer, or what its end means."""
    if code is None or code == -getattr(signal, "SIGXCPU", 24):
        return {"status": "timed_out", "detail": "ended by the clock"}
    if code == child.OUT_OF_MEMORY:
        return {"status": "too_big", "detail": f"needs more than {limits.MAX_MEMORY >> 20} MB of memory"}
    if code == 0:
        answer.seek(0)
        try:
            found = json.loads(answer.read(limits.MAX_OUTPUT))
        except ValueError:
            found = None
        if isinstance(found, dict) and found.get("status") in _STATUSES:
            return found
    if (
        code == -signal.SIGKILL
    ):  # the system's own guard against running out of memory, or the processor limit
        return {"status": "too_big", "detail": "ended by the system"}
    return {"status": "broken", "detail": f"the reader ended with {code}"}


def _number(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 1_000_000_000 else 0


def _reading(found: dict[str, Any], seconds: float) -> Reading:
    """Return the answer as ours: its process read a file from anywhere, so nothing of it is taken on trust."""
    text = str(found.get("text", ""))[: limits.MAX_CHARACTERS]
    text = text.encode("utf-8", "ignore").decode().replace("\0", " ").replace("\u00ad\n", "")
    text = vietnamese.to_nfc(legacy.to_unicode(text))
    return Reading(
        status=found["status"],
        text=text.strip(),
        detail=str(found.get("detail", "")).replace("\0", " ").encode("utf-8", "ignore").decode()[:300],
        pages=_number(found.get("pages")),
        pages_read=_number(found.get("pages_read")),
        seconds=round(seconds, 2),
    )
