"""Who came to which session, read for lists, totals and exports."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, UUIDField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core.taxonomy import source_language
from training_events import twins
from training_events.models import (
    Attendance,
    Dimension,
    EventPage,
    EventSession,
    EventStatus,
    EventTotal,
    Participant,
    Registration,
    SeatPool,
)


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


def every_session(pool: SeatPool) -> list[EventSession]:
    """Return all sessions that editors entered, for a series those of all its classes, in the source language, by time."""
    rows = EventSession.objects.filter(
        page__pool_key=pool.event_key, page__live=True, page__locale__language_code=source_language()
    )
    rows = rows.select_related("page").order_by("starts_at", "pk")
    return [row.of(row.page.status) for row in rows]


def sessions_of(pool: SeatPool) -> list[EventSession]:
    """Return the sessions that count: each date once, and none of an event or class that does not take place. One query."""
    if pool.status != EventStatus.SCHEDULED:
        return []
    return [row for row in _each_once(pool)[0] if row.page.status == EventStatus.SCHEDULED]


def _each_once(pool: SeatPool) -> tuple[list[EventSession], dict[uuid.UUID, uuid.UUID]]:
    """Return the sessions without the dates of a series that are those of its classes, and whose key stands for these."""
    rows = every_session(pool)
    double = _twins(rows)
    return [row for row in rows if row.translation_key not in double], double


def _twins(rows: list[EventSession]) -> dict[uuid.UUID, uuid.UUID]:
    taught = [row for row in rows if row.page.is_in_series]
    return twins.of([row for row in rows if not row.page.is_in_series], taught)


def twins_of(pools: Iterable[int]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the dates that stand on a series and on its class (see ``twins``) of these events (primary keys). One query."""
    events = SeatPool.objects.filter(pk__in=list(pools)).order_by().values("event_key")
    rows = EventSession.objects.filter(
        page__pool_key__in=events, page__live=True, page__locale__language_code=source_language()
    )
    found: dict[uuid.UUID | None, list[EventSession]] = {}
    for row in rows.select_related("page").order_by("starts_at", "pk"):
        found.setdefault(row.page.pool_key, []).append(row)
    return {key: stands for some in found.values() for key, stands in _twins(some).items()}


def keys_of(event: EventPage, key: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the keys under which attendance of a session may stand, the one to write to first.

    Args:
        event: the specific page.
        key: key of the session, also that of a date of the series which is a class's.
    """
    return twins.keys(double_of(event), key)


def double_of(event: EventPage) -> dict[uuid.UUID, uuid.UUID]:
    """Return the dates that stand on the series and on the class of ``event`` (specific). No query for any other event."""
    pool = event.seat_pool
    is_series = event.registers_for_children or event.is_in_series
    return twins_of([pool.pk]) if is_series and pool.pk is not None else {}


def read(pool: SeatPool) -> Presence:
    """Return the sessions of an event and who was present. Two queries.

    Of an event that does not take place, or not any more, only the sessions for which a list was kept are among them.
    """
    sessions, double = _each_once(pool)
    came: dict[int, set[uuid.UUID]] = {}
    rows = Attendance.objects.filter(participant__registration__pool=pool)
    for participant, key in rows.order_by().values_list("participant_id", "session_key"):
        came.setdefault(participant, set()).add(double.get(key, key))
    kept = {key for keys in came.values() for key in keys}
    return Presence(
        [
            row
            for row in sessions
            if pool.status == row.page.status == EventStatus.SCHEDULED or row.translation_key in kept
        ],
        {participant: frozenset(keys) for participant, keys in came.items()},
    )


def people(rows: QuerySet[Registration]) -> QuerySet[Participant]:
    """Return the participants of ``rows`` who came to at least one session."""
    came = Attendance.objects.filter(participant=OuterRef("pk"))
    return Participant.objects.filter(Exists(came), registration__in=rows)


def by_session(rows: QuerySet[Registration], double: twins.Twins) -> dict[tuple[int, str], int]:
    """Return how many participants of ``rows`` came, by event (primary key of its seats) and key of the session.

    Whoever was ticked under both keys of a date (``double``) came once.
    """
    found = Attendance.objects.filter(participant__registration__in=rows).order_by()
    if double:
        cases = [When(session_key=key, then=Value(stands, UUIDField())) for key, stands in double.items()]
        found = found.annotate(key=Case(*cases, default=F("session_key"), output_field=UUIDField()))
    counted = found.values_list("participant__registration__pool_id", "key" if double else "session_key")
    people = counted.annotate(people=Count("participant", distinct=True))
    return {(pool_id, str(key)): number for pool_id, key, number in people}


def kept(pools: Iterable[int], double: twins.Twins) -> dict[int, dict[str, str]]:
    """Return the sessions of which a list was kept, with their stored labels, by event (primary key of its seats).

    Whoever was there tells that, also once nothing but numbers is left of them: somebody else's absence does not depend on it.
    Two queries.

    Args:
        pools: primary keys of the seats.
        double: dates that stand on a series and on its class.
    """
    pks = list(pools)
    found: dict[int, dict[str, str]] = {}
    rows = Attendance.objects.filter(participant__registration__pool__in=pks).order_by()
    for pool_id, key in rows.values_list("participant__registration__pool_id", "session_key").distinct():
        found.setdefault(pool_id, {})[str(double.get(key, key))] = ""
    past = EventTotal.objects.filter(pool__in=pks, dimension=Dimension.SESSION).order_by()
    stands = {str(key): str(one) for key, one in double.items()}
    for pool_id, value, label in past.values_list("pool_id", "value", "label"):
        found.setdefault(pool_id, {})[stands.get(value, value)] = label
    return found
