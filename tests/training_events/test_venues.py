"""The printed place names the commune once."""

from __future__ import annotations

import pytest

from training_events import venues


@pytest.mark.parametrize(
    ("venue", "commune", "address", "printed"),
    [
        ("Trạm y tế xã Đa Kia", "Đa Kia", "", "Trạm y tế xã Đa Kia"),
        ("Nhà văn hóa thôn 5", "Đa Kia", "", "Nhà văn hóa thôn 5, Đa Kia"),
        ("Nhà văn hóa thôn 5", "Xã Đa Kia", "", "Nhà văn hóa thôn 5, xã Đa Kia"),
        ("Nhà văn hóa thôn 5", "Đa Kia", "Thôn 5, xã Đa Kia", "Nhà văn hóa thôn 5, Thôn 5, xã Đa Kia"),
        ("Nhà văn hóa xã Đăk Ơ", "Đắk Ơ", "", "Nhà văn hóa xã Đăk Ơ"),
        ("Nhà văn hóa Đa Kiang", "Đa Kia", "", "Nhà văn hóa Đa Kiang, Đa Kia"),
        ("", "Xã Đa Kia", "Thôn 5, xã Đa Kia", "Thôn 5, xã Đa Kia"),
        ("Sân xã", "", "", "Sân xã"),
        ("", "", "", ""),
    ],
)
def test_the_commune_stands_once(venue: str, commune: str, address: str, printed: str) -> None:
    assert venues.line(venue, commune, address) == printed


def test_a_place_stored_with_the_commune_twice_is_the_same_place() -> None:
    """Otherwise the first publication after an update would tell everybody of a new place."""
    before = "Hội trường, xã Đa Kia, Đa Kia, Trung tâm xã Đa Kia"
    assert venues.simplest(before) == venues.simplest(
        venues.line("Hội trường, xã Đa Kia", "Đa Kia", "Trung tâm xã Đa Kia")
    )
    assert venues.simplest("Nhà văn hóa thôn 5") != venues.simplest("Nhà văn hóa thôn 6")
