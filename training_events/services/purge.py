"""Deleting what is kept no longer. Each event is one transaction: a run that was killed is taken up by the next one."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from training_events import retention
from training_events.models import Answer, Certificate, Message, Registration, RegistrationChange, SeatPool
from training_events.services import access, seats, totals, waiting

#: Fields of the history that repeat a contact.
_CONTACT = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted: registrations (parties), contacts, answers, certificates, looks at personal data."""

    registrations: int = 0
    contacts: int = 0
    answers: int = 0
    certificates: int = 0
    looks: int = 0


def _asks_one_of(wordings: set[str], change: Mapping[str, Any]) -> bool:
    return change.get("question") in wordings


def purge(*, now: datetime.datetime, dry_run: bool = False, say: Callable[[str], None] = print) -> Purged:
    """Delete registrations, contacts and answers whose day has passed, and old looks at personal data.

    May be run as often as one likes; what is deleted is in the totals of its event exactly once.

    Args:
        now: the moment (aware); a day is over when its date has passed in the site's time zone.
        dry_run: count and say what would be deleted, change nothing.
        say: gets one line for each event, without names.
    """
    today = timezone.localtime(now).date()
    due: dict[int, int] = Counter(
        Registration.objects.filter(keep_until__lt=today).order_by().values_list("pool_id", flat=True)
    )
    registrations = 0
    for pool_id, parties in due.items():
        if dry_run:
            registrations += parties
        else:
            registrations += _purge_event(pool_id, today, now)
        say(f"{SeatPool.objects.get(pk=pool_id)}: {parties}")
    answers = _purge_answers(today, dry_run=dry_run)
    contacts = sum(_purge_contacts(pool, dry_run=dry_run) for pool in _without_contacts(today))
    old = Certificate.objects.filter(keep_until__lt=today)
    certificates = old.count() if dry_run else old.delete()[0]
    return Purged(registrations, contacts, answers, certificates, 0 if dry_run else access.purge(now))


def _purge_event(pool_id: int, today: datetime.date, now: datetime.datetime) -> int:
    with seats.holding(pool_id) as pool:
        rows = Registration.objects.filter(pool=pool, keep_until__lt=today)
        purged = totals.replace_by_numbers(pool, rows, now=now)
        waiting.promote_waiting(pool, now=now)
        return purged


def _purge_answers(today: datetime.date, *, dry_run: bool) -> int:
    """Delete answers that are kept for a shorter time than their registration, and what the history says of them."""
    rows = Answer.objects.filter(keep_until__lt=today)
    if dry_run:
        return rows.count()
    deleted = 0
    for registration_id in list(rows.order_by().values_list("registration_id", flat=True).distinct()):
        with transaction.atomic():
            mine = rows.filter(registration_id=registration_id)
            wordings = set(mine.values_list("wording", flat=True))
            _clean_history([registration_id], partial(_asks_one_of, wordings))
            deleted += mine.delete()[0]
    return deleted


def _without_contacts(today: datetime.date) -> list[SeatPool]:
    """Return the events whose contacts are kept no longer though their registrations are."""
    named = Registration.objects.exclude(phone="", email="").order_by().values("pool_id")
    pools = SeatPool.objects.filter(ends_at__lt=timezone.now(), pk__in=named)
    return [pool for pool in pools if (day := retention.contact_until(pool)) is not None and day < today]


def _purge_contacts(pool: SeatPool, *, dry_run: bool) -> int:
    rows = Registration.objects.filter(pool=pool).exclude(phone="", email="")
    if dry_run:
        return rows.count()
    with seats.holding(pool.pk):
        keys = list(rows.values_list("pk", flat=True))
        _clean_history(keys, lambda one: one.get("field") in _CONTACT)
        # what was sent is of no use any more, and names people
        Message.objects.filter(registration__in=keys).update(subject="", text="", problem="", reference="")
        return Registration.objects.filter(pk__in=keys).update(phone="", email="")


def _clean_history(keys: Iterable[int], is_gone: Callable[[dict[str, Any]], bool]) -> None:
    """Take old and new values out of the history; that something was changed, when and by whom stays."""
    for row in RegistrationChange.objects.filter(registration__in=keys).exclude(details=[]):
        cleaned = [
            {name: value for name, value in one.items() if name not in ("old", "new")}
            if is_gone(one)
            else one
            for one in row.details
        ]
        if cleaned != row.details:
            row.details = cleaned
            row.save(update_fields=["details"])


def shorten(site_id: int, *, now: datetime.datetime) -> int:
    """Apply an office's shorter time to registrations that are there; a longer one holds for new ones only.

    Whoever registered agreed to a day; only a rule of the event that moves its date may move it further away.

    Args:
        site_id: primary key of the office's website.
        now: the moment (aware) for events without a date.
    """
    changed = 0
    for pool in SeatPool.objects.filter(site_id=site_id, keep_days=None):
        day = retention.keep_until(pool, now=now)
        changed += Registration.objects.filter(pool=pool, keep_until__gt=day).update(keep_until=day)
    return changed
