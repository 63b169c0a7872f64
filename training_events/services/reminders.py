"""What the calendar itself brings: reminders before a class, thanks after it. Planned anew every few minutes, queued once.

A reminder is known by the day that it speaks of, so a class that is moved to another day is reminded of again, and one that
is moved by an hour is not (the message about the change has told that).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from training_events.models import Attendance, EventPage, Message, Occasion, Registration, SeatPool
from training_events.services import messages, schedule

_MORNING, _DAYS_BEFORE_AT, _NIGHT = datetime.time(6), datetime.time(8), datetime.time(21)
#: Before a class that begins early there must be time to get ready.
_LEAD = datetime.timedelta(minutes=90)
_THANKS_AFTER, _THANKS_WITHIN = datetime.timedelta(hours=3), datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Plan:
    occasion: str
    day: int
    at: datetime.datetime
    until: datetime.datetime


def plan(*, now: datetime.datetime) -> int:
    """Queue every reminder and every thanks of a published class whose time has come; return how many messages are new."""
    first, last = now - _THANKS_WITHIN - datetime.timedelta(days=1), now + datetime.timedelta(days=32)
    published = EventPage.objects.live().values("translation_key")
    pools = SeatPool.objects.filter(
        status="scheduled", ends_at__gte=first, starts_at__lte=last, event_key__in=published
    )
    made = 0
    for pool in pools:
        for one in _plans(pool):
            if one.at <= now < one.until:
                made += _queue(pool, one)
    return made


def _plans(pool: SeatPool) -> Iterator[_Plan]:
    sessions = schedule.taking_place(pool.schedule)
    if not sessions:
        return
    begins = {timezone.localtime(begin).toordinal(): begin for begin, _end in reversed(sessions)}
    if pool.reminder_morning:
        for day, begin in begins.items():
            at = min(_local(begin, _MORNING), begin - _LEAD)
            yield _Plan(Occasion.REMINDER_MORNING, day, at, begin)
    if pool.reminder_days:
        begin = sessions[0][0]
        at = _local(begin - datetime.timedelta(days=pool.reminder_days), _DAYS_BEFORE_AT)
        day = timezone.localtime(begin).toordinal()
        yield _Plan(Occasion.REMINDER_DAYS, day, at, _local(begin, datetime.time.min))
    if pool.ask_feedback:
        end = max(end for _begin, end in sessions)
        yield _Plan(
            Occasion.THANKS, timezone.localtime(end).toordinal(), _by_day(end + _THANKS_AFTER), end + _THANKS_WITHIN
        )  # fmt: skip


def _local(moment: datetime.datetime, clock: datetime.time) -> datetime.datetime:
    """Return ``clock`` on the local day of ``moment``."""
    return timezone.make_aware(datetime.datetime.combine(timezone.localtime(moment).date(), clock))


def _by_day(moment: datetime.datetime) -> datetime.datetime:
    """Return ``moment``, or the next morning at 8 where people sleep."""
    clock = timezone.localtime(moment).time()
    if clock >= _NIGHT:
        return _local(moment + datetime.timedelta(days=1), _DAYS_BEFORE_AT)
    return _local(moment, _DAYS_BEFORE_AT) if clock < _MORNING else moment


def _queue(pool: SeatPool, one: _Plan) -> int:
    told = Message.objects.filter(occasion=one.occasion, version=one.day).values("registration")
    rows = Registration.objects.filter(pool=pool).confirmed().exclude(pk__in=told)
    if one.occasion == Occasion.THANKS:
        came = Attendance.objects.filter(participant__registration__pool=pool)
        if came.exists():
            # where a list was kept, nobody is thanked for having stayed at home
            rows = rows.filter(participants__in=came.values("participant")).distinct()
    else:
        # who got the seat after that moment has just been told everything
        rows = [row for row in rows if _seated_at(row) < one.at]  # type: ignore[assignment]
    return messages.queue_many(rows, one.occasion, version=one.day, due_at=one.at, expires_at=one.until)


def _seated_at(row: Registration) -> datetime.datetime:
    moments = (row.created_at, row.moved_up_at, row.approved_at)
    return max(moment for moment in moments if moment is not None)
