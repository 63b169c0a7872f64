"""Certificates of attendance: who has earned one, giving and withdrawing them. (services.purge deletes them.)"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from training_events import codes, presence
from training_events.models import Certificate, EventPage, Participant, Registration, SeatPool
from training_events.services import pools

#: Years for which a code is answered: long enough for an application, not for ever.
KEEP_YEARS = 5


def needed(page: EventPage, held: int) -> int:
    """Return how many of the ``held`` sessions must be attended: the rule of the page, at most all, at least one."""
    return max(1, min(page.certificate_sessions or held, held))


def earned(page: EventPage) -> list[tuple[Participant, int]]:
    """Return the people who attended enough sessions, with how many they attended, in the order of their arrival.

    Nobody without a name: a certificate says whose it is. Of a class of a series, the series' rule and sessions count.

    Args:
        page: the event, in any language.
    """
    rules = pools.rule_page(page)
    pool = page.seat_pool
    if not rules.certificate or pool.pk is None:
        return []
    seen = presence.read(pool)
    keys = {session.translation_key for session in presence.sessions_of(pool)}
    if not keys:
        return []
    enough = needed(rules, len(keys))
    people = Participant.objects.filter(registration__pool=pool).exclude(name="")
    rows = people.exclude(registration__status=Registration.Status.REFUSED).select_related(
        "registration__place"
    )
    found = []
    for person in rows.order_by("registration__sequence", "position"):
        attended = len(seen.came.get(person.pk, frozenset()) & keys)
        if attended >= enough:
            found.append((person, attended))
    return found


def give(page: EventPage, *, user: Any, now: datetime.datetime) -> int:
    """Give a certificate to everybody who earned one and has none; return how many were given. Twice at once gives each one.

    Args:
        page: the event.
        user: the member of staff.
        now: the moment (aware).
    """
    rules, pool = pools.rule_page(page), page.seat_pool
    sessions = presence.sessions_of(pool) if pool.pk else []
    if not sessions:
        return 0
    days = [timezone.localtime(row.starts_at).date() for row in sessions]
    given = 0
    for person, attended in earned(page):
        with transaction.atomic():
            _certificate, is_new = Certificate.objects.get_or_create(
                participant=person,
                defaults={
                    "code": _free_code(),
                    "pool": pool,
                    "short_name": short_name(person.name),
                    "title": rules.title,
                    "organiser": rules.organiser,
                    "first_day": min(days),
                    "last_day": max(days),
                    "attended": attended,
                    "sessions": len(sessions),
                    "issued_at": now,
                    "issued_by": user,
                    "keep_until": _years_later(timezone.localtime(now).date()),
                },
            )
        given += is_new
    return given


def withdraw(certificate: Certificate, *, reason: str, now: datetime.datetime) -> None:
    """Withdraw a certificate that should not have been given; its page says so from now on.

    Raises:
        ValueError: without a reason.
    """
    if not reason.strip():
        raise ValueError("Withdrawing a certificate needs a reason.")
    certificate.withdrawn_at = certificate.withdrawn_at or now
    certificate.withdrawn_reason = reason.strip()[:300]
    certificate.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def of_pool(pool: SeatPool) -> list[Certificate]:
    """Return the certificates that can still be printed: valid ones of people who are still stored."""
    rows = Certificate.objects.filter(pool=pool, participant__isnull=False, withdrawn_at=None)
    return list(
        rows.select_related("participant__registration__place").order_by("participant__name_key", "pk")
    )


def short_name(name: str) -> str:
    """Return ``N. T. Hoa`` for ``Nguyễn Thị Hoa``: enough to compare with a paper, not enough to find a person."""
    *before, given = name.split() or [""]
    return " ".join([*(f"{word[0].upper()}." for word in before), given])[:100]


def _free_code() -> str:
    while True:
        code = codes.new_certificate_code()
        if not Certificate.objects.filter(code=code).exists():
            return code


def _years_later(day: datetime.date) -> datetime.date:
    # 29 February: the day after
    try:
        return day.replace(year=day.year + KEEP_YEARS)
    except ValueError:
        return datetime.date(day.year + KEEP_YEARS, 3, 1)
