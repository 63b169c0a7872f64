"""What a form of registration has to know about its event: one place for residents and for staff who take calls."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from training_events import questions, retention
from training_events.models import EventPage
from training_events.services import pools


def for_event(event: EventPage, *, office: str) -> dict[str, Any]:
    """Return the arguments that fit a RegistrationForm to ``event``.

    Args:
        event: the event, or the series above it; in the reader's language.
        office: name of the office, for the consent.
    """
    pool = event.seat_pool
    reserved = pool.reserves.filter(place_key=None).values_list("key", flat=True) if pool.pk else []
    labels = {row.translation_key: row.label for row in event.held_seats.all()} if reserved else {}
    return {
        "pool": pool,
        "office": office,
        "keep_until": retention.keep_until(pool, now=timezone.now()),
        "asked": questions.asked(pools.rule_page(event)),
        "groups": [(str(key), labels[key]) for key in reserved if key in labels],
    }
