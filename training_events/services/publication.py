"""What becomes of seats when pages are taken down, deleted or moved to another office."""

from __future__ import annotations

import datetime
import uuid

from django.db.models import Q, QuerySet
from wagtail.models import Locale, Site

from core.taxonomy import source_language
from training_events.models import EventPage, SeatPool
from training_events.services import pools, purge, seats


def withdraw(event_key: uuid.UUID) -> None:
    """Note that a page was unpublished or deleted: without one in any language, nobody registers or moves up any more.

    Those who have seats keep them, and their slips open: what becomes of the class is for the office to say.
    """
    for pool in SeatPool.objects.filter(event_key=event_key):
        with seats.holding(pool.pk):
            SeatPool.objects.filter(pk=pool.pk).update(is_published=pools.is_published(event_key))


def follow(pages: QuerySet[EventPage], site: Site | None, *, now: datetime.datetime) -> None:
    """Give the seats of pages that were moved to the office to whose website they belong now.

    Slips open on the website of the office that holds the class, and its rules say for how long registrations are kept. The page
    in the source language decides, as it does for everything.

    Args:
        pages: events and series that were moved, in any language.
        site: the website below which they lie now.
        now: the moment (aware) for events without a date.
    """
    if site is None:
        return
    source = Locale.objects.filter(language_code=source_language())
    decided = EventPage.objects.filter(locale__in=source).values("translation_key")
    moved = pages.filter(Q(locale__in=source) | ~Q(translation_key__in=decided))
    keys = list(moved.values_list("translation_key", flat=True))
    if SeatPool.objects.filter(event_key__in=keys).exclude(site=site).update(site=site):
        purge.shorten(site.pk, now=now)
