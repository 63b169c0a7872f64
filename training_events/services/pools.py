"""The pool of an event: made when the event is first published, brought up to date with every publication."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import Place
from core.taxonomy import source_language
from training_events import retention
from training_events.models import EventPage, EventSeriesPage, Registration, SeatPool, SeatReserve
from training_events.services import answers, seats, waiting


def sync_pool(event: EventPage, *, now: datetime.datetime | None = None) -> SeatPool:
    """Copy the rules that ``event`` states into its pool and move waiting parties up where seats became free.

    Where the event has a live page in the source language, that page's rules hold, whichever translation is published:
    a translation that was not synchronised must not bring back old seats or reopen a cancelled event. A class of a series has
    no rules of its own: publishing it brings the dates of the series up to date.

    Args:
        event: the published page, in any language.
        now: the moment (aware) that decides whether parties may still move up.
    """
    now = now or timezone.now()
    event._state.fields_cache.pop("seat_pool", None)
    source = rule_page(event)
    pool = ensure_pool(source)
    site = source.get_site()
    with seats.holding(pool.pk) as held:
        ended_at, was_postponed = held.ends_at, held.is_postponed
        before = (ended_at, was_postponed, held.keep_days, held.keep_contact_days)
        for name, value in source.pool_rules().items():
            setattr(held, name, value)
        if site is not None:
            held.site = site
        held.is_published = is_published(held.event_key)
        # what services.seats counts is left out, so that nothing read earlier is written back
        held.save(update_fields=["site", "is_published", *source.pool_rules()])
        if (held.ends_at, held.is_postponed, held.keep_days, held.keep_contact_days) != before:
            retention.hold_to(held, ended_at, now=now, was_postponed=was_postponed)
            answers.date(held, ended_at, now=now)
        answers.follow(held, source, now=now)
        _sync_reserves(held, source)
        waiting.promote_waiting(held, now=now)
    return pool


def is_published(event_key: uuid.UUID) -> bool:
    """Return whether a page with this key is published in any language."""
    return EventPage.objects.live().filter(translation_key=event_key).exists()


def _sync_reserves(pool: SeatPool, page: EventPage) -> None:
    """Bring the seats held back in line with the page. Who has a seat already counts among those of his commune."""
    stored: dict[Any, SeatReserve] = {row.key: row for row in pool.reserves.all()}
    rows = list(page.held_seats.select_related("place")) if page.pk else []
    if not stored and not rows:
        return
    for one in rows:
        row = stored.pop(one.translation_key, None) or SeatReserve(pool=pool, key=one.translation_key)
        row.label, row.capacity = one.label, one.seats
        row.place_key = one.place.translation_key if one.place is not None else _lost_place(row)
        if row.place_key is not None and one.place is None:
            row.capacity = 0
        row.save()
    for gone in stored.values():
        Registration.objects.filter(reserve=gone).update(reserve=None)
        gone.delete()
    here: Any = Registration.objects.filter(pool=pool)
    groups = SeatReserve.objects.filter(pool=pool, place_key=None)
    in_groups = list(here.holding().filter(reserve__in=groups).values_list("pk", flat=True))
    for row in SeatReserve.objects.filter(pool=pool, place_key__isnull=False):
        key = row.place_key
        # who has no commune any more lost it with the commune itself, not the seat
        here.filter(reserve=row, place__isnull=False).exclude(place__translation_key=key).update(reserve=None)
        here.filter(place__translation_key=key).exclude(pk__in=in_groups).update(reserve=row)
    for row in groups:
        here.filter(reserve=None, group_key=row.key).update(reserve=row)
    seats.count_reserves(pool.pk)


def _lost_place(row: SeatReserve) -> uuid.UUID | None:
    """Return the commune of a reserve whose commune was deleted; None where the editor made it one for a group.

    Deleting a commune empties the field on the page, and seats without a commune are those of a group, which anybody may name.
    Nothing is held back for it any more (``waiting.release_lost``).
    """
    key = row.place_key
    return None if key and Place.objects.filter(translation_key=key).exists() else key


def rule_page(event: EventPage) -> EventPage:
    """Return the page whose rules hold for the seats of ``event``: in the source language, the series for its classes."""
    if event.is_in_series:
        rows = EventSeriesPage.objects.filter(translation_key=event.seats_key).select_related("locale")
        pages = {row.locale.language_code: row for row in rows}
        found = pages.get(source_language()) or pages.get(event.locale.language_code)
        return found or event
    if event.locale.language_code == source_language():
        return event
    source = (
        EventPage.objects.live()
        .filter(translation_key=event.translation_key, locale__language_code=source_language())
        .first()
    )
    return source.specific if source is not None else event


def ensure_pool(event: EventPage) -> SeatPool:
    """Return the event's pool, made from its page where there is none yet (two at once make one)."""
    pool = SeatPool.objects.filter(event_key=event.seats_key).first()
    if pool is not None:
        return pool
    page = rule_page(event)
    with transaction.atomic():
        pool, _created = SeatPool.objects.get_or_create(
            event_key=page.seats_key, defaults={"site": page.get_site(), **page.pool_rules()}
        )
    return pool
