"""The limiter in the cache."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from core import limits


def test_hits_are_counted_by_scope_and_key() -> None:
    assert limits.hits("a", "x") == 0
    assert [limits.hit("a", "x", 60) for _ in range(3)] == [1, 2, 3]
    assert limits.hits("a", "x") == 3
    assert limits.hits("a", "y") == 0
    assert limits.hits("b", "x") == 0


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    assert limits.hit("a", "x", 60) == 1
    now += 59
    assert limits.hit("a", "x", 60) == 2
    now += 2
    assert limits.hit("a", "x", 60) == 1


def test_a_window_that_ends_while_it_is_counted_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_key: str) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", gone)
    assert limits.hit("a", "x", 60) == 1


def test_the_cache_holds_no_address() -> None:
    limits.hit("a", "203.0.113.9", 60)
    assert "203.0.113.9" not in repr(getattr(cache, "_cache", {}))


@pytest.mark.parametrize(
    ("trusted", "address", "forwarded", "client"),
    [
        (False, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (True, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "made up, 10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "", "127.0.0.1"),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (False, "", "", "unknown"),
        (True, "127.0.0.1", "<script>", "unknown"),
    ],
)
def test_the_client_of_a_request(
    settings: Any, trusted: bool, address: str, forwarded: str, client: str
) -> None:
    settings.TRUST_PROXY = trusted
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=address, **headers)
    assert limits.client(request) == client


def test_more_than_the_limit_is_too_much() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    other = RequestFactory().get("/", REMOTE_ADDR="203.0.113.10")
    assert [limits.exceeded(request, "a", 2) for _ in range(3)] == [False, False, True]
    assert not limits.exceeded(other, "a", 2)
