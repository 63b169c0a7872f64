"""Questions with judgments, and what a run is worth by them."""

from __future__ import annotations

import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from tests.search.quality import kinds

HERE = Path(__file__).resolve().parent
#: The page that answers, a good part of the answer, worth a look.
GRADES = (3, 2, 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question as typed. ``base``: the qid of its full spelling; ``grades``: id of a document → 1 to 3."""

    qid: str
    kind: str
    query: str
    base: str
    grades: Mapping[str, int]


def identifiers(file: Path) -> set[str]:
    """Return the ids of the documents of a file, ``.gz`` or plain."""
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as stream:
        return {json.loads(line)["id"] for line in stream if line.strip()}


def read(file: Path, documents: Set[str] | None = None) -> list[Judged]:
    """Return the questions of a file.

    ``documents``: the ids that are searched. Judgments of others do not count, and a question that only those answer is left
    out: the files of questions judge each other's documents too, because a run may hold both.
    """
    found = []
    for row in (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()):
        grades = {
            key: grade for key, grade in row["judgments"].items() if documents is None or key in documents
        }
        if grades or row["kind"] == "nonsense":
            found.append(Judged(row["qid"], row["kind"], row["query"], row["qid"], grades))
    return found


def with_forms(questions: Iterable[Judged]) -> list[Judged]:
    """Add every way of typing to the questions that are spelled in full."""
    found = []
    for question in questions:
        found.append(question)
        if question.kind == "accented":
            found += [
                Judged(f"{question.qid}-{kind}", kind, typed, question.qid, question.grades)
                for kind, typed in kinds.forms(question.query)
            ]
    return found


def read_run(file: Path) -> dict[str, list[str]]:
    """Return qid → ids of the documents in the order of a run."""
    hits: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        qid, document, rank, _score = line.split("\t")
        hits[qid].append((int(rank), document))
    return {qid: [document for _, document in sorted(rows)] for qid, rows in hits.items()}


def ndcg(hits: list[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first hits, 0 to 1 (Järvelin and Kekäläinen 2002).

    The gain of a grade is 2^grade - 1, the discount log2(rank + 1).
    """

    def gain(found: Iterable[int]) -> float:
        return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(found, 1))

    ideal = gain(sorted(grades.values(), reverse=True)[:depth])
    return gain(grades.get(hit, 0) for hit in hits[:depth]) / ideal if ideal else 0.0


@dataclass(slots=True)
class Score:
    """A kind in a run.

    Attributes:
        count: questions.
        ndcg: mean nDCG@10; for nonsense the share of questions that found nothing, which is right there.
        empty: share of questions without an answer.
        kept: mean nDCG@10 as a share of that of the same questions in full spelling; None where there is no such form.
    """

    count: int = 0
    ndcg: float = 0.0
    empty: float = 0.0
    kept: float | None = None


def score(questions: Iterable[Judged], run: Mapping[str, list[str]]) -> dict[str, Score]:
    """Return the scores of a run by kind, in the order of ``kinds.KINDS``, and ``macro``: the mean of all but nonsense."""
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    worth: dict[str, float] = {}
    for question in questions:
        by_kind[question.kind].append(question)
        worth[question.qid] = ndcg(run.get(question.qid, []), question.grades)
    found: dict[str, Score] = {}
    for kind in sorted(by_kind, key=kinds.KINDS.index):
        rows = by_kind[kind]
        empty = sum(not run.get(row.qid) for row in rows) / len(rows)
        mean = empty if kind == "nonsense" else sum(worth[row.qid] for row in rows) / len(rows)
        typed = [row for row in rows if row.base != row.qid]
        full = sum(worth[row.base] for row in typed)
        kept = sum(worth[row.qid] for row in typed) / full if full else None
        found[kind] = Score(len(rows), mean, empty, kept)
    judged = [kind for kind in found if kind != "nonsense"]
    if judged:
        count = sum(found[kind].count for kind in judged)
        found["macro"] = Score(
            count,
            sum(found[kind].ndcg for kind in judged) / len(judged),
            sum(found[kind].empty * found[kind].count for kind in judged) / count,
        )
    return found
