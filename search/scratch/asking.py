"""Ask the questions of a run as the search page asks them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.utils import translation
from wagtail.models import Site

from search import services
from search.asked import clean_text
from search.engines.base import SearchQuery
from search.progress import Progress
from search.scratch.documents import Asked

HITS = 20
#: Seconds after which a question is asked again that a busy engine did not answer in time (a pause of the breaker and more).
WAITS = (3, 5, 10, 20, 40)


class Unanswered(Exception):
    """The engine did not answer, so what the database says in its place must not be judged."""


@dataclass(slots=True)
class Answers:
    """``rows``: (qid, id of the document, rank from 1, score); ``times``: seconds for each question."""

    rows: list[tuple[str, str, int, float]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Return how many questions there were and how long they took."""
        ordered = sorted(self.times) or [0.0]
        answered = len({row[0] for row in self.rows})
        return (
            f"{len(self.times)} questions, {len(self.times) - answered} without an answer, median "
            f"{statistics.median(ordered) * 1000:.0f} ms, 95th percentile {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms"
        )


def ask(questions: Sequence[Asked], documents: dict[int, str], stream: TextIO) -> Answers:
    """Return the first hits of every question.

    Raises:
        Unanswered: when the database stood in for the engine.
    """
    site = Site.objects.get(is_default_site=True)
    found = Answers()
    with translation.override("vi"), Progress("Asking", len(questions), stream) as progress:
        for question in questions:
            started = time.perf_counter()
            query = SearchQuery(text=clean_text(question.query), site=site, language="vi", size=HITS)
            results = services.search(query)
            found.times.append(time.perf_counter() - started)
            for wait in WAITS:
                if not results.degraded:
                    break
                time.sleep(wait)
                results = services.search(query)
            if results.degraded:
                raise Unanswered("The engine does not answer; nothing was written.")
            hits = [
                (documents[hit.page_id], hit.score) for hit in results.results if hit.page_id in documents
            ]
            found.rows += [(question.qid, key, rank, score) for rank, (key, score) in enumerate(hits, 1)]
            progress.step()
    return found


def write(rows: Iterable[tuple[str, str, int, float]], file: Path) -> None:
    """Write ``qid TAB id TAB rank TAB score``, a line for each hit."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        for qid, key, rank, score in rows:
            stream.write(f"{qid}\t{key}\t{rank}\t{score:.6f}\n")
