"""Phone numbers as people here write them: stored as E.164, shown the local way."""

from __future__ import annotations

import pytest

from training_events import phones


@pytest.mark.parametrize(
    ("raw", "stored", "shown"),
    [
        ("0912 345 678", "+84912345678", "0912 345 678"),
        ("0912-345-678", "+84912345678", "0912 345 678"),
        ("84912345678", "+84912345678", "0912 345 678"),
        ("+84 (0)912.345.678", "+84912345678", "0912 345 678"),
        ("0084 912345678", "+84912345678", "0912 345 678"),
        ("0271 3870 123", "+842713870123", "0271 3870 123"),
        ("+1 650 253 0000", "+16502530000", "+1 650-253-0000"),
    ],
)
def test_a_number_is_stored_one_way_and_shown_the_local_way(raw: str, stored: str, shown: str) -> None:
    assert phones.parse(raw) == stored
    assert phones.shown(stored) == shown
    # what is shown is read back
    assert phones.parse(shown) == stored


@pytest.mark.parametrize(
    "raw", ["", "0912", "113", "09123456789", "0123 456 7890", "không có", "\x00", "9" * 1000]
)
def test_what_is_no_number_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        phones.parse(raw)
