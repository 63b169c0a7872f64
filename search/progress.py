"""How far a long command is: a bar on a terminal, a line every tenth where nobody watches."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 30


class Progress:
    """Counts up to ``total``; use it as a context manager or call ``end``."""

    def __init__(self, label: str, total: int, stream: TextIO) -> None:
        self.label, self.total, self.stream = label, total, stream
        self.done = 0
        self._start = self._shown_at = time.monotonic()
        self._tenth = -1
        self._terminal = stream.isatty()

    def __enter__(self) -> Progress:
        self.step(0)
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def step(self, number: int = 1) -> None:
        """Add ``number`` finished things."""
        self.done += number
        now = time.monotonic()
        if self._terminal:
            if now - self._shown_at >= 0.1 or self.done >= self.total or not self.done:
                self._shown_at = now
                filled = round(WIDTH * self._share)
                self.stream.write(f"\r{self.label} [{'#' * filled}{'.' * (WIDTH - filled)}] {self._numbers}")
                self.stream.flush()
        elif (tenth := int(10 * self._share)) > self._tenth and self.done:
            self._tenth = tenth
            self.stream.write(f"{self.label} {self._numbers}\n")
            self.stream.flush()

    def end(self) -> None:
        """Finish the line on a terminal."""
        if self._terminal:
            self.stream.write("\n")
            self.stream.flush()

    @property
    def _share(self) -> float:
        return min(1.0, self.done / self.total) if self.total else 1.0

    @property
    def _numbers(self) -> str:
        seconds = time.monotonic() - self._start
        left = seconds * (self.total - self.done) / self.done if self.done else 0
        return f"{self.done}/{self.total} ({seconds:.0f} s, {left:.0f} s left)"
