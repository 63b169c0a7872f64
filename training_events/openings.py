"""Which events take registrations and what state each is in, for lists of pages in general (``core.openings``).

What only a publication changes is kept for a minute like other office data; the seats are read at the moment they are asked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q

from core.memory import remember
from core.openings import Badge
from training_events.availability import Availability, availability
from training_events.models import EventPage, SeatPool


class Event(NamedTuple):
    """A live event without its seats. ``in_series``: a series above takes the registrations."""

    pool_key: UUID
    in_series: bool
    status: str
    ends_at: datetime.datetime | None


class EventOpenings:
    """See ``core.openings.Source``."""

    def taking(self, keys: Collection[int] | None, now: datetime.datetime) -> set[int]:
        """One query for the seats of those events that are not over, none where there are none."""
        coming = {
            key: event
            for key, event in _events(keys).items()
            if event.status == EventPage.Status.SCHEDULED and not _is_over(event, now)
        }
        return {key for key, state in _states(coming, now).items() if state.can_register}

    def badges(self, keys: Collection[int], now: datetime.datetime) -> dict[int, Badge]:
        """One query for the seats, none where no event is among the pages."""
        found = _states(_events(keys), now)
        return {key: Badge(state.label, state.tone) for key, state in found.items()}

    def over(self, keys: Collection[int], now: datetime.datetime) -> set[int]:
        """No query but the one that reads all events once a minute."""
        return {key for key, event in _events(keys).items() if _is_over(event, now)}


def _is_over(event: Event, now: datetime.datetime) -> bool:
    return event.ends_at is not None and event.ends_at < now


def _events(keys: Collection[int] | None) -> dict[int, Event]:
    """Return those of the pages that are live events; None: all live events."""
    known: dict[int, Event] = remember("training_events.openings", shared=True, make=_read)
    return known if keys is None else {key: known[key] for key in keys if key in known}


def _read() -> dict[int, Event]:
    in_series = Q(pool_key__isnull=False) & ~Q(pool_key=F("translation_key"))
    rows = EventPage.objects.live().order_by().annotate(in_series=in_series)
    columns = ("pk", "pool_key", "translation_key", "in_series", "status", "ends_at")
    return {
        key: Event(pool_key or own_key, bool(series), status, ends_at)
        for key, pool_key, own_key, series, status, ends_at in rows.values_list(*columns)
    }


def _states(events: Mapping[int, Event], now: datetime.datetime) -> dict[int, Availability]:
    """Return what a resident can do about each event at ``now``, as the event's own page says it."""
    if not events:
        return {}
    keys = {event.pool_key for event in events.values()}
    pools = {pool.event_key: pool for pool in SeatPool.objects.filter(event_key__in=keys)}
    states: dict[int, Availability] = {}
    for key, event in events.items():
        pool = pools.get(event.pool_key)
        if pool is not None:
            of_class = {"status": event.status, "ends_at": event.ends_at} if event.in_series else {}
            states[key] = availability(pool, now, **of_class)  # type: ignore[arg-type]
    if missing := events.keys() - states.keys():  # an event that was never saved as live, a restored copy
        states |= {page.pk: page.availability(now) for page in EventPage.objects.filter(pk__in=missing)}
    return states
