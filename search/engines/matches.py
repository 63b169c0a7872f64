"""What a part of a query matches, and how parts are joined. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Matches:
    """Primary key → score of the objects that match; with ``negated`` all others match."""

    scores: dict[Any, float]
    negated: bool = False

    def both(self, other: Matches) -> Matches:
        """Return what matches both."""
        if self.negated and other.negated:
            return Matches({**self.scores, **other.scores}, negated=True)
        if self.negated:
            return other.both(self)
        if other.negated:
            return Matches({key: score for key, score in self.scores.items() if key not in other.scores})
        return Matches({k: s + other.scores[k] for k, s in self.scores.items() if k in other.scores})

    def either(self, other: Matches) -> Matches:
        """Return what matches one of them."""
        if not self.negated and not other.negated:
            scores = dict(self.scores)
            for key, score in other.scores.items():
                scores[key] = scores.get(key, 0.0) + score
            return Matches(scores)
        return (~self).both(~other).__invert__()

    def __invert__(self) -> Matches:
        return Matches(self.scores, negated=not self.negated)
