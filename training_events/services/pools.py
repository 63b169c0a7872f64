"""The pool of an event: made when the event is first published, brought up to date with every publication."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from core.taxonomy import source_language
from training_events import retention
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import seats, waiting


def sync_pool(event: EventPage, *, now: datetime.datetime | None = None) -> SeatPool:
    """Copy the rules that ``event`` states into its pool and move waiting parties up where seats became free.

    Where the event has a live page in the source language, that page's rules hold, whichever translation is published:
    a translation that was not synchronised must not bring back old seats or reopen a cancelled event.

    Args:
        event: the published page, in any language.
        now: the moment (aware) that decides whether parties may still move up.
    """
    now = now or timezone.now()
    source = _source_page(event)
    pool = ensure_pool(source)
    site = source.get_site()
    with seats.holding(pool.pk) as held:
        ended_at = held.ends_at
        for name, value in source.pool_rules().items():
            setattr(held, name, value)
        if site is not None:
            held.site = site
        # taken and arrivals belong to services.seats: they are left out, so that nothing read earlier is written back
        held.save(update_fields=["site", *source.pool_rules()])
        if held.ends_at != ended_at:
            Registration.objects.filter(pool=held).update(keep_until=retention.keep_until(held, now=now))
        waiting.promote_waiting(held, now=now)
    event._state.fields_cache.pop("seat_pool", None)
    return pool


def _source_page(event: EventPage) -> EventPage:
    if event.locale.language_code == source_language():
        return event
    source = (
        EventPage.objects.live()
        .filter(translation_key=event.translation_key, locale__language_code=source_language())
        .first()
    )
    return source or event


def ensure_pool(event: EventPage) -> SeatPool:
    """Return the event's pool, made from its page where there is none yet (two at once make one)."""
    site = event.get_site()
    with transaction.atomic():
        pool, _created = SeatPool.objects.get_or_create(
            event_key=event.translation_key, defaults={"site": site, **event.pool_rules()}
        )
    return pool
