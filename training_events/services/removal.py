"""What speaks against deleting or unpublishing pages of events: people who are registered and would hear nothing of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Max, Q
from wagtail.models import Page

from core.taxonomy import source_language
from training_events.models import EventPage, Message, Occasion, Registration, SeatPool
from training_events.models.pool import EventStatus
from training_events.querysets import RegistrationQuerySet


class Why(StrEnum):
    """What is still to be done before the page goes."""

    CANCEL = "cancel"
    TELL = "tell"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """An event that keeps a page from going: its title, how many registrations there are, and until when they are kept."""

    why: Why
    title: str
    count: int
    kept_until: datetime.date


def hindrance(pages: Iterable[Page], *, now: datetime.datetime) -> Hindrance | None:
    """Return the first event below ``pages`` (or among them) that must not be deleted yet, None where they may go.

    The screens of staff hang on the page. So an event to come is cancelled first, which tells everybody; who has no email is
    told by telephone before the list of those calls goes; and registrations of a past class stay until they are deleted
    when their time has come. A translation may go as long as the page in the source language stays.

    Args:
        pages: the pages that are to be deleted, with all that is below them.
        now: the moment (aware).
    """
    for pool, rows in _concerned(pages):
        if pool.ends_at is not None and pool.ends_at < now:
            why = Why.KEPT
        elif pool.status != EventStatus.CANCELLED:
            why = Why.CANCEL
        elif _untold(pool):
            why = Why.TELL
        else:
            continue
        kept = rows.aggregate(last=Max("keep_until"))["last"]
        return Hindrance(why, pool.title, rows.count(), kept)
    return None


def expected(pages: Iterable[Page], *, now: datetime.datetime) -> Hindrance | None:
    """Return the first event to come below ``pages`` (or among them) for which people are registered."""
    for pool, rows in _concerned(pages):
        is_over = pool.ends_at is not None and pool.ends_at < now
        if not is_over and pool.status != EventStatus.CANCELLED:
            kept = rows.aggregate(last=Max("keep_until"))["last"]
            return Hindrance(Why.CANCEL, pool.title, rows.count(), kept)
    return None


def _concerned(pages: Iterable[Page]) -> Iterator[tuple[SeatPool, RegistrationQuerySet]]:
    """Return pools with current registrations that would be left without a page in the source language."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    going = EventPage.objects.filter(below)
    keys = set(going.values_list("translation_key", flat=True))
    stay = EventPage.objects.filter(translation_key__in=keys, locale__language_code=source_language())
    keys -= set(stay.exclude(pk__in=going.values("pk")).values_list("translation_key", flat=True))
    for pool in SeatPool.objects.filter(event_key__in=keys):
        rows = Registration.objects.current().filter(pool=pool)
        if rows.exists():
            yield pool, rows


def _untold(pool: SeatPool) -> bool:
    """Whether somebody has not heard of the cancellation: a message under way, or a call that staff have yet to make."""
    rows = Message.objects.filter(
        registration__in=Registration.objects.current().filter(pool=pool), occasion=Occasion.EVENT_CANCELLED
    )
    return (rows.unsent() | rows.for_staff()).exists()
