"""Taking back what staff entered at the door by mistake."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from training_events.models import Attendance, Message, Registration
from training_events.services import attendance, history, seats
from training_events.services.desk import Desk
from training_events.services.registration import cancel


def withdraw(desk: Desk, entry: str, *, now: datetime.datetime) -> Registration | None:
    """Cancel the registration that the entry ``entry`` made, with its check-ins; nobody is written to, it was a slip.

    What never arrived needs nothing, and taking back twice changes nothing.

    Args:
        desk: the door.
        entry: key of the walk-in or call, as the device made it.
        now: the moment (aware).

    Returns:
        The registration where it stays, because another device checked somebody of the party in; otherwise None.
    """
    row = Registration.objects.filter(pool=desk.pool, idempotency_key=f"door:{entry}").first()
    if row is None or not row.is_current:
        return None
    by = history.staff(desk.user, _("Entered by mistake at the door"))
    with seats.holding(desk.pool.pk):
        for person in row.participants.all():
            keys = [f"{entry}:{person.position}"]
            attendance.take_back(person, desk.session_keys, keys=keys, now=now, by=by)
        if Attendance.objects.filter(participant__registration=row).exists():
            return row
        cancel(row, now=now, by=by)
        unsent = Message.objects.filter(registration=row, state=Message.State.QUEUED, attempts=0)
        unsent.update(state=Message.State.DROPPED, finished_at=now)
    return None
