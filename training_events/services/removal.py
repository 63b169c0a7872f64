"""What speaks against deleting or unpublishing pages of events: people who are registered and would hear nothing of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Max, Q
from wagtail.models import Page

from core.taxonomy import source_language
from training_events.models import ABOUT_EVENT, EventPage, Message, Occasion, Registration, SeatPool
from training_events.models.pool import EventStatus
from training_events.querysets import RegistrationQuerySet


class Why(StrEnum):
    """What is still to be done before the page goes."""

    CANCEL = "cancel"
    TELL = "tell"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """An event that keeps a page from going: its title, how many registrations there are, and until when they are kept.

    ``one_class``: title of the class that is to go from a series called ``title``; empty where the event itself goes.
    """

    why: Why
    title: str
    count: int
    kept_until: datetime.date
    one_class: str = ""


@dataclass(frozen=True, slots=True)
class _Concern:
    """Seats with current registrations that would lose their page, or one date of several (``one_class``)."""

    pool: SeatPool
    rows: RegistrationQuerySet
    one_class: EventPage | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether what is to go does not take place: the event, or the class alone."""
        own = self.one_class.status if self.one_class else ""
        return EventStatus.CANCELLED in (self.pool.status, own)

    def is_over(self, now: datetime.datetime) -> bool:
        """Whether what is to go was before ``now`` (aware)."""
        ends_at = self.one_class.ends_at if self.one_class else self.pool.ends_at
        return ends_at is not None and ends_at < now

    @property
    def is_untold(self) -> bool:
        """Whether somebody has not heard of the cancellation: a message under way, or a call that staff have yet to make.

        A class that is cancelled in a series is told of as a change of the series' dates.
        """
        occasions = ABOUT_EVENT if self.one_class else (Occasion.EVENT_CANCELLED,)
        rows = Message.objects.filter(registration__in=self.rows, occasion__in=occasions)
        return (rows.unsent() | rows.for_staff()).exists()

    def because(self, why: Why) -> Hindrance:
        """Return it as what editors are told."""
        kept = self.rows.aggregate(last=Max("keep_until"))["last"]
        title = self.one_class.title if self.one_class else ""
        return Hindrance(why, self.pool.title, self.rows.count(), kept, title)


def hindrance(pages: Iterable[Page], *, now: datetime.datetime) -> Hindrance | None:
    """Return the first event below ``pages`` (or among them) that must not be deleted yet, None where they may go.

    The screens of staff hang on the page. So an event to come is cancelled first, which tells everybody; who has no email is
    told by telephone before the list of those calls goes; and registrations of a past class stay until they are deleted
    when their time has come. The same holds for one class of a series: who registered for the series counts on its date. A
    translation may go as long as the page in the source language stays.

    Args:
        pages: the pages that are to be deleted, with all that is below them.
        now: the moment (aware).
    """
    for concern in _concerned(pages):
        if concern.is_over(now):
            return concern.because(Why.KEPT)
        if not concern.is_cancelled:
            return concern.because(Why.CANCEL)
        if concern.is_untold:
            return concern.because(Why.TELL)
    return None


def expected(pages: Iterable[Page], *, now: datetime.datetime) -> Hindrance | None:
    """Return the first event to come below ``pages`` (or among them) for which people are registered."""
    for concern in _concerned(pages):
        if not concern.is_over(now) and not concern.is_cancelled:
            return concern.because(Why.CANCEL)
    return None


def leaving(page: EventPage, *, now: datetime.datetime) -> Hindrance | None:
    """Return what keeps a class from leaving its series for another place in the tree: the same as from being deleted."""
    return hindrance([page], now=now) if page.is_in_series else None


def _concerned(pages: Iterable[Page]) -> Iterator[_Concern]:
    """Return what people are registered for and would be left without a page in the source language."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    going = EventPage.objects.filter(below)
    keys = set(going.values_list("translation_key", flat=True))
    stay = EventPage.objects.filter(translation_key__in=keys, locale__language_code=source_language())
    keys -= set(stay.exclude(pk__in=going.values("pk")).values_list("translation_key", flat=True))
    for pool in SeatPool.objects.filter(event_key__in=keys):
        yield from _with_people(_Concern(pool, Registration.objects.current().filter(pool=pool)))
    # a class that is not published is no date of the series: nobody counts on it, or it was taken back when it was taken down
    classes = going.live().filter(translation_key__in=keys).exclude(pool_key__in=keys).exclude(pool_key=None)
    rows = sorted(
        classes.select_related("locale"), key=lambda one: one.locale.language_code == source_language()
    )
    # of several languages the source is last and stays
    for key, one in {row.translation_key: row for row in rows}.items():
        for pool in SeatPool.objects.filter(event_key=one.seats_key).exclude(event_key=key):
            yield from _with_people(_Concern(pool, Registration.objects.current().filter(pool=pool), one))


def _with_people(concern: _Concern) -> Iterator[_Concern]:
    if concern.rows.exists():
        yield concern
