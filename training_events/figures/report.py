"""The figures of one event or of a period: what exists still and what only the totals know, added up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import dates
from training_events.figures.counting import count
from training_events.figures.counts import OTHER, Counts, Group, add, label
from training_events.figures.periods import Period
from training_events.models import Dimension, EventPage, EventStatus, EventTotal, Registration, SeatPool
from training_events.services import totals


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table and of its chart."""

    label: str
    counts: Counts
    url: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """People by one dimension."""

    slug: str
    title: str
    rows: list[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole, the events one by one, and the breakdowns."""

    whole: Counts
    events: list[Row]
    breakdowns: list[Breakdown] = field(default_factory=list)
    states: Mapping[str, int] = field(default_factory=dict)


_AGE_ORDER = ("0-17", "18-35", "36-59", "60-", "")


def pools_of(sites: Sequence[Site], period: Period | None = None, place: str = "") -> QuerySet[SeatPool]:
    """Return the events of some offices that begin within a period, at the venues of one commune.

    Args:
        sites: the offices.
        period: None for all events, those without a date included.
        place: slug of the venue's commune; empty for all.
    """
    pools = SeatPool.objects.filter(site__in=sites)
    if period is not None:
        first, after = period.moments
        # of a postponed event the day counts for which it was planned
        planned = [
            pool.pk
            for pool in pools.filter(status=EventStatus.POSTPONED)
            if pool.planned_at is not None and first <= pool.planned_at < after
        ]
        pools = pools.filter(Q(starts_at__gte=first, starts_at__lt=after) | Q(pk__in=planned))
    if place:
        here = EventPage.objects.filter(venue_place__slug=place).values("translation_key")
        past = EventTotal.objects.filter(dimension=Dimension.VENUE, value=place).values("pool")
        pools = pools.filter(Q(event_key__in=here) | Q(pk__in=past))
    return pools.order_by("starts_at", "pk")


def span(sites: Sequence[Site]) -> tuple[datetime.date, datetime.date]:
    """Return the days of the first and the last event; today where there is none."""
    found = SeatPool.objects.filter(site__in=sites).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    today = timezone.localdate()
    if found["first"] is None:
        return today, today
    return timezone.localtime(found["first"]).date(), max(timezone.localtime(found["last"]).date(), today)


def build(pools: Sequence[SeatPool], *, now: datetime.datetime) -> Report:
    """Return the figures of these events. The number of queries does not depend on how many there are.

    Args:
        pools: the events.
        now: the moment (aware) that decides which events are over.
    """
    keys = [pool.pk for pool in pools]
    live = count(pools, Registration.objects.filter(pool__in=keys), now=now)
    table = add([totals.stored(keys), live])
    by_pool = {group.pool_id: counts for group, counts in table.items() if group.dimension == Dimension.ALL}
    events = [Row(_event_label(pool), by_pool.get(pool.pk, Counts())) for pool in pools]
    whole = sum((row.counts for row in events), Counts())
    states = {"all": len(pools)}
    for status in EventStatus.values:
        states[status] = sum(pool.status == status for pool in pools)
    breakdowns = [*_by_dimension(table), *([_by_month(pools, by_pool)] if len(pools) > 1 else [])]
    return Report(whole, events, breakdowns, states)


def _event_label(pool: SeatPool) -> str:
    day = dates.date_label(pool.starts_at) if pool.starts_at else _("Date to be announced")
    status = "" if pool.status == EventStatus.SCHEDULED else f" ({pool.get_status_display()})"
    return f"{day}: {pool.title}{status}"


def _by_dimension(table: Mapping[Group, Counts]) -> list[Breakdown]:
    several = _(
        "An event for several groups counts in each of them, so that the lines are more than the whole."
    )
    only_asked = _("Only of events that ask for years of birth.")
    wanted = [
        (Dimension.SESSION, _("By session"), ""),
        (Dimension.PLACE, _("By commune of the people"), ""),
        (Dimension.VENUE, _("By commune of the venue"), ""),
        (Dimension.SKILL, _("By group of the digital literacy framework"), several),
        (Dimension.AUDIENCE, _("By audience"), several),
        (Dimension.AGE, _("By age"), only_asked),
        (Dimension.SOURCE, _("By way of registering"), ""),
        (Dimension.REGISTRANT, _("By kind of registrant"), ""),
    ]
    found = []
    for dimension, title, note in wanted:
        sums: dict[str, Counts] = {}
        words: dict[str, str] = {}
        for group, counts in table.items():
            if group.dimension == dimension:
                sums[group.value] = sums.get(group.value, Counts()) + counts
                words[group.value] = words.get(group.value) or group.label
        if sums:
            rows = [
                Row(label(dimension, value, words[value]), sums[value])
                for value in _ordered(dimension, sums, words)
            ]
            found.append(Breakdown(dimension, title, rows, note))
    return found


def _ordered(dimension: str, sums: Mapping[str, Counts], words: Mapping[str, str]) -> list[str]:
    """Ages and sessions in their own order, everything else by size; what was merged or not stated last."""
    if dimension == Dimension.AGE:
        return sorted(
            sums, key=lambda value: (value == OTHER, _AGE_ORDER.index(value) if value in _AGE_ORDER else 0)
        )
    if dimension == Dimension.SESSION:
        return sorted(sums, key=lambda value: words[value])
    return sorted(sums, key=lambda value: (value in ("", OTHER), -sums[value].registered, words[value]))


def _by_month(pools: Sequence[SeatPool], by_pool: Mapping[int, Counts]) -> Breakdown:
    months: dict[datetime.date, Counts] = {}
    for pool in pools:
        if pool.starts_at is not None:
            month = timezone.localtime(pool.starts_at).date().replace(day=1)
            months[month] = months.get(month, Counts()) + by_pool.get(pool.pk, Counts())
    rows = [Row(dates.month_label(month), months[month]) for month in sorted(months)]
    return Breakdown("month", _("By month"), rows)
