"""The circuit breaker around a search server."""

import logging

import pytest

from search import breaker as module
from search.breaker import FIRST_PAUSE, LONGEST_PAUSE, TRIAL, Breaker


class Clock:
    """A time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_it_is_closed_until_something_fails(clock: Clock) -> None:
    breaker = Breaker("a")
    assert breaker.allows()
    breaker.succeeded()
    breaker.failed("no answer")
    assert not breaker.allows()
    assert breaker.is_open
    assert Breaker("b").allows(), "another server is none of its business"
    assert not Breaker("a").allows(), "all processes that share the cache share it"


def test_one_reader_tries_when_the_pause_is_over(clock: Clock) -> None:
    breaker = Breaker("a")
    breaker.failed("no answer")
    clock.now += FIRST_PAUSE
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    returned: list[bool] = []
    Breaker("a", lambda: returned.append(True)).succeeded()
    assert returned == [True]
    assert all(breaker.allows() for _ in range(3))


def test_pauses_grow_to_a_limit(clock: Clock) -> None:
    breaker = Breaker("a")
    breaker.failed("no answer")
    pauses = []
    for _ in range(8):
        outage = breaker.outage
        assert outage is not None
        pauses.append(outage.until - clock.now)
        clock.now = outage.until
        assert breaker.allows()
        breaker.failed("no answer")
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_readers_who_fail_together_make_one_pause(clock: Clock) -> None:
    breaker = Breaker("a")
    for _ in range(20):
        breaker.failed("no answer")
    outage = breaker.outage
    assert outage is not None
    assert outage.pause == FIRST_PAUSE
    breaker.succeeded()
    assert breaker.is_open, "an answer to a question that was asked before the failure says nothing"


def test_an_outage_is_two_lines_in_the_log(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    breaker = Breaker("a:9200")
    with caplog.at_level(logging.INFO, "search.breaker"):
        for _ in range(5):
            breaker.failed("refused")
            clock.now += LONGEST_PAUSE
        breaker.allows()
        breaker.succeeded()
        breaker.succeeded()
    assert len(caplog.records) == 2
    assert "a:9200" in caplog.text
    assert "300 seconds" in caplog.text


def test_a_trial_that_never_ends_does_not_block_for_ever(clock: Clock) -> None:
    from django.core.cache import cache

    breaker = Breaker("a")
    breaker.failed("no answer")
    clock.now += FIRST_PAUSE
    assert breaker.allows()
    assert TRIAL <= 10
    cache.delete("search.breaker.a.trial")  # what the cache does by itself after TRIAL seconds
    assert breaker.allows()
