"""Many requests at once: N seats and N + 20 parties give exactly N confirmed. And the proof that the load bites.

On SQLite the threads work on a copy of the test database in a file: an in-memory database has locks of another kind.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from wagtail.models import Page

from tests.factories.core import make_locale, make_office, make_place
from tests.factories.training_events import make_event, registration_data
from training_events.models import EventPage, HeldSeats, Registration, SeatPool, SeatReserve
from training_events.services import pools, registration, seats
from training_events.services.registration import AlreadyRegistered, cancel, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

SEATS = 8
EXTRA = 20


def root_page() -> None:
    """Make the tree's root, which the test before has emptied away."""
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root", locale=make_locale("vi")))


@pytest.fixture
def pool() -> SeatPool:
    """An event's seats. Tests with real transactions empty the tables behind them, the tree's root included."""
    root_page()
    event = make_event(make_office(), seats=SEATS)
    return SeatPool.objects.get(event_key=event.translation_key)


@contextlib.contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """Let threads started inside see what this thread has committed."""
    if connection.vendor != "sqlite":
        yield
        return
    file = folder / "load.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
    before = connections.settings["default"]
    connections.settings["default"] = {**before, "NAME": str(file)}
    try:
        yield
    finally:
        connections.settings["default"] = before


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads that start together; return their results, exceptions included, in order."""
    results: list[Any] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            results[number] = jobs[number]()
        except Exception as problem:
            results[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def register_all(pool: SeatPool, count: int) -> list[Any]:
    data = [registration_data() for _ in range(count)]
    now = timezone.now()
    return at_once([lambda one=one: register(pool, one, now=now) for one in data])


def stored(pool: SeatPool) -> tuple[int, list[Registration]]:
    """Return the taken seats and all registrations, read where the threads wrote them."""
    found = at_once(
        [lambda: (SeatPool.objects.get(pk=pool.pk).taken, list(pool.registrations.order_by("sequence")))]
    )
    assert isinstance(found[0], tuple), found[0]
    return found[0]


def test_more_parties_than_seats_at_once_fill_the_seats_exactly(pool: SeatPool, tmp_path: Path) -> None:
    with shared_database(tmp_path):
        results = register_all(pool, SEATS + EXTRA)
        taken, rows = stored(pool)
    assert [row for row in results if isinstance(row, Exception)] == []
    assert taken == SEATS
    assert [row.status for row in rows] == ["confirmed"] * SEATS + ["waiting"] * EXTRA
    assert len({row.code for row in rows}) == SEATS + EXTRA


def test_one_form_sent_ten_times_at_once_is_one_registration(pool: SeatPool, tmp_path: Path) -> None:
    data, now = registration_data(party_size=2), timezone.now()
    with shared_database(tmp_path):
        results = at_once([lambda: register(pool, data, now=now)] * 10)
        taken, rows = stored(pool)
    assert {getattr(row, "pk", row) for row in results} == {rows[0].pk}
    assert (taken, len(rows)) == (2, 1)


def test_two_forms_of_one_person_at_once_are_one_registration_and_a_question(
    pool: SeatPool, tmp_path: Path
) -> None:
    person = {"name": "Điểu Thị Mẫu", "phone": "+84900000111", "only_first": True}
    forms, now = [registration_data(**person) for _ in range(8)], timezone.now()
    with shared_database(tmp_path):
        results = at_once([lambda one=one: register(pool, one, now=now) for one in forms])
        taken, rows = stored(pool)
    asked = [one.row.pk for one in results if isinstance(one, AlreadyRegistered)]
    assert (taken, len(rows), asked) == (1, 1, [rows[0].pk] * 7)


def test_cancellations_and_arrivals_at_once_neither_lose_nor_double_a_seat(
    pool: SeatPool, tmp_path: Path
) -> None:
    now = timezone.now()
    first = [register(pool, registration_data(), now=now) for _ in range(SEATS + 5)]
    with shared_database(tmp_path):
        jobs: list[Callable[[], Any]] = [
            lambda row=row: cancel(row, now=now) for row in first[:SEATS] for _ in range(2)
        ]
        jobs += [
            lambda one=one: register(pool, one, now=now) for one in [registration_data() for _ in range(10)]
        ]
        results = at_once(jobs)
        taken, rows = stored(pool)
    assert [row for row in results if isinstance(row, Exception)] == []
    confirmed = [row for row in rows if row.is_confirmed]
    assert taken == len(confirmed) == SEATS
    # the five who had been waiting came first
    assert {row.pk for row in first[SEATS:]} <= {row.pk for row in confirmed}


def test_seats_held_back_go_to_their_commune_also_when_everybody_asks_at_once(tmp_path: Path) -> None:
    root_page()
    place: Any = make_place("Đắk Ơ")
    kept = 3
    event = make_event(
        make_office(), seats=SEATS, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=kept)]
    )
    pool, now = SeatPool.objects.get(event_key=event.translation_key), timezone.now()
    # strangers first: each of them counts before the commune comes
    data = [registration_data() for _ in range(2 * SEATS)] + [
        registration_data(place=place) for _ in range(SEATS)
    ]
    with shared_database(tmp_path):
        results = at_once([lambda one=one: register(pool, one, now=now) for one in data])
        taken, rows = stored(pool)
        (found,) = at_once([lambda: (SeatPool.objects.get(pk=pool.pk).held, SeatReserve.objects.get().taken)])
    assert [row for row in results if isinstance(row, Exception)] == []
    locals_ = [row for row in rows if row.is_confirmed and row.place_id]
    strangers = [row for row in rows if row.is_confirmed and not row.place_id]
    assert len(strangers) <= SEATS - kept
    assert taken == len(locals_) + len(strangers) == SEATS
    assert found == (0, len(locals_))
    # within each kind, who came first has the seat
    for kind in (True, False):
        states = [row.is_confirmed for row in rows if bool(row.place_id) is kind]
        assert states == sorted(states, reverse=True)


def test_raising_and_lowering_seats_while_people_arrive_keeps_the_books_straight(
    pool: SeatPool, tmp_path: Path
) -> None:
    now = timezone.now()

    def publish(number: int) -> None:
        event = EventPage.objects.get(translation_key=pool.event_key)
        event.seats = number
        pools.sync_pool(event, now=now)

    with shared_database(tmp_path):
        jobs: list[Callable[[], Any]] = [lambda seats=seats: publish(seats) for seats in (12, 4, 10)]
        jobs += [
            lambda one=one: register(pool, one, now=now) for one in [registration_data() for _ in range(16)]
        ]
        results = at_once(jobs)
        (found,) = at_once([lambda: SeatPool.objects.get(pk=pool.pk)])
        _taken, rows = stored(pool)
    assert [row for row in results if isinstance(row, Exception)] == []
    confirmed = [row for row in rows if row.is_confirmed]
    assert found.taken == len(confirmed) <= 12
    # nobody waits beside a free seat, and nobody who came later sits before somebody who waits
    assert len(confirmed) >= min(16, found.capacity)
    assert [row.status for row in rows] == ["confirmed"] * len(confirmed) + ["waiting"] * (
        16 - len(confirmed)
    )


def test_control_without_the_guard_the_same_load_oversells(
    pool: SeatPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Count, then insert, without a transaction: every request counts before any inserts, and all get a seat."""
    everybody_has_counted = threading.Barrier(SEATS + EXTRA)
    arrivals = iter(range(1, 1000))

    @contextlib.contextmanager
    def not_holding(pool_id: int) -> Iterator[SeatPool]:
        yield SeatPool.objects.get(pk=pool_id)

    def count_then_take(pool_id: int, count: int, **_rules: Any) -> bool:
        confirmed = Registration.objects.filter(pool_id=pool_id).confirmed().count()
        everybody_has_counted.wait(timeout=30)
        return confirmed + count <= SEATS

    monkeypatch.setattr(seats, "holding", not_holding)
    monkeypatch.setattr(seats, "take", count_then_take)
    monkeypatch.setattr(seats, "next_arrival", lambda pool_id: next(arrivals))
    assert registration.seats is seats
    with shared_database(tmp_path):
        results = register_all(pool, SEATS + EXTRA)
        _taken, rows = stored(pool)
    assert [row for row in results if isinstance(row, Exception)] == []
    assert len([row for row in rows if row.is_confirmed]) == SEATS + EXTRA
