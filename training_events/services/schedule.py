"""Dates and places as published: every change of them raises the event's SEQUENCE, and those who have seats are told."""

from __future__ import annotations

import datetime
import json

from django.utils import timezone

from training_events import timetable, twins, venues
from training_events.models import ABOUT_EVENT, EventPage, Message, Occasion, Registration, SeatPool
from training_events.models.session import EventSession
from training_events.services import messages, pools, seats, told
from training_events.timetable import Stored
from training_events.twins import Twins

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
    sessions, double = snapshot(page)
    fresh: Stored = {"status": page.status_in_force, "sessions": sessions}
    with seats.holding(pool.pk) as held:
        replace(held, fresh, now=now, double=double)


def replace(held: SeatPool, fresh: Stored, *, now: datetime.datetime, double: Twins | None = None) -> None:
    """Store the dates as published now, and queue what each party does not know yet; to be called while holding the pool.

    Also where nothing was changed: a class that was taken down before people were told of a change is told of when it comes back.

    Args:
        held: the seats.
        fresh: the dates as published.
        now: the moment (aware).
        double: dates of a series that are those of its classes: that they are stored once from now on is no news.
    """
    stored: Stored | None = held.schedule
    if stored != fresh:
        held.schedule, held.schedule_changed_at = fresh, now
        if stored is not None:
            held.sequence += 1
            held.rescheduled_from = _moved_from(held, stored["sessions"], fresh["sessions"])
        held.save(update_fields=["schedule", "schedule_changed_at", "sequence", "rescheduled_from"])
    if stored is not None:
        _tell(held, stored, now, double or {})


def snapshot(page: EventPage) -> tuple[Schedule, Twins]:
    """Return the sessions of an event, those of a series' live classes included, as they stand in the database, each date once.

    With them comes which sessions of the series are left out, and which session of a class each of them is.
    """
    pages = {page.pk: page}
    if page.registers_for_children:
        rows = EventPage.objects.child_of(page).live().select_related("venue_place")
        pages.update({one.pk: one for one in rows})
    sessions = list(EventSession.objects.filter(page_id__in=pages).order_by("starts_at", "pk"))
    own = [row for row in sessions if row.page_id == page.pk]
    double = twins.of(own, [row for row in sessions if row.page_id != page.pk])
    found: Schedule = {}
    for row in sessions:
        if row.translation_key in double:
            continue
        on = pages[row.page_id]
        commune = str(on.venue_place) if on.venue_place else ""
        place = venues.line(on.venue_name, commune, on.venue_address)
        moments = [one.astimezone(datetime.UTC).isoformat() for one in (row.starts_at, row.ends_at)]
        found[str(row.translation_key)] = [*moments, place, on.status]
    return found, double


def taking_place(schedule: Stored | None) -> list[tuple[datetime.datetime, datetime.datetime]]:
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


def _tell(pool: SeatPool, old: Stored, now: datetime.datetime, double: Twins) -> None:
    """Queue to each party the difference between what it knows and what holds now; drop what is not to be told any more."""
    new: Stored = pool.schedule or old
    messages_of = told.of_pool(pool.pk)
    if old == new and not messages_of:
        return
    useless: list[int] = []
    wanted: dict[str, tuple[str, Stored, list[Registration]]] = {}
    for row in Registration.objects.filter(pool=pool).current():
        mine = messages_of.get(row.pk, [])
        before = told.known(mine) or old
        occasion = news(timetable.once(before, double), new, row, now=now)
        waits = False
        for one in mine:
            if one.state == Message.State.QUEUED and one.occasion in ABOUT_EVENT:
                # one that says the same is on its way already, however often it was tried
                same = one.occasion == occasion and timetable.same(one.details.get("after"), new)
                waits = waits or same
                useless += [] if same else [one.pk]
        if occasion is not None and not waits:
            key = f"{occasion} {json.dumps(before, sort_keys=True)}"
            wanted.setdefault(key, (occasion, before, []))[2].append(row)
    Message.objects.filter(pk__in=useless, state=Message.State.QUEUED).update(
        state=Message.State.DROPPED, finished_at=now
    )
    if wanted and old == new:
        # what was queued for this number before was dropped or given up
        pool.sequence += 1
        pool.save(update_fields=["sequence"])
    for occasion, before, rows in wanted.values():
        details = {"before": before, "after": new}
        messages.queue_many(
            rows, occasion, version=pool.sequence, details=details, due_at=now + SECOND_THOUGHTS
        )


def news(known: Stored, fresh: Stored, row: Registration, *, now: datetime.datetime) -> str | None:
    """Return the occasion by which a party that knows ``known`` has to hear of ``fresh``; None where nothing changes for it.

    Who waits is not told of other hours and places, but must hear that a class takes place after all.

    Args:
        known: the dates that the party knows.
        fresh: the dates that hold.
        row: its registration.
        now: the moment (aware): what is over is no news.
    """
    if timetable.same(known, fresh):
        return None
    # a date on which nothing took place tells nobody anything: who waits for a new one learns of it, or that there is none
    dated = [one for one in (known, fresh) if "postponed" not in (one["status"], known["status"])]
    ends = [one[1] for some in dated for one in some["sessions"].values()]
    if ends and max(ends) < now.astimezone(datetime.UTC).isoformat():
        return None
    if fresh["status"] != "scheduled":
        told_by = {"cancelled": Occasion.EVENT_CANCELLED, "postponed": Occasion.EVENT_POSTPONED}
        return None if known["status"] == fresh["status"] else told_by[fresh["status"]]
    was_off = known["status"] != "scheduled"
    return Occasion.EVENT_MOVED if row.holds_seats or was_off else None
