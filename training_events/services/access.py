"""Recording who looked at personal data: one row for each look, without any of the data."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from training_events.models import PersonalDataAccess

#: Days for which looks are kept, and answers to requests: an office has to be able to prove that it answered.
KEEP_DAYS, KEEP_REQUEST_DAYS = 365, 3 * 365

Kind = PersonalDataAccess.Kind


def record(
    user: Any,
    kind: str,
    *,
    pool_id: int | None = None,
    registration_id: int | None = None,
    count: int = 0,
    detail: str = "",
    reason: str = "",
    now: datetime.datetime | None = None,
) -> PersonalDataAccess:
    """Record that ``user`` saw personal data. One INSERT.

    Args:
        user: the member of staff.
        kind: one of ``PersonalDataAccess.Kind``.
        pool_id: primary key of the event's seats.
        registration_id: primary key, where one registration was shown.
        count: how many registrations were shown.
        detail: which file or screen; never what somebody searched for, which may be a name or number.
        reason: for answers to requests.
        now: the moment (aware; the present when not given).
    """
    return PersonalDataAccess.objects.create(
        at=now or timezone.now(),
        user=user,
        user_name=(user.get_full_name() or user.get_username())[:150],
        kind=kind,
        pool_id=pool_id,
        registration_id=registration_id,
        count=count,
        detail=detail[:80],
        reason=reason.strip()[:300],
    )


def purge(now: datetime.datetime) -> int:
    """Delete looks older than KEEP_DAYS and answers to requests older than KEEP_REQUEST_DAYS; return how many.

    Args:
        now: the moment (aware) from which the days are counted back.
    """
    requests = PersonalDataAccess.REQUESTS
    rows = PersonalDataAccess.objects
    looks = rows.exclude(kind__in=requests).filter(at__lt=now - datetime.timedelta(days=KEEP_DAYS))
    answers = rows.filter(kind__in=requests, at__lt=now - datetime.timedelta(days=KEEP_REQUEST_DAYS))
    return looks.delete()[0] + answers.delete()[0]
