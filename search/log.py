"""Counting what readers ask: fast, harmless when it fails, and blind to persons."""

from __future__ import annotations

import contextlib
import datetime
import logging
import re
import unicodedata
from collections.abc import Iterator

from django.db import Error, connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Sum
from django.utils import timezone
from wagtail.models import Site

from core import vietnamese
from core.memory import remember
from core.models import ContentPage
from search.lexicon_rules import folded
from search.models.log import MAX_TEXT, AskedQuestion, HiddenQuestion

logger = logging.getLogger(__name__)

#: Different questions that are kept per office and day, so that a flood stays small.
QUESTIONS_A_DAY = 5_000
#: A page does not wait longer than this (milliseconds) for another writer of SQLite; the question is then not counted.
PATIENCE_MS = 60
#: A question is shown to others when it was asked so often, on so many days of so many last days.
POPULAR_TIMES = 5
POPULAR_DAYS = 3
POPULAR_PERIOD = 30
#: Questions that are kept at hand for ``popular``.
POPULAR_LIMIT = 24
#: How long a question is kept (days): one that nobody asked again, and any.
KEEP_SINGLE = 30
KEEP = 365

_YEARS = re.compile(r"\b(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\b")
#: Six digits or more, also in groups: telephone, identity card, account, insurance.
_DIGITS = re.compile(r"\d(?:[\s.\-–_()+]{0,3}\d){5,}")
_DATE = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d\d){1,2}\b")
_PLATE = re.compile(r"\b\d\d\s?-?\s?[A-ZĐ]{1,2}\d?\s?-?\s?\d{3}\.?\d\d\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S\s?@\s?\S|\bhttps?:|\bwww\.", re.IGNORECASE)


def is_private(text: str) -> bool:
    """Tell whether a question may hold personal data: a number of six digits or more, a full date, a plate, an address of
    e-mail or web, or more than a short question's length.
    """
    plain = "".join(
        str(unicodedata.digit(char, "")) if char.isdigit() else char
        for char in unicodedata.normalize("NFKC", text)
        if unicodedata.category(char) != "Cf"
    )
    if len(plain) > MAX_TEXT or _ADDRESS.search(plain) or _DATE.search(plain) or _PLATE.search(plain):
        return True
    return bool(_DIGITS.search(_YEARS.sub(" ", plain)))


def question_key(text: str) -> str:
    """Return the words of a question by which its spellings are counted together, empty where it has none."""
    return folded(text)[:200].strip()


def _shown(text: str) -> str:
    """Return the question as staff see it: NFC, no control characters, single blanks."""
    plain = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in vietnamese.to_nfc(text))
    return " ".join(plain.split())[:MAX_TEXT]


@contextlib.contextmanager
def _quietly(what: str) -> Iterator[None]:
    """Write without failing the page, and without waiting long where one writer at a time is admitted (SQLite)."""
    is_sqlite = connection.vendor == "sqlite"
    try:
        if is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout")
                (before,) = cursor.fetchone()
                cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            # inside a transaction a failure must not spoil it; outside each statement stands alone and holds no lock
            with transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext():
                yield
        finally:
            if is_sqlite:
                with connection.cursor() as cursor:
                    cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
    except Error as error:
        logger.warning("A %s was not counted: %s", what, error)


def record(site: Site, language: str, text: str, total: int) -> None:
    """Count a question. Never raises for a database that is busy or gone.

    Args:
        site: the office that was asked.
        language: language code of the page.
        text: as typed; what may hold personal data is not kept.
        total: how many results there were.
    """
    key, shown = question_key(text), _shown(text)
    if not key or is_private(text):
        return
    with _quietly("question"):
        row = AskedQuestion.objects.filter(
            site_id=site.pk, language=language[:10], day=timezone.localdate(), key=key
        )
        change = {"asked": F("asked") + 1, "total": total}
        if has_marks(shown):
            change["text"] = shown
        if row.update(**change):
            return
        today = AskedQuestion.objects.filter(site_id=site.pk, day=timezone.localdate())
        if today.count() >= QUESTIONS_A_DAY:
            return
        new = AskedQuestion(
            site_id=site.pk, language=language[:10], day=timezone.localdate(), key=key, text=shown
        )
        # two readers may ask a new question at once: one row is made, both are counted
        AskedQuestion.objects.bulk_create([new], ignore_conflicts=True)
        row.update(**change)


