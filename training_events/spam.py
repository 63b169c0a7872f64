"""When forms have to prove that a person sends them: only while far more arrive than people send.

Nobody is refused for the address that he shares with others. Forty people in a village hall, each sending twice, stay below
every threshold; and above it their phones work a second longer, which is all they may notice.
"""

from __future__ import annotations

from django.http import HttpRequest

from core import limits
from training_events.models import SeatPool

#: Forms sent within WINDOW_SECONDS above which all forms are guarded for ALERT_SECONDS: for one event, and for all together.
EVENT_FORMS = 100
ALL_FORMS = 400
WINDOW_SECONDS = 300
ALERT_SECONDS = 900
#: Forms of one address within the window above which this address has to prove it: more than a hall full of people.
CLIENT_FORMS = 120
#: Plain questions answered for one event within the window: a way in for people without scripts, not for programs.
PLAIN_ANSWERS = 20
_EVENT, _ALL, _ALERT = "training_events.forms", "training_events.all_forms", "training_events.alert"
_CLIENT, _PLAIN = "training_events.client_forms", "training_events.plain"


def note(request: HttpRequest, pool: SeatPool) -> None:
    """Count a form that was sent, valid or not."""
    key = str(pool.event_key)
    if limits.hit(_EVENT, key, WINDOW_SECONDS) > EVENT_FORMS:
        limits.hit(_ALERT, key, ALERT_SECONDS)
    if limits.hit(_ALL, "", WINDOW_SECONDS) > ALL_FORMS:
        limits.hit(_ALERT, "", ALERT_SECONDS)
    limits.hit(_CLIENT, limits.client(request), WINDOW_SECONDS)


def is_guarded(request: HttpRequest, pool: SeatPool) -> bool:
    """Return whether a form of this event has to prove now that a person sends it."""
    return bool(
        limits.hits(_ALERT, str(pool.event_key))
        or limits.hits(_ALERT, "")
        or limits.hits(_CLIENT, limits.client(request)) > CLIENT_FORMS
    )


def may_answer(pool: SeatPool) -> bool:
    """Count a plain question answered rightly and return whether it still counts as a proof."""
    return limits.hit(_PLAIN, str(pool.event_key), WINDOW_SECONDS) <= PLAIN_ANSWERS
