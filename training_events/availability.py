"""What a visitor can do about an event at a moment: register, wait, or why not. One rule for pages, forms and services."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates

if TYPE_CHECKING:
    from training_events.models import SeatPool


class Kind(StrEnum):
    """The states, each with its own sentence."""

    OPEN = "open"
    WAITING = "waiting"
    FULL = "full"
    RESERVED = "reserved"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    STAFF_ONLY = "staff_only"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


_TONES = {
    Kind.OPEN: "leaf",
    Kind.WAITING: "basalt",
    Kind.FULL: "basalt",
    Kind.RESERVED: "basalt",
    Kind.CANCELLED: "error",
    Kind.POSTPONED: "error",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """The state of an event at a moment. ``seats_left`` is None where there is no limit."""

    kind: Kind
    seats_left: int | None
    opens_at: datetime.datetime | None
    closes_at: datetime.datetime | None = None
    held: int = 0
    #: Whether name and phone number are all that must be given; where not, the sentence does not promise it.
    asks_little: bool = True

    @property
    def can_register(self) -> bool:
        """Whether the form is offered, for a seat or for the waiting list."""
        return self.kind in (Kind.OPEN, Kind.WAITING, Kind.RESERVED)

    @property
    def tone(self) -> str:
        """Tone of the badge."""
        return _TONES.get(self.kind, "soft")

    @property
    def label(self) -> str:
        """The state in a few words, for a badge."""
        if self.kind is Kind.OPEN:
            if self.seats_left is None:
                return _("Registration open")
            return ngettext("%(count)s seat left", "%(count)s seats left", self.seats_left) % {
                "count": dates.number_label(self.seats_left)
            }
        return {
            Kind.WAITING: _("Full, waiting list open"),
            Kind.FULL: _("Full"),
            Kind.RESERVED: _("Only seats held back are left"),
            Kind.NOT_OPEN: _("Registration not open yet"),
            Kind.CLOSED: _("Registration closed"),
            Kind.STAFF_ONLY: _("For staff"),
            Kind.POSTPONED: _("Postponed"),
            Kind.CANCELLED: _("Cancelled"),
            Kind.ENDED: _("Ended"),
            Kind.WITHDRAWN: _("No registration at present"),
        }[self.kind]

    @property
    def sentence(self) -> str:
        """What it means for the visitor, in one or two sentences."""
        if self.kind is Kind.NOT_OPEN and self.opens_at:
            return _("Registration opens on %(date)s at %(time)s.") % _moment(self.opens_at)
        if self.kind is Kind.CLOSED and self.closes_at:
            return _("Registration closed on %(date)s at %(time)s.") % _moment(self.closes_at)
        if self.kind is Kind.OPEN and not self.asks_little:
            return _("Registration is free.")
        return {
            Kind.OPEN: _("Registration is free. Your name and a phone number are enough."),
            Kind.WAITING: _(
                "All seats are taken. Join the waiting list: whoever came first moves up when a seat becomes free."
            ),
            Kind.FULL: _("All seats are taken and there is no waiting list."),
            Kind.RESERVED: _(
                "The seats that are left are held back for some communes or groups. "
                "If you belong to one of them, register; the form says which."
            ),
            Kind.NOT_OPEN: _("Registration is not open yet."),
            Kind.CLOSED: _("Registration is closed."),
            Kind.STAFF_ONLY: _(
                "This class is for officials. Sign in with your office's account to register."
            ),
            Kind.POSTPONED: _(
                "This class is postponed. The new date will stand on this page; registered seats are kept."
            ),
            Kind.CANCELLED: _(
                "This class does not take place. We are sorry; please look at the other classes."
            ),
            Kind.ENDED: _("This class is over."),
            Kind.WITHDRAWN: _(
                "The office takes no registrations for this class at present. Please ask by phone."
            ),
        }[self.kind]


def _moment(value: datetime.datetime) -> dict[str, str]:
    return {"date": dates.weekday_date(value), "time": dates.time_label(value)}


def availability(
    pool: SeatPool,
    now: datetime.datetime,
    *,
    status: str = "",
    ends_at: datetime.datetime | None = None,
) -> Availability:
    """Return the state of ``pool`` at ``now`` (aware). The first reason that holds decides.

    Args:
        pool: the seats.
        now: the moment (aware).
        status: status of one class of a series, where it differs from that of the series.
        ends_at: end of that class.
    """
    kind = _kind(pool, now, status or pool.status, ends_at or pool.ends_at)
    return Availability(kind, pool.free_at(now), pool.opens_at, pool.deadline, held=pool.held_at(now))


def _kind(pool: SeatPool, now: datetime.datetime, status: str, ends_at: datetime.datetime | None) -> Kind:
    if "cancelled" in (status, pool.status):
        return Kind.CANCELLED
    if (
        not pool.is_published
        and "postponed" not in (status, pool.status)
        and (ends_at is None or ends_at >= now)
    ):
        return Kind.WITHDRAWN
    # before the end: a day on which nothing took place ends nothing
    if "postponed" in (status, pool.status):
        return Kind.POSTPONED
    if ends_at is not None and ends_at < now:
        return Kind.ENDED
    if pool.deadline is not None and pool.deadline <= now:
        return Kind.CLOSED
    if pool.staff_only:
        return Kind.STAFF_ONLY
    return kind_of_seats(pool, now)


def kind_of_seats(pool: SeatPool, now: datetime.datetime) -> Kind:
    """Return the state that opening time and seats make, for those who may register at all."""
    if pool.opens_at is not None and now < pool.opens_at:
        return Kind.NOT_OPEN
    if pool.free_at(now) != 0:
        return Kind.OPEN
    if pool.held_at(now) and pool.capacity is not None and pool.taken < pool.capacity:
        return Kind.RESERVED
    return Kind.WAITING if pool.waiting_list else Kind.FULL
