"""Decisions of staff about several registrations at once: each is its own transaction, with its own trace."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from training_events.models import CheckInWay, EventSession, Registration
from training_events.services import approval, attendance
from training_events.services.attendance import Outcome, Tap
from training_events.services.history import Actor
from training_events.services.registration import cancel


class BulkAction(models.TextChoices):
    """What can be done to several registrations."""

    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Do not approve")
    CANCEL = "cancel", _("Cancel the registration")
    ATTENDED = "attended", _("Mark as present")


#: Against somebody's wish: the history has to say why.
WITH_REASON = (BulkAction.REFUSE, BulkAction.CANCEL)


@dataclass(frozen=True, slots=True)
class Done:
    """How many registrations were changed, and how many were left as they were."""

    changed: int
    unchanged: int


def run(
    action: str,
    rows: Iterable[Registration],
    *,
    by: Actor,
    now: datetime.datetime,
    session: EventSession | None = None,
    keys: Sequence[uuid.UUID] = (),
) -> Done:
    """Do ``action`` to each of ``rows``; those that it cannot apply to stay as they are.

    Args:
        action: one of BulkAction.
        rows: the registrations.
        by: the member of staff, with the reason where one is needed.
        now: the moment (aware).
        session: for ``attended``: which one.
        keys: all under which its attendance may stand, the one to write to first; empty: the session's own.

    Raises:
        ValueError: without a needed reason or session.
    """
    if action in WITH_REASON and not by.overrides:
        raise ValueError("This needs a reason.")
    if action == BulkAction.ATTENDED:
        if session is None:
            raise ValueError("This needs a session.")
        results = [_attended(row, session, keys or [session.translation_key], by, now) for row in rows]
    else:
        verb = _VERBS[action]
        results = [_changed(verb, row, by, now) for row in rows]
    return Done(sum(results), len(results) - sum(results))


_VERBS: dict[str, Callable[..., Registration]] = {
    BulkAction.APPROVE: approval.approve,
    BulkAction.REFUSE: approval.refuse,
    BulkAction.CANCEL: cancel,
}


def _changed(verb: Callable[..., Registration], row: Registration, by: Actor, now: datetime.datetime) -> bool:
    before = row.version
    return verb(row, now=now, by=by).version != before


def _attended(
    row: Registration, session: EventSession, keys: Sequence[uuid.UUID], by: Actor, now: datetime.datetime
) -> bool:
    """Mark a whole party as present: only one that has its seats; the time is the begin of the session."""
    if not row.is_confirmed:
        return False
    at = min(now, session.starts_at)
    absent = row.participants.exclude(attendances__session_key__in=keys)
    taps = [
        attendance.check_in(one, keys, Tap(uuid.uuid4().hex, at, CheckInWay.LIST), now=now, by=by)
        for one in absent
    ]
    return Outcome.DONE in taps
