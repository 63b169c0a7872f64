"""Turning registrations into numbers that stay when they are deleted."""

from __future__ import annotations

import dataclasses
import datetime

from django.db.models import QuerySet

from training_events import presence, retention
from training_events.figures.counting import PERSONAL, count
from training_events.figures.counts import Counts, Group, Table, add, merge_small
from training_events.models import EventTotal, Feedback, Registration, SeatPool
from training_events.services import seats

_NUMBERS = [one.name for one in dataclasses.fields(Counts) if one.name != "confirmed"]


def stored(pools: list[int]) -> dict[Group, Counts]:
    """Return the totals that are kept for these events (primary keys of their seats). Two queries.

    What was counted under a date of a series belongs to the class that is held then; of numbers for both nobody knows any more
    whom they have in common, so that at most everybody came.
    """
    double = {str(key): str(stands) for key, stands in presence.twins_of(pools).items()}
    found: dict[Group, Counts] = {}
    for row in EventTotal.objects.filter(pool__in=pools).order_by("pk"):
        group = Group(row.pool_id, row.dimension, double.get(row.value, row.value), row.label)
        counts = Counts(**{name: getattr(row, name) for name in _NUMBERS})
        found[group] = _one_date(found[group], counts) if group in found else counts
    return found


def _one_date(one: Counts, other: Counts) -> Counts:
    people = max(one.registered, other.registered)
    attended = min(people, one.attended + other.attended)
    return dataclasses.replace(
        one, registered=people, seated=people, attended=attended, absent=people - attended
    )


def replace_by_numbers(pool: SeatPool, rows: QuerySet[Registration], *, now: datetime.datetime) -> int:
    """Delete registrations of one event, add them to its totals, and return how many; to be called while holding the pool.

    Seats of an event that is not over are freed. Everything about the registrations goes with them: people, answers,
    history, messages; of an opinion only the mark stays.
    """
    is_over = pool.ends_at is not None and pool.ends_at < now
    if not is_over:
        for row in rows.holding():  # type: ignore[attr-defined]
            seats.give_back(pool.pk, row.party_size, reserve_id=row.reserve_id)
    write(pool.pk, count([pool], rows, now=now))
    keys = list(rows.values_list("pk", flat=True))
    Feedback.objects.filter(registration__in=keys).update(text="")
    Registration.objects.filter(pk__in=keys).delete()
    return len(keys)


def write(pool_id: int, table: Table) -> None:
    """Add ``table`` to the totals of an event, with small groups merged."""
    whole = add([stored([pool_id]), table])
    personal = {group: counts for group, counts in whole.items() if group.dimension in PERSONAL}
    kept = {group: counts for group, counts in whole.items() if group.dimension not in PERSONAL}
    kept.update(merge_small(personal, retention.SMALLEST_GROUP))
    EventTotal.objects.filter(pool_id=pool_id).delete()
    EventTotal.objects.bulk_create(
        EventTotal(
            pool_id=pool_id,
            dimension=group.dimension,
            value=group.value,
            label=group.label,
            **{name: getattr(counts, name) for name in _NUMBERS},
        )
        for group, counts in kept.items()
    )
