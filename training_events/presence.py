"""Who came to which session, read for lists, totals and exports."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.taxonomy import source_language
from training_events.models import Attendance, EventSession, Participant, Registration, SeatPool


@dataclass(frozen=True, slots=True)
class Presence:
    """The sessions of an event and who was present.

    ``came`` holds session keys by participant (primary keys). A session in which nobody was checked in counts as one in which no
    list was kept: nobody is called absent from it.
    """

    sessions: list[EventSession] = field(default_factory=list)
    came: Mapping[int, frozenset[uuid.UUID]] = field(default_factory=dict)

    @property
    def kept(self) -> set[uuid.UUID]:
        """Keys of the sessions for which a list was kept."""
        return {key for keys in self.came.values() for key in keys}

    def word(self, row: Registration, one: Participant, session: EventSession) -> str:
        """Return the word for a list: present, absent, or nothing where nobody can say."""
        if session.translation_key in self.came.get(one.pk, ()):
            return _("present")
        is_over = session.ends_at < timezone.now()
        return _("absent") if row.is_confirmed and is_over and session.translation_key in self.kept else ""


def sessions_of(pool: SeatPool) -> list[EventSession]:
    """Return the sessions of the event, for a series those of all its classes, in the source language, by time."""
    rows = EventSession.objects.filter(
        page__pool_key=pool.event_key, page__live=True, page__locale__language_code=source_language()
    )
    return list(rows.order_by("starts_at", "pk"))


def read(pool: SeatPool) -> Presence:
    """Return the sessions of an event and who was present. Two queries."""
    came: dict[int, set[uuid.UUID]] = {}
    rows = Attendance.objects.filter(participant__registration__pool=pool)
    for participant, key in rows.order_by().values_list("participant_id", "session_key"):
        came.setdefault(participant, set()).add(key)
    return Presence(sessions_of(pool), {participant: frozenset(keys) for participant, keys in came.items()})


def people(rows: QuerySet[Registration]) -> QuerySet[Participant]:
    """Return the participants of ``rows`` who came to at least one session."""
    came = Attendance.objects.filter(participant=OuterRef("pk"))
    return Participant.objects.filter(Exists(came), registration__in=rows)


def by_session(rows: QuerySet[Registration]) -> dict[tuple[int, uuid.UUID], int]:
    """Return how many participants of ``rows`` came, by event (primary key of its seats) and key of the session."""
    found = Attendance.objects.filter(participant__registration__in=rows).order_by()
    counted = found.values_list("participant__registration__pool_id", "session_key").annotate(Count("pk"))
    return {(pool_id, key): people for pool_id, key, people in counted}
