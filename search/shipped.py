"""The abbreviations and the thesaurus that the program brings along (``search/data``), as entries that staff can look through.

The files are read once per process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from search.lexicon_rules import folded

DATA = Path(__file__).resolve().parent / "data"
#: File → kind of its entries.
FILES = {"abbreviations.yaml": "abbreviation", "thesaurus.yaml": "thesaurus", "dialect.yaml": "dialect"}


@dataclass(frozen=True)
class ShippedEntry:
    """An entry of one of the files; ``said`` and ``means`` as in ``search.models.LexiconEntry``.

    ``weak``: an abbreviation that is as often another word ("k").
    """

    kind: str
    said: tuple[str, ...]
    means: tuple[str, ...]
    same: bool = False
    theme: str = ""
    weak: bool = False

    @property
    def key(self) -> str:
        """By what an entry is known when phrases are added to it: its first phrases."""
        return f"{self.kind}:{self.said[0]}→{self.means[0]}"[:200]

    def folded_said(self, *, both: bool = False) -> set[str]:
        """Return what may be typed, without marks; with ``both`` also what it means."""
        return {folded(phrase) for phrase in (*self.said, *(self.means if both else ()))}

    def folded_meant(self, *, both: bool = False) -> set[str]:
        """Return what it is read as, without marks; with ``both`` also what may be typed."""
        return {folded(phrase) for phrase in (*self.means, *(self.said if both else ()))}


def _phrases(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _entry(kind: str, row: dict[str, Any]) -> ShippedEntry:
    if kind == "abbreviation":
        return ShippedEntry(
            kind, _phrases(row["short"]), _phrases(row["long"]), same=True, weak=bool(row.get("weak"))
        )
    return ShippedEntry(
        kind, _phrases(row["said"]), _phrases(row["means"]), bool(row.get("same")), str(row.get("theme", ""))
    )


def read(name: str) -> list[Any]:
    """Return the rows of a file of ``search/data``; a file that is not there holds none."""
    file = DATA / name
    if not file.exists():
        return []
    # the same safe loader, in C where there is one: ten times as fast
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or []  # noqa: S506 - a safe loader


@lru_cache(maxsize=1)
def shipped_entries() -> tuple[ShippedEntry, ...]:
    """Return all shipped entries, abbreviations first."""
    found: list[ShippedEntry] = []
    for name, kind in FILES.items():
        found += [_entry(kind, row) for row in read(name)]
    return tuple(found)


@lru_cache(maxsize=1)
def stop_phrases() -> tuple[str, ...]:
    """Return the phrases that mean nothing of their own in a question ("làm thế nào để")."""
    return tuple(map(str, read("stop_phrases.yaml")))
