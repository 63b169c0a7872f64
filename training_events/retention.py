"""Until when registrations are kept: as long as attendance is reported, no longer (Law 91/2025/QH15: minimal data)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from training_events.models import SeatPool

#: Days after the last session where the event says nothing else: attendance is reported each quarter.
RETENTION_DAYS = 90


def keep_until(pool: SeatPool, *, now: datetime.datetime) -> datetime.date:
    """Return the last day on which the event's registrations are kept.

    Counted from the last session; from ``now`` (aware) for an event whose date is not known yet.
    """
    end = pool.ends_at or now
    return timezone.localtime(end).date() + datetime.timedelta(days=pool.keep_days or RETENTION_DAYS)


def answer_until(pool: SeatPool, days: int | None, *, now: datetime.datetime) -> datetime.date | None:
    """Return the last day of answers to a question that are kept for ``days`` only; None: as long as the registration."""
    if days is None:
        return None
    end = pool.ends_at or now
    return min(timezone.localtime(end).date() + datetime.timedelta(days=days), keep_until(pool, now=now))
