"""The trace of a registration: who did what, when, and why where staff went past a rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from training_events.models import Registration, RegistrationChange

Action = RegistrationChange.Action


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``reason`` is what staff state when they go past a rule (window, capacity, order of the waiting list)."""

    kind: str
    user: Any = None
    reason: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff acts."""
        return self.kind == RegistrationChange.Actor.STAFF

    @property
    def overrides(self) -> bool:
        """Whether staff go past the rules: only with a reason."""
        return self.is_staff and bool(self.reason.strip())

    @property
    def name(self) -> str:
        """Name of the member of staff as traces keep it, empty for others."""
        return (
            str(self.user.get_full_name() or self.user.get_username())[:150] if self.user is not None else ""
        )


HOLDER = Actor(RegistrationChange.Actor.HOLDER)
SYSTEM = Actor(RegistrationChange.Actor.SYSTEM)


def staff(user: Any, reason: str = "") -> Actor:
    """Return the member of staff ``user`` as the one who acts."""
    return Actor(RegistrationChange.Actor.STAFF, user, reason)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a registration ended: who ended it, why, and whether it waited until then (None where that was not recorded)."""

    by_staff: bool
    reason: str
    waited: bool | None


def ending(row: Registration) -> Ending | None:
    """Return how ``row`` ended, None while it is current or where its history says nothing."""
    if row.pk is None or row.is_current:
        return None
    entry = row.changes.filter(action__in=(Action.CANCELLED, Action.REFUSED)).last()
    if entry is None:
        return None
    before = next((one["old"] for one in entry.details if one["field"] == "status"), None)
    waited = None if before is None else before == Registration.Status.WAITING
    return Ending(entry.actor == RegistrationChange.Actor.STAFF, entry.reason, waited)


def record(
    row: Registration,
    action: str,
    by: Actor,
    *,
    now: datetime.datetime,
    details: Sequence[dict[str, Any]] = (),
) -> RegistrationChange:
    """Enter into the history of ``row`` what ``by`` did at ``now`` (aware), in the transaction of the change itself."""
    return RegistrationChange.objects.create(
        registration=row,
        at=now,
        actor=by.kind,
        user=by.user,
        user_name=by.name,
        action=action,
        reason=by.reason.strip()[:300],
        details=list(details),
        answers_until=first_day(details),
    )


def first_day(details: Iterable[dict[str, Any]]) -> datetime.date | None:
    """Return the first of the days on which values have to leave these details; None where they stay as long as the rest."""
    days = [one["keep_until"] for one in details if "keep_until" in one]
    return datetime.date.fromisoformat(min(days)) if days else None
