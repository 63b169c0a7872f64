"""Dates and places as published: every change of them raises the event's SEQUENCE, and those who have seats are told."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from training_events import venues
from training_events.models import EventPage, Message, Occasion, Registration, SeatPool
from training_events.models.session import EventSession
from training_events.services import messages, pools, seats

#: An editor who sees a slip corrects it within minutes; until then nobody is told.
SECOND_THOUGHTS = datetime.timedelta(minutes=10)

#: Sessions by translation key: begin, end (ISO 8601, UTC), place, status.
Schedule = dict[str, list[str]]


def sync(event: EventPage, *, now: datetime.datetime | None = None) -> None:
    """Compare what is published now with what was, and queue messages about the difference, in the caller's transaction.

    To be called once the sessions of a saved event are in the database. The page in the source language decides, as it does
    for seats; a class of a series changes the dates of the series.

    Args:
        event: a live page, in any language.
        now: the moment (aware).
    """
    now = now or timezone.now()
    page = pools.rule_page(event)
    if not page.live:
        return
    pool = pools.ensure_pool(page)
    fresh: dict[str, Any] = {"status": page.status, "sessions": snapshot(page)}
    with seats.holding(pool.pk) as held:
        stored = held.schedule
        if stored == fresh:
            return
        held.schedule, held.schedule_changed_at = fresh, now
        if stored is not None:
            held.sequence += 1
            held.rescheduled_from = _moved_from(held, stored["sessions"], fresh["sessions"])
        held.save(update_fields=["schedule", "schedule_changed_at", "sequence", "rescheduled_from"])
        if stored is not None:
            _tell(held, stored, fresh, now)


def snapshot(page: EventPage) -> Schedule:
    """Return the sessions of an event, those of a series' live classes included, as they stand in the database."""
    pages = {page.pk: page}
    if page.registers_for_children:
        rows = EventPage.objects.child_of(page).live().select_related("venue_place")
        pages.update({one.pk: one for one in rows})
    sessions = EventSession.objects.filter(page_id__in=pages).order_by("starts_at", "pk")
    found: Schedule = {}
    for row in sessions:
        on = pages[row.page_id]
        commune = str(on.venue_place) if on.venue_place else ""
        place = venues.line(on.venue_name, commune, on.venue_address)
        moments = [one.astimezone(datetime.UTC).isoformat() for one in (row.starts_at, row.ends_at)]
        found[str(row.translation_key)] = [*moments, place, on.status]
    return found


def taking_place(schedule: dict[str, Any] | None) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Return begin and end (aware) of the sessions of a stored schedule that take place, in order of time."""
    if schedule is None or schedule["status"] != "scheduled":
        return []
    rows = [row for row in schedule["sessions"].values() if row[3] == "scheduled"]
    moments = [
        (datetime.datetime.fromisoformat(row[0]), datetime.datetime.fromisoformat(row[1])) for row in rows
    ]
    return sorted(moments)


def _moved_from(pool: SeatPool, old: Schedule, new: Schedule) -> datetime.datetime | None:
    """Return the earlier begin of the first session where it was moved (schema.org previousStartDate)."""
    begins = [min((row[0] for row in rows.values()), default=None) for rows in (old, new)]
    if begins[0] is None or begins[0] == begins[1]:
        return pool.rescheduled_from
    return datetime.datetime.fromisoformat(begins[0])


def _meaning(schedule: dict[str, Any]) -> Any:
    """What people would notice: a place written with another accent or comma is the same place."""
    rows = schedule["sessions"].values()
    return schedule["status"], sorted((row[0], row[1], venues.simplest(row[2]), row[3]) for row in rows)


def _tell(pool: SeatPool, old: dict[str, Any], new: dict[str, Any], now: datetime.datetime) -> None:
    pending = Message.objects.unsent().filter(
        registration__pool=pool, occasion__in=_OCCASIONS, state=Message.State.QUEUED, attempts=0
    )
    first = pending.order_by("version").first()
    if first is not None:
        # nobody has been told of the change before this one: what counts is the difference from what people know
        old = first.details.get("before", old)
        pending.update(state=Message.State.DROPPED, finished_at=now)
    occasion = _occasion(old, new, now)
    if occasion is None:
        return
    rows = Registration.objects.filter(pool=pool).current()
    if occasion == Occasion.EVENT_MOVED:
        rows = rows.holding()
    messages.queue_many(
        rows, occasion, version=pool.sequence, details={"before": old}, due_at=now + SECOND_THOUGHTS
    )


_OCCASIONS = (Occasion.EVENT_MOVED, Occasion.EVENT_CANCELLED, Occasion.EVENT_POSTPONED)


def _occasion(old: dict[str, Any], new: dict[str, Any], now: datetime.datetime) -> str | None:
    """Return what people are to be told, None where nothing changes for them."""
    if _meaning(old) == _meaning(new):
        return None
    ends = [row[1] for one in (old, new) for row in one["sessions"].values()]
    if ends and max(ends) < now.astimezone(datetime.UTC).isoformat():
        return None
    if new["status"] != "scheduled":
        told = {"cancelled": Occasion.EVENT_CANCELLED, "postponed": Occasion.EVENT_POSTPONED}
        return None if old["status"] == new["status"] else told[new["status"]]
    return Occasion.EVENT_MOVED
