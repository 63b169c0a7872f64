"""Dates entered twice: on a series and on the class that is held then. They are one session, that of the class.

Attendance may have been taken under either key, for a class may be added below a series that had its dates already. So lists and
figures read both keys, and what is written goes to the class's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training_events.models import EventSession

#: Key of a session of a series → key of the session of its class on the same date.
Twins = Mapping[uuid.UUID, uuid.UUID]


def of(own: Iterable[EventSession], taught: Iterable[EventSession]) -> dict[uuid.UUID, uuid.UUID]:
    """Return which sessions of a series are those of its classes: the ones that begin at the same moment.

    Args:
        own: sessions of the series itself.
        taught: sessions of its classes; of several at one moment the first stands for the date.
    """
    first: dict[object, uuid.UUID] = {}
    for row in taught:
        first.setdefault(row.starts_at, row.translation_key)
    return {row.translation_key: first[row.starts_at] for row in own if row.starts_at in first}


def keys(twins: Twins, key: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return every key under which attendance of a session may stand, the one to write to first."""
    written = twins.get(key, key)
    return written, *(one for one, stands_for in twins.items() if stands_for == written)
