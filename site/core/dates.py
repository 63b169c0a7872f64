"""Dates and times as Vietnamese readers write them; English in English. One module, so that no two pages differ.

All functions take dates or aware datetimes; datetimes are shown in the site's time zone (Asia/Ho_Chi_Minh).
"""

import datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def _local_date(value: datetime.date | datetime.datetime) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _is_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def date_label(value: datetime.date | datetime.datetime) -> str:
    """Return ``25/11/2026``, in English ``25 November 2026``."""
    day = _local_date(value)
    return f"{day.day}/{day.month}/{day.year}" if _is_vietnamese() else date_format(day, "j F Y")


def weekday_date(value: datetime.date | datetime.datetime) -> str:
    """Return ``Thứ Hai, 25/11/2026``, in English ``Monday, 25 November 2026``."""
    day = _local_date(value)
    return (
        f"{_WEEKDAYS[day.weekday()]}, {date_label(day)}" if _is_vietnamese() else date_format(day, "l, j F Y")
    )


def time_label(value: datetime.datetime | datetime.time) -> str:
    """Return ``7 giờ 30`` (``7 giờ`` on the hour), in English ``7:30 a.m.``."""
    moment = timezone.localtime(value).time() if isinstance(value, datetime.datetime) else value
    if _is_vietnamese():
        return f"{moment.hour} giờ {moment.minute:02d}" if moment.minute else f"{moment.hour} giờ"
    return time_format(moment, "g:i a")


def time_short(value: datetime.datetime | datetime.time) -> str:
    """Return ``7:30``, for tables."""
    moment = timezone.localtime(value).time() if isinstance(value, datetime.datetime) else value
    return f"{moment.hour}:{moment.minute:02d}"


def month_label(value: datetime.date) -> str:
    """Return ``Tháng 8/2024``, in English ``August 2024``."""
    return f"Tháng {value.month}/{value.year}" if _is_vietnamese() else date_format(value, "F Y")


def date_range(
    start: datetime.date | datetime.datetime, end: datetime.date | datetime.datetime | None
) -> str:
    """Return ``5/8 – 12/8/2024``, one date when both are the same day."""
    first = _local_date(start)
    last = _local_date(end) if end else first
    if first == last:
        return date_label(first)
    if _is_vietnamese():
        begin = f"{first.day}/{first.month}" if first.year == last.year else date_label(first)
        return f"{begin} – {date_label(last)}"
    begin = date_format(first, "j F") if first.year == last.year else date_label(first)
    return f"{begin} – {date_label(last)}"


def number_label(value: float | int) -> str:
    """Return ``1.234,5`` in Vietnamese, ``1,234.5`` in English (thousands grouped from four digits on)."""
    if isinstance(value, int) and -1_000 < value < 1_000:
        return str(value)  # nearly all, a hundred in a list of results
    text = f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if _is_vietnamese() else text
