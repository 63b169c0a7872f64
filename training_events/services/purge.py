"""Deleting what is kept no longer. Each event is one transaction: a run that was killed is taken up by the next one."""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from training_events import retention
from training_events.models import Answer, Certificate, Message, Registration, RegistrationChange, SeatPool
from training_events.services import access, history, seats, totals, waiting

logger = logging.getLogger(__name__)

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

    #: Events of which nothing could be deleted this time; the log says why.
    failures: int = 0


def asks_one_of(questions: set[str], change: Mapping[str, Any]) -> bool:
    """Whether an entry of the history is about one of these questions, named by key or by words."""
    return change.get("question_key", change.get("question")) in questions


def _is_due(today: datetime.date, change: Mapping[str, Any]) -> bool:
    return "keep_until" in change and datetime.date.fromisoformat(change["keep_until"]) < today


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
    run = _Run()
    registrations = 0
    for pool_id, parties in due.items():
        if dry_run:
            registrations += parties
        else:
            registrations += run.part(f"event {pool_id}", partial(_purge_event, pool_id, today, now))
        say(f"{SeatPool.objects.get(pk=pool_id)}: {parties}")
    answers = _purge_answers(run, today, dry_run=dry_run)
    contacts = sum(
        run.part(f"contacts of event {pool_id}", partial(_purge_contacts, pool_id, days, dry_run=dry_run))
        for pool_id, days in _without_contacts(today).items()
    )
    old = Certificate.objects.filter(keep_until__lt=today)
    certificates = run.part("certificates", lambda: old.count() if dry_run else old.delete()[0])
    looks = run.part("looks", lambda: 0 if dry_run else access.purge(now))
    return Purged(registrations, contacts, answers, certificates, looks, run.failures)


class _Run:
    """One part that fails does not keep the others from being done: their days have passed as well."""

    def __init__(self) -> None:
        self.failures = 0

    def part(self, name: str, work: Callable[[], int]) -> int:
        """Do one part in a transaction of its own; return how much it deleted, 0 where it failed."""
        try:
            with transaction.atomic():
                return work()
        except Exception:
            logger.exception("Personal data: %s could not be deleted; the next run tries again.", name)
            self.failures += 1
            return 0


def _purge_event(pool_id: int, today: datetime.date, now: datetime.datetime) -> int:
    with seats.holding(pool_id) as pool:
        rows = Registration.objects.filter(pool=pool, keep_until__lt=today)
        purged = totals.replace_by_numbers(pool, rows, now=now)
        waiting.promote_waiting(pool, now=now)
        return purged


def _purge_answers(run: _Run, today: datetime.date, *, dry_run: bool) -> int:
    """Delete answers that are kept for a shorter time than their registration, and what the history says of them.

    Also of answers that were emptied or given anew: they are in the history only.
    """
    rows = Answer.objects.filter(keep_until__lt=today)
    if dry_run:
        return rows.count()
    deleted = 0
    for registration_id in list(rows.order_by().values_list("registration_id", flat=True).distinct()):
        deleted += run.part(
            f"answers of registration {registration_id}", partial(_purge_answers_of, registration_id, today)
        )
    run.part("the history of answers", partial(_purge_history, today))
    return deleted


def _purge_history(today: datetime.date) -> int:
    due = list(RegistrationChange.objects.filter(answers_until__lt=today))
    for change in due:
        clean(change, partial(_is_due, today))
    return len(due)


def _purge_answers_of(registration_id: int, today: datetime.date) -> int:
    mine = Answer.objects.filter(keep_until__lt=today, registration_id=registration_id)
    questions = {str(one) for pair in mine.values_list("question_key", "wording") for one in pair}
    for change in RegistrationChange.objects.filter(registration=registration_id).exclude(details=[]):
        clean(change, partial(asks_one_of, questions))
    return mine.delete()[0]


def _without_contacts(today: datetime.date) -> dict[int, list[int]]:
    """Return the days after which contacts are kept no longer though their registrations are, by event (primary key)."""
    named = Registration.objects.exclude(phone="", email="").exclude(contact_days=None)
    found: dict[int, list[int]] = {}
    over = named.filter(pool__ends_at__lt=timezone.now()).order_by()
    for pool_id, ends_at, days in over.values_list("pool_id", "pool__ends_at", "contact_days").distinct():
        if ends_at and timezone.localtime(ends_at).date() + datetime.timedelta(days=days or 0) < today:
            found.setdefault(pool_id, []).append(days or 0)
    return found


def _purge_contacts(pool_id: int, days: list[int], *, dry_run: bool) -> int:
    rows = Registration.objects.filter(pool=pool_id, contact_days__in=days).exclude(phone="", email="")
    if dry_run:
        return rows.count()
    with seats.holding(pool_id):
        keys = list(rows.values_list("pk", flat=True))
        for change in RegistrationChange.objects.filter(registration__in=keys).exclude(details=[]):
            clean(change, lambda one: one.get("field") in _CONTACT)
        # what was sent is of no use any more, and names people
        Message.objects.filter(registration__in=keys).update(subject="", text="", problem="", reference="")
        return Registration.objects.filter(pk__in=keys).update(phone="", email="")


def clean(row: RegistrationChange, is_gone: Callable[[dict[str, Any]], bool]) -> None:
    """Take old and new values out of one entry of the history; that something was changed, when and by whom stays."""
    cleaned = [
        {name: value for name, value in one.items() if name not in ("old", "new", "keep_until")}
        if is_gone(one)
        else one
        for one in row.details
    ]
    if cleaned != row.details:
        row.details, row.answers_until = cleaned, history.first_day(cleaned)
        row.save(update_fields=["details", "answers_until"])


def shorten(site_id: int, *, now: datetime.datetime) -> int:
    """Apply an office's shorter time to registrations that are there; a longer one holds for new ones only.

    Whoever registered agreed to a day; only a rule of the event that moves its date may move it further away.

    Args:
        site_id: primary key of the office's website.
        now: the moment (aware) for events without a date.
    """
    own = Q(keep_days__isnull=False, keep_contact_days__isnull=False)
    pools = SeatPool.objects.filter(site_id=site_id).exclude(own)
    return sum(retention.hold_to(pool, pool.ends_at, now=now) for pool in pools)
