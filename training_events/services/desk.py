"""The door of one session as services see it: what is let in where, by whom."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from core.models import Place
from training_events.models import EventSession, SeatPool


@dataclass(frozen=True, slots=True)
class Desk:
    """One session's door. ``may_exceed``: whether ``user`` may go past the number of seats (those who publish the page)."""

    pool: SeatPool
    session: EventSession
    user: Any
    may_exceed: bool
    #: Name of the office, for the consent.
    office: str = ""
    #: Every key under which attendance of the session may stand, the one to write to first; empty: the session's own.
    keys: tuple[uuid.UUID, ...] = ()
    #: Key of the address that the device knows, where it is another of them.
    asked: uuid.UUID | None = None

    @property
    def session_key(self) -> uuid.UUID:
        """The key that attendance is written under, the same in all languages."""
        return self.session_keys[0]

    @property
    def session_keys(self) -> tuple[uuid.UUID, ...]:
        """The keys that attendance is read under."""
        return self.keys or (self.session.translation_key,)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is entered by staff: at the door or on the phone. ``phone`` is E.164 or empty."""

    key: str
    name: str
    phone: str = ""
    people: int = 1
    place: Place | None = None
    reason: str = ""
