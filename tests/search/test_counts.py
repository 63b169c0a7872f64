"""Filters narrow and count: each choice says how many results it would leave with all other filters in force."""

from __future__ import annotations

import datetime

import pytest

from search import counts, kinds, periods
from search.counts import Found
from search.engines.base import Filters

#: Pages that take registrations.
TAKING = {4, 99}


@pytest.fixture(autouse=True)
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "kind_by_content_type", lambda: {1: "bai-viet", 2: "tap-huan"})


def page(key: int, kind: int = 1, *, pillar: int | None = None, facets: str = "", day: int = 1) -> Found:
    return Found(key, kind, pillar, datetime.date(2024, 8, day), facets)


PAGES = [
    page(1, facets="t1 p1", pillar=7),
    page(2, facets="t1", day=5),
    page(3, facets="t2 p1 a9", day=20),
    page(4, kind=2, facets="t1"),
]


def test_without_filters_everything_is_counted() -> None:
    kept, found = counts.narrowed(PAGES, Filters(), TAKING)
    assert [row.key for row in kept] == [1, 2, 3, 4]
    assert found.kind == {"bai-viet": 3, "tap-huan": 1}
    assert (found.topic, found.place, found.audience, found.pillar, found.open) == (
        {1: 3, 2: 1},
        {1: 2},
        {9: 1},
        {7: 1},
        1,
    )


def test_a_filter_does_not_narrow_its_own_choices() -> None:
    kept, found = counts.narrowed(PAGES, Filters(topic=1), TAKING)
    assert [row.key for row in kept] == [1, 2, 4]
    assert found.topic == {1: 3, 2: 1}
    assert found.place == {1: 1}


def test_filters_combine() -> None:
    kept, found = counts.narrowed(
        PAGES, Filters(topic=1, kind="bai-viet", since=datetime.date(2024, 8, 3)), TAKING
    )
    assert [row.key for row in kept] == [2]
    assert found.kind == {"bai-viet": 1}


def test_both_days_of_a_period_belong_to_it() -> None:
    period = Filters(since=datetime.date(2024, 8, 5), until=datetime.date(2024, 8, 20))
    assert [row.key for row in counts.narrowed(PAGES, period, TAKING)[0]] == [2, 3]


def test_open_is_what_takes_registrations() -> None:
    assert [row.key for row in counts.narrowed(PAGES, Filters(open=True), TAKING)[0]] == [4]
    assert counts.narrowed(PAGES, Filters(open=True), set())[0] == []
    assert counts.narrowed(PAGES, Filters(kind="bai-viet"), TAKING)[1].open == 0


def test_days_are_counted_with_all_other_filters_in_force() -> None:
    august = Filters(since=datetime.date(2024, 8, 5), until=datetime.date(2024, 8, 6), topic=1)
    _kept, found = counts.narrowed(PAGES, august, TAKING)
    assert found.date == {datetime.date(2024, 8, 1): 2, datetime.date(2024, 8, 5): 1}
    assert periods.CountedDays(found.date).within("2024") == 3
    assert periods.CountedDays(found.date).within("2023") == 0


def test_topic_1_is_not_topic_11() -> None:
    assert counts.narrowed([page(1, facets="t11")], Filters(topic=1), TAKING)[0] == []
