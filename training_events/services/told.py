"""What each party was last told about the dates of its class: what counts is what people know, not what was published last."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from training_events.models import ABOUT_EVENT, Message, Occasion
from training_events.timetable import Stored

#: Occasions that tell a party when and where its class is. Whoever registers has read it on the page.
TELLS = (*ABOUT_EVENT, Occasion.MOVED_UP)
#: ``recorded`` is read out by staff, what is being sent may have arrived.
_COUNTS = (Message.State.SENT, Message.State.TOLD, Message.State.RECORDED, Message.State.SENDING)


def of_pool(pool_id: int) -> dict[int, list[Message]]:
    """Return the messages about dates of all registrations of an event, by registration, oldest first. One query."""
    found: dict[int, list[Message]] = {}
    for one in _rows().filter(registration__pool=pool_id):
        found.setdefault(one.registration_id, []).append(one)
    return found


def of_registration(registration_id: int) -> list[Message]:
    """Return the messages about dates of one registration, oldest first."""
    return list(_rows().filter(registration=registration_id))


def _rows() -> Any:
    return Message.objects.filter(occasion__in=TELLS).order_by("created_at", "pk")


def known(rows: Iterable[Message], *, but: int | None = None) -> Stored | None:
    """Return the dates that a party knows; None where it was told nothing about them since it registered.

    Args:
        rows: its messages about dates, oldest first.
        but: primary key of the message that is about to be sent, which has told nothing yet.
    """
    rows = list(rows)
    told = [one for one in rows if one.pk != but and _has_told(one)]
    if told:
        last: Stored = max(told, key=_moment).details["after"]
        return last
    return next((one.details["before"] for one in rows if "before" in one.details), None)


def _has_told(one: Message) -> bool:
    counts = one.state in _COUNTS or "unsure" in one.details
    return counts and one.details.get("after") is not None


def _moment(one: Message) -> tuple[bool, datetime.datetime, int]:
    """When it was told; what is being sent now was told last."""
    return one.finished_at is None, one.finished_at or one.created_at, one.pk
