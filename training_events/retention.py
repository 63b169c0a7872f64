"""Until when registrations are kept: as long as attendance is reported, no longer (Law 91/2025/QH15: minimal data)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from training_events.models import RetentionSettings, SeatPool

#: Days after the last session where neither the event nor the office says anything: attendance is reported each quarter.
RETENTION_DAYS = 90
#: Days after which the registrations of a postponed event go at the latest though no new date was found.
POSTPONED_DAYS = 365
#: Days for which they stay at least when the event is given up: those who waited for a date must be told and may look it up.
GIVEN_UP_DAYS = 7
#: People that a group must have to be named in the totals that remain; smaller groups are merged.
SMALLEST_GROUP = 3


def keep_until(pool: SeatPool, *, now: datetime.datetime) -> datetime.date:
    """Return the last day on which the event's registrations are kept: the event's rule, else the office's.

    Counted from the last session; from ``now`` (aware) for an event whose date is not known yet. A postponed event has promised
    to keep the seats until it has a new date: its registrations stay, but not for ever.
    """
    days = days_kept(pool)
    if pool.is_postponed:
        days = max(days, POSTPONED_DAYS)
    return timezone.localtime(pool.ends_at or now).date() + datetime.timedelta(days=days)


def days_kept(pool: SeatPool) -> int:
    """Return for how many days after the last session registrations are kept."""
    office = None if pool.keep_days else office_rules(pool.site_id)
    return pool.keep_days or (office.keep_days if office else RETENTION_DAYS)


def contact_days(pool: SeatPool) -> int | None:
    """Return for how many days after the last session contacts are kept; None: as long as the registration."""
    office = None if pool.keep_contact_days else office_rules(pool.site_id)
    return pool.keep_contact_days or (office.keep_contact_days if office else None)


def contact_until(pool: SeatPool) -> datetime.date | None:
    """Return the last day on which phone numbers and addresses are kept; None: as long as the registration."""
    days = contact_days(pool)
    if not days or pool.ends_at is None:
        return None
    return timezone.localtime(pool.ends_at).date() + datetime.timedelta(days=days)


def hold_to(
    pool: SeatPool,
    ended_at: datetime.datetime | None,
    *,
    now: datetime.datetime,
    was_postponed: bool | None = None,
) -> int:
    """Bring the days of registrations that are there in line with their event; return how many were changed.

    A new date moves them by as many days. A shorter time holds for them as well, a longer one for new ones only: whoever
    registered agreed to so many days.

    Args:
        pool: the event as it is now.
        ended_at: its end before (aware), None where its date was not known.
        now: the moment (aware).
        was_postponed: whether it was postponed before; as it is now where nothing is said.
    """
    was_postponed = pool.is_postponed if was_postponed is None else was_postponed
    today = timezone.localtime(now).date()
    rows = apps.get_model("training_events.Registration").objects.filter(pool=pool)
    changed = 0
    if (contact := contact_days(pool)) is not None:
        longer = rows.filter(Q(contact_days=None) | Q(contact_days__gt=contact))
        changed += longer.update(contact_days=contact)
    longest = days_kept(pool)
    for agreed, day in list(rows.order_by().values_list("kept_days", "keep_until").distinct()):
        days = min(agreed or longest, longest)
        if pool.ends_at is not None:
            until = timezone.localtime(pool.ends_at).date() + datetime.timedelta(days=days)
            if was_postponed:
                until = max(until, today + datetime.timedelta(days=GIVEN_UP_DAYS))
        elif pool.is_postponed:
            until = day if was_postponed else today + datetime.timedelta(days=max(days, POSTPONED_DAYS))
        elif ended_at is not None or was_postponed:
            until = today + datetime.timedelta(days=days)
        else:
            until = day - datetime.timedelta(days=(agreed or longest) - days)
        if (days, until) != (agreed, day):
            same = rows.filter(kept_days=agreed, keep_until=day)
            changed += same.update(kept_days=days, keep_until=until)
    return changed


def office_rules(site_id: int | None) -> RetentionSettings | None:
    """Return what the office of a website decided, None where it decided nothing."""
    # pages and pools use this module, so it asks the registry
    model: type[RetentionSettings] = apps.get_model("training_events.RetentionSettings")
    return model.objects.filter(site_id=site_id).first() if site_id else None


def answer_until(pool: SeatPool, days: int | None, *, now: datetime.datetime) -> datetime.date | None:
    """Return the last day of answers to a question that are kept for ``days`` only; None: as long as the registration."""
    if days is None:
        return None
    if pool.is_postponed:
        return keep_until(pool, now=now)
    end = pool.ends_at or now
    return min(timezone.localtime(end).date() + datetime.timedelta(days=days), keep_until(pool, now=now))
