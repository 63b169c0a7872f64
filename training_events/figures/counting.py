"""Counting registrations that still exist: a fixed number of queries, however many events and people there are."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from core.taxonomy import source_language
from training_events import presence, twins
from training_events.figures.counts import Counts, Group, Table, age_group
from training_events.models import Dimension, EventPage, EventSession, Participant, Registration, SeatPool

#: Dimensions that describe people, as opposed to the event: their small groups are merged.
PERSONAL = (Dimension.PLACE, Dimension.AGE, Dimension.SOURCE, Dimension.REGISTRANT)
_KEYS = ("pool_id", "status", "place__slug", "place__name", "source", "registrant")


def count(pools: Iterable[SeatPool], rows: QuerySet[Registration], *, now: datetime.datetime) -> Table:
    """Return the people of ``rows`` by event and group.

    Args:
        pools: the events, each with its dates.
        rows: the registrations to count, all of them of these events.
        now: the moment (aware): nobody is absent from an event that is not over.
    """
    by_pk = {pool.pk: pool for pool in pools}
    found: dict[Group, Counts] = {}

    def put(group: Group, counts: Counts) -> None:
        found[group] = found.get(group, Counts()) + counts

    rows = rows.filter(pool__in=by_pk).order_by()
    for row in rows.values(*_KEYS).annotate(parties=Count("pk"), people=Sum("party_size")):
        counts = _by_status(row["status"], row["people"], row["parties"])
        for group in _groups(row):
            put(group, counts)
    people = Participant.objects.filter(registration__in=rows, registration__pool__ask_birth_year=True)
    ages = people.order_by().values("registration__pool_id", "registration__status", "birth_year")
    for row in ages.annotate(people=Count("pk")):
        group = _age(by_pk[row["registration__pool_id"]], row["birth_year"])
        put(group, _by_status(row["registration__status"], row["people"], 0))
    _add_presence(found, by_pk, rows, now)
    _add_events(found, by_pk)
    return found


def _by_status(status: str, people: int, parties: int) -> Counts:
    return Counts(
        parties=parties,
        registered=people,
        seated=people if status in Registration.HOLDING else 0,
        waiting=people if status == Registration.Status.WAITING else 0,
        cancelled=people if status in Registration.ENDED else 0,
        confirmed=people if status == Registration.Status.CONFIRMED else 0,
    )


def _groups(row: dict[str, object]) -> list[Group]:
    """Return the groups to which a row of the database's own grouping belongs."""
    pool_id = int(str(row["pool_id"]))
    return [
        Group(pool_id, Dimension.ALL),
        Group(pool_id, Dimension.PLACE, str(row["place__slug"] or ""), str(row["place__name"] or "")),
        Group(pool_id, Dimension.SOURCE, str(row["source"])),
        Group(pool_id, Dimension.REGISTRANT, str(row["registrant"])),
    ]


def _age(pool: SeatPool, birth_year: int | None) -> Group:
    moment = timezone.localtime(pool.starts_at) if pool.starts_at else timezone.localtime()
    return Group(pool.pk, Dimension.AGE, age_group(birth_year, moment.year))


def _add_presence(
    found: dict[Group, Counts],
    pools: dict[int, SeatPool],
    rows: QuerySet[Registration],
    now: datetime.datetime,
) -> None:
    """Add who came; and, for events that are over and of which a list was kept, who did not."""
    came = presence.people(rows).order_by()
    prefix = "registration__"
    keys = [prefix + name for name in _KEYS if name != "status"]
    for row in came.values("birth_year", *keys).annotate(people=Count("pk", distinct=True)):
        plain = {name.removeprefix(prefix): value for name, value in row.items()}
        pool = pools[plain["pool_id"]]
        groups = _groups(plain)
        if pool.ask_birth_year:
            groups.append(_age(pool, row["birth_year"]))
        for group in groups:
            found[group] = found.get(group, Counts()) + Counts(attended=row["people"])
    double = presence.twins_of(pools)
    kept = presence.kept(pools, double)
    for group, counts in list(found.items()):
        ends_at = pools[group.pool_id].ends_at
        if group.pool_id in kept and ends_at is not None and ends_at < now:
            found[group] = counts + Counts(absent=max(0, counts.confirmed - counts.attended))
    _add_sessions(found, rows, kept, double)


def _add_sessions(
    found: dict[Group, Counts],
    rows: QuerySet[Registration],
    kept: dict[int, dict[str, str]],
    double: twins.Twins,
) -> None:
    """Add the sessions of which a list was kept, also for people of whom nobody came to one."""
    if not kept:
        return
    came = presence.by_session(rows, double)
    sessions = EventSession.objects.filter(
        translation_key__in=[key for keys in kept.values() for key in keys],
        page__locale__language_code=source_language(),
    )
    labels = {
        str(row.translation_key): f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M} {row.title}".strip()
        for row in sessions
    }
    for pool_id, keys in kept.items():
        whole = found.get(Group(pool_id, Dimension.ALL))
        if whole is None:
            continue
        for key, stored in keys.items():
            people = came.get((pool_id, key), 0)
            found[Group(pool_id, Dimension.SESSION, key, labels.get(key, stored))] = Counts(
                registered=whole.confirmed,
                seated=whole.confirmed,
                attended=people,
                absent=max(0, whole.confirmed - people),
            )


def _add_events(found: dict[Group, Counts], pools: dict[int, SeatPool]) -> None:
    """Add what the event's page says of all its people alike: venue, audiences, groups of the framework."""
    described = describe([pool.event_key for pool in pools.values()])
    for pool in pools.values():
        counts = found.get(Group(pool.pk, Dimension.ALL))
        if counts is None:
            continue
        for dimension, value, words in described.get(pool.event_key, ()):
            found[Group(pool.pk, dimension, value, words)] = counts


def describe(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str, str]]]:
    """Return (dimension, slug, name) of the venue, the audiences and the framework's groups by event key. Three queries."""
    pages = EventPage.objects.filter(
        translation_key__in=list(keys), locale__language_code=source_language()
    ).order_by()
    found: dict[uuid.UUID, list[tuple[str, str, str]]] = {}
    for dimension, relation in (
        (Dimension.VENUE, "venue_place"),
        (Dimension.AUDIENCE, "audiences"),
        (Dimension.SKILL, "skill_groups"),
    ):
        named = pages.exclude(**{relation: None})
        fields = ("translation_key", f"{relation}__slug", f"{relation}__name")
        for key, slug, name in named.values_list(*fields).distinct():
            found.setdefault(key, []).append((dimension, slug, name))
    return found
