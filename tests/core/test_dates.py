"""Dates, times and numbers as look-and-voice.md writes them."""

import datetime

import pytest
from django.utils import timezone, translation

from core import dates


def test_dates_in_vietnamese() -> None:
    day = datetime.date(2026, 11, 23)
    assert dates.weekday_date(day) == "Thứ Hai, 23/11/2026"
    assert dates.date_label(day) == "23/11/2026"
    assert dates.month_label(day) == "Tháng 11/2026"


def test_dates_in_english() -> None:
    with translation.override("en"):
        assert dates.weekday_date(datetime.date(2026, 11, 23)) == "Monday, 23 November 2026"
        assert dates.time_label(datetime.time(7, 30)) == "7:30 a.m."


@pytest.mark.parametrize(
    ("clock", "words"), [((7, 30), "7 giờ 30"), ((14, 0), "14 giờ"), ((8, 5), "8 giờ 05")]
)
def test_time_in_words(clock: tuple[int, int], words: str) -> None:
    assert dates.time_label(datetime.time(*clock)) == words


def test_a_moment_is_shown_in_local_time() -> None:
    moment = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    assert dates.time_label(moment) == "6 giờ 30"
    assert dates.weekday_date(moment) == "Thứ Hai, 23/11/2026"
    assert timezone.is_aware(moment)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2024, 8, 5), (2024, 8, 12), "5/8 – 12/8/2024"),
        ((2024, 12, 30), (2025, 1, 2), "30/12/2024 – 2/1/2025"),
        ((2024, 8, 5), (2024, 8, 5), "5/8/2024"),
    ],
)
def test_ranges(start: tuple[int, int, int], end: tuple[int, int, int], words: str) -> None:
    assert dates.date_range(datetime.date(*start), datetime.date(*end)) == words


def test_numbers() -> None:
    assert dates.number_label(1234.5) == "1.234,5"
    assert dates.number_label(20000) == "20.000"
    with translation.override("en"):
        assert dates.number_label(1234.5) == "1,234.5"
