"""Whether a message still says what holds, decided at the moment at which it goes out."""

from __future__ import annotations

import datetime
from enum import Enum, auto

from django.utils import timezone

from training_events.models import ABOUT_EVENT, EventPage, Message, Occasion, Registration, SeatPool
from training_events.services import schedule, seats, told

Status = Registration.Status
REMINDERS = (Occasion.REMINDER_DAYS, Occasion.REMINDER_MORNING)
#: What the calendar brings needs a class that is published.
_BY_CALENDAR = (*REMINDERS, Occasion.THANKS)
#: How long a message waits that can be neither sent nor dropped yet.
WAIT_FOR = schedule.SECOND_THOUGHTS
#: In the details of a message while a worker sends it; left behind by a worker that died, whose message may have arrived.
BEING_TOLD = "being_told"

#: A message is dropped where the registration does not stand as it says any more: a later message tells how it does.
_HOLDS_FOR: dict[str, tuple[str, ...]] = {
    Occasion.CONFIRMED: (Status.CONFIRMED,),
    Occasion.PENDING: (Status.PENDING,),
    Occasion.APPROVED: (Status.CONFIRMED,),
    Occasion.REFUSED: (Status.REFUSED,),
    Occasion.WAITING: (Status.WAITING,),
    Occasion.MOVED_UP: (Status.CONFIRMED, Status.PENDING),
    Occasion.CHANGED: (Status.CONFIRMED, Status.PENDING, Status.WAITING),
    Occasion.CANCELLED: (Status.CANCELLED,),
    Occasion.REMINDER_DAYS: (Status.CONFIRMED,),
    Occasion.REMINDER_MORNING: (Status.CONFIRMED,),
    Occasion.EVENT_MOVED: (Status.CONFIRMED, Status.PENDING, Status.WAITING),
    Occasion.EVENT_CANCELLED: (Status.CONFIRMED, Status.PENDING, Status.WAITING),
    Occasion.EVENT_POSTPONED: (Status.CONFIRMED, Status.PENDING, Status.WAITING),
    Occasion.THANKS: (Status.CONFIRMED,),
}


class Verdict(Enum):
    """What is to be done with a message now."""

    SEND = auto()
    DROP = auto()
    WAIT = auto()


def settle(message: Message, *, now: datetime.datetime) -> Verdict:
    """Return what is to be done with a claimed message, and enter into its details what it is about to tell.

    What tells dates is settled while the seats are held: an editor who publishes at the same moment comes before or after.

    Args:
        message: with its registration, pool and site.
        now: the moment (aware).
    """
    row = message.registration
    if not (row.email or row.phone):
        return Verdict.DROP
    if message.occasion not in told.TELLS:
        return judge(message, now=now)
    with seats.holding(row.pool_id) as pool:
        pool.site = row.pool.site
        row.pool = pool
        if BEING_TOLD in message.details:
            message.details["unsure"] = True
        verdict = judge(message, now=now)
        if verdict is Verdict.SEND:
            message.details |= {"after": pool.schedule, BEING_TOLD: True}
            Message.objects.filter(pk=message.pk, claim=message.claim).update(details=message.details)
    return verdict


def judge(message: Message, *, now: datetime.datetime) -> Verdict:
    """Return whether what the message says still holds, and still matters."""
    row = message.registration
    pool = row.pool
    if row.status not in _HOLDS_FOR[message.occasion]:
        return Verdict.DROP
    if message.occasion in _BY_CALENDAR and not is_published(pool):
        return Verdict.DROP
    if message.occasion == Occasion.THANKS:
        return Verdict.SEND
    if pool.ends_at is not None and pool.ends_at < now:
        return Verdict.DROP
    if message.occasion in ABOUT_EVENT:
        return _judge_news(message, pool, now)
    if message.occasion in REMINDERS:
        days = {
            timezone.localtime(begins).toordinal() for begins, _ends in schedule.taking_place(pool.schedule)
        }
        return Verdict.SEND if pool.status == "scheduled" and message.version in days else Verdict.DROP
    # a class that is off: the message about that says it
    is_said = pool.status != "cancelled" or message.occasion in (Occasion.CANCELLED, Occasion.REFUSED)
    return Verdict.SEND if is_said else Verdict.DROP


def _judge_news(message: Message, pool: SeatPool, now: datetime.datetime) -> Verdict:
    """Compare the dates that hold with those that the party knows: their meaning counts, not how often they were published."""
    rows = told.of_registration(message.registration_id)
    known = told.known(rows, but=message.pk) or message.details.get("before")
    if known is None or pool.schedule is None:
        return Verdict.DROP
    if schedule.news(known, pool.schedule, message.registration, now=now) != message.occasion:
        return Verdict.DROP
    if not is_published(pool):
        # taken down, perhaps for a correction: what comes back is told then
        return Verdict.WAIT if now < message.expires_at else Verdict.DROP
    message.details["before"] = known
    return Verdict.SEND


def is_published(pool: SeatPool) -> bool:
    """Whether the event has a live page in some language. One query."""
    return EventPage.objects.live().filter(translation_key=pool.event_key).exists()
