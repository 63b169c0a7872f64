"""What a person may ask of an office: a copy of everything that is stored about him or her, and its erasure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from wagtail.permissions import page_permission_policy

from training_events import codes, phones
from training_events.models import Certificate, EventPage, PersonalDataAccess, Registration
from training_events.services import access, history, seats, totals
from training_events.services.registration import cancel


def events_of(user: Any) -> set[uuid.UUID]:
    """Return the keys of the seats of all events whose page ``user`` may publish."""
    own: Any = page_permission_policy.instances_user_has_permission_for(user, "publish")
    return set(EventPage.objects.filter(pk__in=own.values("pk")).values_list("pool_key", flat=True))


def visible(user: Any) -> QuerySet[Registration]:
    """Return the registrations that ``user`` may see: those of own events; for administrators also those of deleted ones."""
    rows = Registration.objects.select_related("pool", "pool__site", "place")
    return rows if user.is_superuser else rows.filter(pool__event_key__in=events_of(user))


def find(user: Any, words: str) -> list[Registration]:
    """Return what is stored under a phone number, or under a registration's code and the number that it has.

    Several people share a phone: staff choose among them by name.

    Args:
        user: the member of staff; other offices' events stay hidden.
        words: a phone number or a code, as typed.
    """
    rows = visible(user)
    try:
        number = phones.parse(words)
    except ValueError:
        code = codes.clean(words)
        found = rows.filter(code=code).first() if len(code) == codes.LENGTH else None
        if found is None:
            return []
        if not found.phone:
            return [found]
        number = found.phone
    return list(rows.filter(phone=number).order_by("contact_key", "-created_at"))


def copy(user: Any, rows: Sequence[Registration], *, reason: str) -> list[dict[str, Any]]:
    """Return everything that is stored about the parties, registration by registration, and record that it was handed out.

    Args:
        user: who hands it out.
        rows: registrations that ``user`` may see.
        reason: how the person asked and was recognised.
    """
    keys = [row.pk for row in rows]
    looks: dict[int, list[PersonalDataAccess]] = {}
    for look in PersonalDataAccess.objects.filter(registration_id__in=keys).order_by("at"):
        looks.setdefault(int(look.registration_id or 0), []).append(look)
    full = Registration.objects.filter(pk__in=keys).select_related("pool", "place", "feedback")
    full = full.prefetch_related(
        "participants__answers",
        "participants__attendances",
        "participants__certificates",
        "answers",
        "changes",
        "messages",
    )
    found = [
        {
            "row": row,
            "answers": [one for one in row.answers.all() if one.participant_id is None],
            "feedback": getattr(row, "feedback", None),
            "looks": looks.get(row.pk, []),
        }
        for row in full.order_by("created_at")
    ]
    for row in rows:
        access.record(
            user,
            access.Kind.COPY,
            pool_id=row.pool_id,
            registration_id=row.pk,
            count=1,
            reason=reason,
        )
    return found


def erase(user: Any, rows: Sequence[Registration], *, reason: str, now: datetime.datetime) -> int:
    """Erase registrations for good, one transaction each; in the totals of their events they stay as numbers.

    A registration for an event to come is cancelled first, so that its seats go to those who wait.

    Args:
        user: who erases.
        rows: registrations that ``user`` may see.
        reason: how the person asked and was recognised; it must not repeat the data.
        now: the moment (aware).

    Returns:
        How many were erased; those that are gone already are not counted.

    Raises:
        ValueError: without a reason.
    """
    if not reason.strip():
        raise ValueError("Erasing needs a reason.")
    erased = 0
    for row in rows:
        with seats.holding(row.pool_id) as pool:
            mine = Registration.objects.filter(pk=row.pk)
            found = mine.first()
            if found is None:
                continue
            if found.is_current and not (pool.ends_at is not None and pool.ends_at < now):
                cancel(found, now=now, by=history.staff(user, reason))
            # a certificate outlives the registration otherwise
            Certificate.objects.filter(participant__registration=found).delete()
            erased += totals.replace_by_numbers(pool, mine, now=now)
            access.record(
                user,
                access.Kind.ERASURE,
                pool_id=pool.pk,
                registration_id=row.pk,
                count=1,
                reason=reason,
                now=now,
            )
    return erased
