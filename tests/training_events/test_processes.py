"""Many processes at once, as gunicorn's workers are: exactly N seats, order of arrival kept, and a worker killed in the middle.

Threads share an interpreter and could be saved by it; processes share nothing but the database.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.factories.training_events import registration_data
from tests.training_events.test_concurrency import at_once, pool, shared_database, stored  # noqa: F401 - pool is a fixture
from training_events.models import Registration, SeatPool
from training_events.services import change, seats, waiting
from training_events.services.party import PersonData
from training_events.services.registration import cancel, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

SEATS = 8
#: 6 x 4 requests are under way at any moment.
PROCESSES, THREADS = 6, 4
# fork, so that workers need not start Django again: the machine's two processors are for the load
_fork = multiprocessing.get_context("fork")


@contextlib.contextmanager
def workers(folder: Path, job: Callable[[int, Callable[[str], None]], None]) -> Iterator[list[Any]]:
    """Run ``job(number, report)`` in PROCESSES x THREADS threads; ``report`` appends a line to the folder's report.

    The parent's connection is closed first: two processes must never speak on one.
    """
    path = folder / "report"
    path.touch()

    def thread(number: int) -> None:
        try:
            with path.open("ab", buffering=0) as file:
                job(number, lambda line: os.write(file.fileno(), f"{line}\n".encode()) and None)
        except Exception as problem:
            with path.open("ab", buffering=0) as file:
                file.write(f"problem {problem!r}\n".encode())
        finally:
            connections.close_all()

    def process(first: int) -> None:
        # new threads open connections of their own; the one that was copied with the process is left alone
        threads = [threading.Thread(target=thread, args=(first + n,)) for n in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        os._exit(0)

    if connection.vendor != "sqlite":
        connections.close_all()
    running = [_fork.Process(target=process, args=(number * THREADS,)) for number in range(PROCESSES)]
    for one in running:
        one.start()
    try:
        yield running
        for one in running:
            one.join(timeout=180)
    finally:
        for one in running:
            if one.is_alive():
                one.kill()
                one.join()


def report(folder: Path) -> list[str]:
    return (folder / "report").read_text().splitlines()


@pytest.mark.parametrize("extra", [1, 60, 500])
def test_processes_fill_the_seats_exactly_and_the_rest_wait_in_order(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
    extra: int,
) -> None:
    total = SEATS + extra
    forms = [registration_data() for _ in range(total)]
    now = timezone.now()
    start = _fork.Barrier(PROCESSES * THREADS)

    def job(number: int, tell: Callable[[str], None]) -> None:
        start.wait(timeout=60)
        for form in forms[number :: PROCESSES * THREADS]:
            row = register(pool, form, now=now)
            tell(f"{row.sequence} {row.status} {row.code}")

    with shared_database(tmp_path):
        with workers(tmp_path, job):
            pass
        taken, rows = stored(pool)
    lines = report(tmp_path)
    assert [line for line in lines if line.startswith("problem")] == []
    assert taken == SEATS
    assert [row.sequence for row in rows] == list(range(1, total + 1))
    assert [row.status for row in rows] == ["confirmed"] * SEATS + ["waiting"] * extra
    # what each person was told is what is stored
    assert sorted(lines) == sorted(f"{row.sequence} {row.status} {row.code}" for row in rows)


def test_a_worker_killed_in_the_middle_loses_nothing_that_was_acknowledged(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
) -> None:
    """SIGKILL wherever the worker happens to be: in a transaction, between two, before its answer."""
    forms = [registration_data() for _ in range(96)]
    now = timezone.now()
    victims = 2

    def job(number: int, tell: Callable[[str], None]) -> None:
        own = forms[number :: PROCESSES * THREADS]
        is_victim = number < victims * THREADS
        for form in own[:-1] if is_victim else own:
            row = register(pool, form, now=now)
            tell(f"{form.idempotency_key} {row.code}")
        if is_victim:  # this process may be so busy that they get there
            threading.Event().wait(120)

    with shared_database(tmp_path):
        with workers(tmp_path, job) as running:
            deadline = time.monotonic() + 60
            while len(report(tmp_path)) < 10 and time.monotonic() < deadline:
                time.sleep(0.005)
            for victim in running[:victims]:
                os.kill(victim.pid, signal.SIGKILL)
        taken, rows = stored(pool)
    acknowledged = dict(line.split() for line in report(tmp_path))
    codes = {row.idempotency_key: row.code for row in rows}
    assert [one.exitcode for one in running[:victims]] == [-signal.SIGKILL] * victims
    assert 10 <= len(acknowledged) <= len(rows) < len(forms), "some were killed, the others went on"
    assert acknowledged.items() <= codes.items()
    # nothing leaks: the seats counted are those of confirmed parties, and nobody waits beside a free one
    assert taken == sum(row.party_size for row in rows if row.is_confirmed) == SEATS
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))


def killed(job: Callable[[], Any]) -> int | None:
    """Run ``job`` in a process of its own, which kills itself somewhere in it, and return how that process ended."""
    if connection.vendor != "sqlite":
        connections.close_all()

    def process() -> None:
        # a new thread opens a connection of its own; the one that was copied with the process is left alone
        alone = threading.Thread(target=job)
        alone.start()
        alone.join()
        os._exit(0)

    one = _fork.Process(target=process)
    one.start()
    one.join(timeout=60)
    return one.exitcode


def die(*_args: Any, **_kwargs: Any) -> Any:
    """Stop as a machine without power does: nothing is closed, nothing is rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_between_the_seats_and_the_registration_neither_is_there(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The seats are taken, the registration is not yet inserted: the order of arrival is asked for in between."""
    now = timezone.now()
    form, other = registration_data(party_size=5), registration_data(party_size=5)
    with shared_database(tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(seats, "next_arrival", die)
            assert killed(lambda: register(pool, form, now=now)) == -signal.SIGKILL
        assert stored(pool) == (0, [])
        # nobody waits for the dead, and the same form may be sent again
        results = at_once([lambda: register(pool, form, now=now)])
        results += at_once([lambda: register(pool, other, now=now)])
        taken, rows = stored(pool)
    assert [row.status for row in results] == ["confirmed", "waiting"]
    assert (taken, [row.sequence for row in rows]) == (5, [1, 2])


def test_killed_while_parties_move_up_the_seat_is_neither_lost_nor_given_twice(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two parties that move up, one has its seat and the other's is just taken: a cancellation is all of it or nothing."""
    now = timezone.now()
    first = register(pool, registration_data(party_size=2), now=now)
    rest = [register(pool, registration_data(), now=now) for _ in range(SEATS - 2 + 3)]
    seat, seated = waiting.seat, []

    def one_then_die(row: Registration, *args: Any, **kwargs: Any) -> None:
        if seated:
            die()
        seated.append(row)
        seat(row, *args, **kwargs)

    with shared_database(tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(waiting, "seat", one_then_die)
            assert killed(lambda: cancel(first, now=now)) == -signal.SIGKILL
        taken, rows = stored(pool)
        before = ["confirmed"] * (SEATS - 1) + ["waiting"] * 3
        assert (taken, [row.status for row in rows]) == (SEATS, before)
        at_once([lambda: cancel(Registration.objects.get(pk=first.pk), now=now)])
        taken, rows = stored(pool)
    assert taken == SEATS
    assert [row.status for row in rows] == ["cancelled"] + ["confirmed"] * SEATS + ["waiting"]
    assert len(rest) == len(rows) - 1


def test_changes_cancellations_and_arrivals_in_processes_neither_lose_nor_double_a_seat(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
) -> None:
    now = timezone.now()
    first = [register(pool, registration_data(party_size=2), now=now) for _ in range(12)]
    forms = [registration_data() for _ in range(PROCESSES * THREADS)]

    def resize(row: Registration) -> None:
        row = Registration.objects.get(pk=row.pk)
        size = 1 if row.party_size > 1 else 3
        stored_ = [PersonData(one.name, None, (), one.key) for one in row.people]
        people = tuple([*stored_, PersonData(), PersonData()][:size])
        with contextlib.suppress(change.ChangedMeanwhile, change.NotEnoughSeats, change.ChangeRefused):
            change.change(row, {}, version=row.version, now=now, people=people)

    def job(number: int, tell: Callable[[str], None]) -> None:
        register(pool, forms[number], now=now)
        for step in range(3):
            resize(first[(number + step) % len(first)])
        cancel(Registration.objects.get(pk=first[number % 4].pk), now=now)
        tell("done")

    with shared_database(tmp_path):
        with workers(tmp_path, job):
            pass
        taken, rows = stored(pool)
    assert report(tmp_path) == ["done"] * PROCESSES * THREADS
    assert taken == sum(row.party_size for row in rows if row.is_confirmed) <= SEATS
    free = SEATS - taken
    assert [row.party_size for row in rows if row.is_waiting and row.party_size <= free] == []
    assert {row.status for row in rows if row.pk in {one.pk for one in first[:4]}} == {"cancelled"}


def test_control_without_the_guard_processes_oversell(
    pool: SeatPool,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Count, then insert: every process counts before any inserts, and all get a seat."""
    counted = _fork.Barrier(PROCESSES * THREADS)
    arrivals = _fork.Value("i", 0)
    forms = [registration_data() for _ in range(PROCESSES * THREADS)]
    now = timezone.now()

    @contextlib.contextmanager
    def not_holding(pool_id: int) -> Iterator[SeatPool]:
        yield SeatPool.objects.get(pk=pool_id)

    def count_then_take(pool_id: int, count: int, **_rules: Any) -> bool:
        confirmed = Registration.objects.filter(pool_id=pool_id).confirmed().count()
        counted.wait(timeout=60)
        return bool(confirmed + count <= SEATS)

    def next_arrival(pool_id: int) -> int:
        with arrivals.get_lock():
            arrivals.value += 1
            return int(arrivals.value)

    monkeypatch.setattr(seats, "holding", not_holding)
    monkeypatch.setattr(seats, "take", count_then_take)
    monkeypatch.setattr(seats, "next_arrival", next_arrival)
    with shared_database(tmp_path):
        with workers(tmp_path, lambda number, tell: tell(register(pool, forms[number], now=now).status)):
            pass
        _taken, rows = stored(pool)
    assert report(tmp_path) == ["confirmed"] * PROCESSES * THREADS
    assert len([row for row in rows if row.is_confirmed]) == PROCESSES * THREADS > SEATS
