"""Dates as they are stored (SeatPool.schedule) and what about them people would notice."""

from __future__ import annotations

from typing import Any

from training_events import venues
from training_events.twins import Twins

#: ``status`` of the event, and ``sessions`` by translation key: begin, end (ISO 8601, UTC), place, status.
Stored = dict[str, Any]


def same(one: Stored | None, other: Stored | None) -> bool:
    """Whether both say the same to people: a place written with another accent or comma is the same place.

    A session that does not take place and one that is not there come to the same: who knows that a class of a series is cancelled
    learns nothing when its page is deleted.
    """
    return one is not None and other is not None and _meaning(one) == _meaning(other)


def once(stored: Stored, double: Twins) -> Stored:
    """Return stored dates with those of a series that are its classes' under the key of the class (see ``twins``)."""
    sessions = dict(stored["sessions"])
    for key, stands_for in double.items():
        if (row := sessions.pop(str(key), None)) is not None:
            sessions.setdefault(str(stands_for), row)
    return {**stored, "sessions": sessions}


def _meaning(one: Stored) -> tuple[str, list[tuple[str, ...]]]:
    rows = [row for row in one["sessions"].values() if row[3] != "cancelled"]
    return one["status"], sorted((row[0], row[1], venues.simplest(row[2]), row[3]) for row in rows)


def difference(known: Stored, fresh: Stored) -> str:
    """Return what is new: ``again`` (the class was off), ``time``, ``place``; empty for anything else, both for example."""
    if known["status"] != "scheduled":
        return "again"
    before, after = (
        [row for row in one["sessions"].values() if row[3] == "scheduled"] for one in (known, fresh)
    )
    if len(before) != len(after):
        return ""
    times, places = (
        sorted(row[:2] for row in before) == sorted(row[:2] for row in after),
        sorted(venues.simplest(row[2]) for row in before) == sorted(venues.simplest(row[2]) for row in after),
    )
    return {(False, True): "time", (True, False): "place"}.get((times, places), "")
