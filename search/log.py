"""Counting what readers ask: fast, harmless when it fails, and blind to persons."""

from __future__ import annotations

import contextlib
import datetime
import logging
import re
import unicodedata
from collections.abc import Iterator

from django.db import Error, connection, transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, When
from django.utils import timezone
from wagtail.models import Site

from core import limits, vietnamese
from core.models import ContentPage
from search.lexicon_rules import folded
from search.models.log import MAX_TEXT, AskedQuestion

logger = logging.getLogger(__name__)

#: Different questions that are kept per office and day, so that a flood stays small.
QUESTIONS_A_DAY = 5_000
#: Spellings of one question that are told apart on a day.
SPELLINGS_A_DAY = 8
#: A page does not wait longer than this (milliseconds) for another writer of SQLite; the question is then not counted.
PATIENCE_MS = 60
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


def record(site: Site, language: str, text: str, total: int, *, client: str) -> None:
    """Count a question, once for a client and day. Never raises for a database that is busy or gone.

    Args:
        site: the office that was asked.
        language: language code of the page.
        text: as typed; what may hold personal data is not kept.
        total: how many results there were.
        client: what stands for who asks (``core.limits.client``); not kept.
    """
    key, shown = question_key(text), _shown(text)
    if not key or is_private(text):
        return
    is_new = limits.first_today("search.asked", client, f"{site.pk}:{language}:{key}")
    day = timezone.localdate()
    same = AskedQuestion.objects.filter(site_id=site.pk, language=language[:10], day=day, key=key)
    row = same.filter(text=shown)
    change = {"asked": F("asked") + 1, "total": total}
    with _quietly("question"):
        if not is_new:
            # what staff have mended meanwhile leaves the list of what finds nothing
            row.exclude(total=total).update(total=total)
            return
        if row.update(**change):
            return
        today = AskedQuestion.objects.filter(site_id=site.pk, day=day)
        if same.count() >= SPELLINGS_A_DAY or today.count() >= QUESTIONS_A_DAY:
            # one spelling more is counted with another, a question more is not
            other = same.order_by("pk").first()
            if other is not None:
                same.filter(pk=other.pk).update(**change)
            return
        new = AskedQuestion(site_id=site.pk, language=language[:10], day=day, key=key, text=shown)
        # two readers may ask a new question at once: one row is made, both are counted
        AskedQuestion.objects.bulk_create([new], ignore_conflicts=True)
        row.update(**change)


def clicked(site: Site, language: str, text: str, page_id: int | None, rank: int, *, client: str) -> None:
    """Count that a reader opened a result, once for a client, question and day.

    Never raises for a database that is busy or gone.

    Args:
        site: the office that was asked.
        language: language code of the page of results.
        text: the question as typed; one that is not kept counts nowhere.
        page_id: the page that was opened; one that the office does not show is not counted. None: the list of a topic.
        rank: its place in the whole list, from 1.
        client: what stands for who opens it (``core.limits.client``); not kept.
    """
    key = question_key(text)
    if not key or not 1 <= rank <= 1_000 or not (page_id is None or 0 < page_id < 2**31):
        return
    day = timezone.localdate()
    with _quietly("click"):
        if page_id and not ContentPage.objects.for_site(site, language).filter(pk=page_id).exists():
            return
        # asked before midnight, opened after
        since = day - datetime.timedelta(days=1)
        rows = AskedQuestion.objects.filter(
            site_id=site.pk, language=language[:10], key=key, day__gte=since, clicks__lt=F("asked")
        )
        as_typed = Case(When(text=_shown(text), then=0), default=1, output_field=IntegerField())
        asked = rows.order_by("-day", as_typed, "pk").values_list("pk", flat=True).first()
        if asked is None or not limits.first_today("search.clicked", client, f"{site.pk}:{language}:{key}"):
            return
        change = {"clicks": F("clicks") + 1, "ranks": F("ranks") + rank}
        rows.filter(pk=asked).update(**change, **({"page_id": page_id} if page_id else {}))


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
