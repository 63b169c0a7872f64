"""Certificates of attendance: who has earned one, giving and withdrawing them. (services.purge deletes them.)"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from training_events import codes, presence
from training_events.models import Certificate, EventPage, Participant, Registration, SeatPool
from training_events.services import pools

#: Years for which a code is answered: long enough for an application, not for ever.
KEEP_YEARS = 5
_VALID: Any = Q(participant__isnull=False, withdrawn_at=None)
#: Rows of one statement: SQLite takes 32,766 values.
_PORTION = 500


def needed(page: EventPage, held: int) -> int:
    """Return how many of the ``held`` sessions must be attended: the rule of the page, at most all, at least one."""
    return max(1, min(page.certificate_sessions or held, held))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the sessions that took place one person attended, and whether that is enough."""

    person: Participant
    attended: int
    held: int
    is_enough: bool
    has_certificate: bool

    @property
    def is_earned(self) -> bool:
        """Whether the person may have one: nobody without a name, a certificate says whose it is."""
        return self.is_enough and bool(self.person.name)

    @property
    def is_due(self) -> bool:
        """Whether the next giving gives this person one."""
        return self.is_earned and not self.has_certificate


def standings(page: EventPage) -> list[Standing]:
    """Return how everybody on the list stands, in the order of their arrival; nothing where no certificates are given.

    Of a class of a series, the series' rule and sessions count.

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
    people = Participant.objects.filter(registration__pool=pool)
    rows = people.exclude(registration__status=Registration.Status.REFUSED).select_related(
        "registration__place"
    )
    have = set(Certificate.objects.filter(_VALID, pool=pool).values_list("participant_id", flat=True))
    found = []
    for person in rows.order_by("registration__sequence", "position"):
        attended = len(seen.came.get(person.pk, frozenset()) & keys)
        found.append(Standing(person, attended, len(keys), attended >= enough, person.pk in have))
    return found


def earned(page: EventPage) -> list[tuple[Participant, int]]:
    """Return the people with a name who attended enough sessions, with how many they attended, in the order of their arrival.

    Args:
        page: the event, in any language.
    """
    return [(one.person, one.attended) for one in standings(page) if one.is_earned]


def give(page: EventPage, *, user: Any, now: datetime.datetime) -> int:
    """Give a certificate to everybody who earned one and has no valid one. Twice at once gives each person one.

    Args:
        page: the event.
        user: the member of staff.
        now: the moment (aware).

    Returns:
        How many were given.
    """
    rules, pool = pools.rule_page(page), page.seat_pool
    sessions = presence.sessions_of(pool) if pool.pk else []
    days = [timezone.localtime(row.starts_at).date() for row in sessions]
    due = [one for one in standings(page) if one.is_due]
    codes_of = dict(zip([one.person.pk for one in due], _free_codes(len(due)), strict=True))
    fresh = [
        Certificate(
            code=codes_of[one.person.pk],
            participant=one.person,
            pool=pool,
            short_name=short_name(one.person.name),
            title=rules.title,
            organiser=rules.organiser,
            first_day=min(days),
            last_day=max(days),
            attended=one.attended,
            sessions=one.held,
            issued_at=now,
            issued_by=user,
            keep_until=_years_later(timezone.localtime(now).date()),
        )
        for one in due
    ]
    given = 0
    for start in range(0, len(fresh), _PORTION):
        portion = fresh[start : start + _PORTION]
        # whom another request has just given one: the database refuses the second
        Certificate.objects.bulk_create(portion, ignore_conflicts=True)
        given += Certificate.objects.filter(code__in=[one.code for one in portion]).count()
    return given


def correct_name(person: Participant) -> list[dict[str, Any]]:
    """Bring the name that the public page shows in line with the person's; return details for the history.

    Args:
        person: the participant, with the corrected name.
    """
    details = []
    for row in Certificate.objects.filter(_VALID, participant=person):
        name = short_name(person.name)
        if person.name and row.short_name != name:
            details.append({"field": "certificate", "old": row.short_name, "new": name})
            row.short_name = name
            row.save(update_fields=["short_name"])
    return details


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


def of_pool(pool: SeatPool) -> QuerySet[Certificate]:
    """Return the certificates that can still be printed, by name: valid ones of people who are still stored."""
    rows = Certificate.objects.filter(_VALID, pool=pool)
    return rows.select_related("participant__registration__place").order_by("participant__name_key", "pk")


def short_name(name: str) -> str:
    """Return ``N. T. Hoa`` for ``Nguyễn Thị Hoa``: enough to compare with a paper, not enough to find a person."""
    *before, given = name.split() or [""]
    return " ".join([*(f"{word[0].upper()}." for word in before), given])[:100]


def _free_codes(count: int) -> list[str]:
    """Return codes that nobody has; of so many possible ones a second round is hardly ever needed."""
    found: set[str] = set()
    while len(found) < count:
        fresh = {codes.new_certificate_code() for _number in range(min(_PORTION, count - len(found)))} - found
        found |= fresh - set(Certificate.objects.filter(code__in=fresh).values_list("code", flat=True))
    return list(found)


def _years_later(day: datetime.date) -> datetime.date:
    # 29 February: the day after
    try:
        return day.replace(year=day.year + KEEP_YEARS)
    except ValueError:
        return datetime.date(day.year + KEEP_YEARS, 3, 1)
