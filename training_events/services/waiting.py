"""Moving up from the waiting list."""

from __future__ import annotations

import datetime

from django.db.models import F, QuerySet
from wagtail.log_actions import log

from core.models import Place
from core.taxonomy import source_language
from training_events.models import EventPage, Registration, SeatPool, SeatReserve
from training_events.services import history, messages, party, seats


def promote_waiting(pool: SeatPool, *, now: datetime.datetime) -> list[Registration]:
    """Give free seats to waiting parties that fit, in order of arrival; a party that does not fit keeps its place.

    Nobody moves up once registration has closed, the event has begun, does not take place or is not published: a seat given in
    the last minute to somebody who does not know of it helps nobody (pretix issue 1031).

    Args:
        pool: the event's seats.
        now: the moment (aware).

    Returns:
        The parties that moved up.
    """
    moved: list[Registration] = []
    with seats.holding(pool.pk) as held:
        is_on = held.status == "scheduled" and held.is_published
        if not is_on or (held.deadline is not None and held.deadline <= now):
            return moved
        if held.capacity is not None and held.taken >= held.capacity:
            return moved
        # who fits is worked out here from rows read once: a long list must not keep everybody else waiting for the pool
        reserves = list(SeatReserve.objects.filter(pool=held))
        for row in list(Registration.objects.filter(pool=held).waiting().select_related("place")):
            claims = party.claims_among(reserves, row.place, row.group_key)
            reserve = seats.best(held, row.party_size, claims, now=now)
            if not seats.has_room(held, row.party_size, reserve, now=now):
                continue
            if seats.take(held.pk, row.party_size, now=now, reserve_id=reserve.pk if reserve else None):
                row.reserve = reserve
                seat(row, held, history.SYSTEM, now=now)
                moved.append(row)
                held.refresh_from_db()
                reserves = list(SeatReserve.objects.filter(pool=held))
    return moved


def seat(
    row: Registration, pool: SeatPool, by: history.Actor, *, now: datetime.datetime, tell: bool = True
) -> None:
    """Turn a waiting party whose seats were just taken into one that has them; to be called while holding the pool.

    ``tell``: whether the party is written to; somebody who stands at the door knows.
    """
    needs_approval = pool.approval and row.approved_at is None
    row.status = Registration.Status.PENDING if needs_approval else Registration.Status.CONFIRMED
    row.moved_up_at = now
    row.version += 1
    row.save(update_fields=["status", "reserve", "moved_up_at", "version"])
    history.record(row, history.Action.OVERRIDDEN if by.overrides else history.Action.MOVED_UP, by, now=now)
    if tell:
        messages.queue_moved_up(row)


def release_due(*, now: datetime.datetime) -> int:
    """Give seats that are held back no longer to those who wait; return how many parties moved up.

    To be run every few minutes; a registration or cancellation after that moment does the same for its own event.
    """
    due = SeatPool.objects.filter(held__gt=0, held_until__lte=now)
    return sum(len(release(pool, now=now)) for pool in due) + release_lost(now=now)


def lost_reserves() -> QuerySet[SeatReserve]:
    """Return reserves that hold seats back for communes which are not there any more: nobody can say that he is from there."""
    communes = Place.objects.order_by().values("translation_key")
    return SeatReserve.objects.filter(place_key__isnull=False, capacity__gt=0).exclude(place_key__in=communes)


def release_lost(*, now: datetime.datetime) -> int:
    """Give seats that were held back for communes which were deleted to everybody; return how many parties moved up.

    The history of the event's page says so.
    """
    moved = 0
    for pool in SeatPool.objects.filter(pk__in=lost_reserves().values("pool")):
        with seats.holding(pool.pk) as held:
            rows = list(lost_reserves().filter(pool=held))
            freed = seats.give_up(held.pk, rows)
            held.refresh_from_db()
            if freed:
                _note(held, rows, freed)
            moved += len(promote_waiting(held, now=now))
    return moved


def _note(pool: SeatPool, rows: list[SeatReserve], freed: int) -> None:
    page = EventPage.objects.filter(
        translation_key=pool.event_key, locale__language_code=source_language()
    ).first()
    if page is not None:
        data = {"labels": [one.label for one in rows], "seats": freed}
        log(instance=page, action="training_events.release", data=data)


def release(pool: SeatPool, *, now: datetime.datetime) -> list[Registration]:
    """Give seats whose time of being held back is over to those who wait, before anybody else takes them."""
    with seats.holding(pool.pk) as held:
        if not held.held or held.held_at(now):
            return []
        SeatReserve.objects.filter(pool=held, capacity__gt=F("taken")).update(capacity=F("taken"))
        SeatPool.objects.filter(pk=held.pk).update(held=0)
        return promote_waiting(held, now=now)
