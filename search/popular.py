"""Which questions of readers are offered to others: what several people asked, in words that the office itself publishes."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count, Sum
from django.utils import timezone
from wagtail.models import Site

from core import vietnamese
from core.memory import remember
from search import selection
from search.analysis import EXACT
from search.engines.base import SearchQuery
from search.log import has_marks
from search.models import AskedQuestion, HiddenQuestion
from search.vocabulary import words as known_words

#: A question is shown to others when it was asked so often, and on so many of the last days by so many people each.
TIMES, PEOPLE, DAYS, PERIOD = 6, 2, 3, 30
#: Questions that are kept at hand; three times as many are looked at for them.
LIMIT = 24
#: Words that are looked for in all pages because the pages that were opened do not hold them.
LOOKED_FOR = 24


def questions(site: Site, language: str, limit: int = 8) -> list[str]:
    """Return questions to offer to others, the most asked first; kept for a minute.

    Only what several people asked on the same day, on several days, what found something, led to a page and was not hidden by
    staff; in the spelling that most people used, and only if each of its words stands, with these very marks, in a public
    page of the office. So nobody alone decides what is shown to others, and nothing is shown that the office does not say.
    """
    found: list[str] = remember("search.popular", site.pk, language, make=lambda: _read(site, language))
    return found[:limit]


def _read(site: Site, language: str) -> list[str]:
    since = timezone.localdate() - datetime.timedelta(days=PERIOD)
    rows = AskedQuestion.objects.filter(site=site, language=language, day__gt=since).order_by()
    hidden = HiddenQuestion.objects.filter(site=site, language=language).values("key")
    groups = (
        rows.exclude(key__in=hidden)
        .values("key")
        .annotate(times=Sum("asked"), opened=Sum("clicks"), days=Count("day", distinct=True))
        .filter(times__gte=TIMES, days__gte=DAYS, opened__gte=1)
        .order_by("-times", "key")
    )
    keys = [row["key"] for row in groups[: 3 * LIMIT]]
    by_key: dict[str, list[AskedQuestion]] = defaultdict(list)
    for row in rows.filter(key__in=keys).order_by("day", "asked"):
        by_key[row.key].append(row)
    spelled = {
        key: spellings(by_key[key]) for key in keys if by_key[key][-1].total and _by_several(by_key[key])
    }
    opened = {row.page_id for key in spelled for row in by_key[key] if row.page_id}
    said = _said({text for texts in spelled.values() for text in texts}, opened, site, language)
    found = (next((text for text in texts if text in said), "") for texts in spelled.values())
    return [text for text in found if text][:LIMIT]


def spellings(rows: Iterable[AskedQuestion]) -> list[str]:
    """Return how a question was typed: with marks before without, then what most people typed; one of each use of capitals."""
    times: Counter[str] = Counter()
    for row in rows:
        times[row.text] += row.asked
    same: dict[str, list[str]] = defaultdict(list)
    for text, _times in times.most_common():
        same[text.lower()].append(text)
    order = sorted(
        same.values(), key=lambda texts: (not has_marks(texts[0]), -sum(times[text] for text in texts))
    )
    return [texts[0] for texts in order]


def _by_several(rows: Sequence[AskedQuestion]) -> bool:
    """Tell whether several people asked a question on several days."""
    people: Counter[datetime.date] = Counter()
    for row in rows:
        people[row.day] += row.asked
    return sum(number >= PEOPLE for number in people.values()) >= DAYS


def _said(texts: set[str], opened: set[int], site: Site, language: str) -> set[str]:
    """Return the texts each of whose words stands in a public page of the office, with these very marks.

    Args:
        texts: spellings of questions.
        opened: pages that were opened for them (primary keys): most words stand there.
        site: the office.
        language: language code of the pages.
    """
    tokens = {text: vietnamese.tokens(text) for text in texts}
    if (known := known_words()).size:
        # most made-up spellings stand in no page of any office, which is known without asking
        tokens = {
            text: found
            for text, found in tokens.items()
            if all(
                (EXACT + word.exact if word.exact != word.folded else word.folded) in known.documents
                for word in found
            )
        }
    wanted = {f" {word.exact} " for found in tokens.values() for word in found}
    pages = selection.visible(SearchQuery("", site, language)).order_by()
    written = (
        "\n".join(pages.filter(pk__in=opened).values_list("search_text__exact", flat=True)) if opened else ""
    )
    standing = {word for word in wanted if word in written}
    for word in sorted(wanted - standing)[:LOOKED_FOR]:
        if pages.filter(search_text__exact__contains=word).exists():
            standing.add(word)
    return {text for text, found in tokens.items() if all(f" {word.exact} " in standing for word in found)}