def clicked(site: Site, language: str, text: str, page_id: int, rank: int) -> None:
    """Count that a reader opened a result. Never raises for a database that is busy or gone.

    Args:
        site: the office that was asked.
        language: language code of the page of results.
        text: the question as typed; one that is not kept counts nowhere.
        page_id: the page that was opened; one that the office does not show is not counted.
        rank: its place in the whole list, from 1.
    """
    key = question_key(text)
    if not key or not 1 <= rank <= 1_000 or not 0 < page_id < 2**31:
        return
    day = timezone.localdate()
    with _quietly("click"):
        if not ContentPage.objects.for_site(site, language).filter(pk=page_id).exists():
            return
        rows = AskedQuestion.objects.filter(
            site_id=site.pk, language=language[:10], key=key, clicks__lt=F("asked")
        )
        change = {"clicks": F("clicks") + 1, "ranks": F("ranks") + rank, "page_id": page_id}
        # asked before midnight, opened after
        if not rows.filter(day=day).update(**change):
            rows.filter(day=day - datetime.timedelta(days=1)).update(**change)


def popular(site: Site, language: str, limit: int = 8) -> list[str]:
    """Return questions to offer to others, the most asked first; kept for a minute.

    Only what was asked often, on several days, found something, led to a page and was not hidden by staff: nobody's single
    question is shown to others.
    """
    found: list[str] = remember(
        "search.popular", site.pk, language, make=lambda: _read_popular(site, language)
    )
    return found[:limit]


def _read_popular(site: Site, language: str) -> list[str]:
    since = timezone.localdate() - datetime.timedelta(days=POPULAR_PERIOD)
    rows = AskedQuestion.objects.filter(site=site, language=language, day__gt=since).order_by()
    hidden = HiddenQuestion.objects.filter(site=site, language=language).values("key")
    groups = (
        # a row is a day of a question
        rows.exclude(key__in=hidden)
        .values("key")
        .annotate(times=Sum("asked"), opened=Sum("clicks"), days=Count("pk"))
        .filter(times__gte=POPULAR_TIMES, days__gte=POPULAR_DAYS, opened__gte=1)
        .order_by("-times", "key")
    )
    keys = [row["key"] for row in groups[:POPULAR_LIMIT]]
    latest: dict[str, AskedQuestion] = {}
    for row in rows.filter(key__in=keys).order_by("day"):
        before = latest.get(row.key)
        if before is not None and has_marks(before.text) and not has_marks(row.text):
            row.text = before.text
        latest[row.key] = row
    return [latest[key].text for key in keys if latest[key].total]


def has_marks(text: str) -> bool:
    """Tell whether a question was typed with Vietnamese marks."""
    return vietnamese.fold(text) != vietnamese.to_nfc(text).lower()


def purge(today: datetime.date) -> int:
    """Delete what is older than KEEP days, and after KEEP_SINGLE days what was asked a single time; return how many rows."""
    old = AskedQuestion.objects.filter(day__lt=today - datetime.timedelta(days=KEEP))
    again = AskedQuestion.objects.filter(
        site_id=OuterRef("site_id"), language=OuterRef("language"), key=OuterRef("key")
    ).exclude(pk=OuterRef("pk"))
    single = AskedQuestion.objects.filter(
        day__lt=today - datetime.timedelta(days=KEEP_SINGLE), asked__lte=1
    ).exclude(Exists(again))
    deleted = 0
    for rows in (old, single):
        # found first: SQLite admits no other writer while a deletion looks for its rows
        keys = list(rows.values_list("pk", flat=True))
        for start in range(0, len(keys), 500):
            deleted += AskedQuestion.objects.filter(pk__in=keys[start : start + 500]).delete()[0]
    return deleted
