"""Keeping the table of suggestions in step with pages, vocabulary and thesaurus.

Only differences are written, in short transactions, so that readers always have suggestions and editors never wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from itertools import combinations, islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from wagtail.models import Locale, Page, Site

from core import openings, vietnamese
from core.models import ContentPage
from core.taxonomy import source_language
from search import kinds, terms
from search.models import Suggestion
from search.models.lexicon import entries_in_use, lexicon_entries
from search.models.suggestion import HEAD_LENGTH
from search.shipped import shipped_entries
from search.suggestion_keys import starts

_BATCH = 1_000
#: Weights: what most likely helps comes first. A word farther back in a text counts less.
TOPIC, PILLAR, PLACE, PHRASE = 95, 90, 85, 70
PAGES = {"huong-dan": 64, "tap-huan": 58, "chuyen-de": 54, "trang": 52, "ban-tin": 48, "bai-viet": 46}
#: A class that is over stands below everything else that happened.
PAST = 40
_LATER, _LATER_MOST = 3, 15
_TERM_WEIGHTS = {"linh-vuc": TOPIC, "tru-cot": PILLAR, "dia-ban": PLACE}


class Row(NamedTuple):
    """A row of the table without its site and language."""

    tier: int
    key: str
    weight: int
    kind: str
    text: str
    page_id: int | None = None
    target: str = ""


def _rows(
    text: str,
    names: Iterable[str],
    weight: int,
    tier: int,
    kind: str,
    *,
    page_id: int | None = None,
    target: str = "",
) -> Iterator[Row]:
    seen = set()
    for name in names:
        for place, key in enumerate(starts(name)):
            if key not in seen:
                seen.add(key)
                lighter = min(place * _LATER, _LATER_MOST)
                yield Row(tier, key, weight - lighter, kind, text[:255], page_id, target)


# --- pages ---


def _page_rows(page: Any, kind_by_type: dict[int, str], over: Set[int]) -> Iterator[Row]:
    weight = PAGES.get(kind_by_type.get(page.content_type_id, kinds.PLAIN), PAGES[kinds.PLAIN])
    if page.pk in over:
        weight = min(weight, PAST)
    yield from _rows(
        page.title,
        [page.title],
        weight,
        Suggestion.Tier.PAGES,
        Suggestion.Kind.PAGE,
        page_id=page.pk,
    )


def _shown_on(site: Site, language: str) -> Any:
    """Return the pages that an office shows; whether their time is over is asked when they are offered."""
    pages = ContentPage.objects.for_site(site, language).order_by()
    return pages.only("pk", "title", "content_type_id", "path")


def sync_page(page_id: int) -> None:
    """Bring the rows of one page up to date, for every office that shows it; a page that is gone has none."""
    kind_by_type = kinds.kind_by_content_type()
    page = ContentPage.objects.filter(pk=page_id).select_related("locale").first()
    over = openings.over([page_id], timezone.now())
    for site in Site.objects.all() if page else ():
        language = page.locale.language_code
        shown = _shown_on(site, language).filter(pk=page_id).first()
        wanted = set(_page_rows(shown, kind_by_type, over)) if shown else set()
        _apply(
            site, language, Suggestion.objects.filter(site=site, language=language, page_id=page_id), wanted
        )
    if page:
        Suggestion.objects.filter(page_id=page_id).exclude(language=page.locale.language_code).delete()


def sync_tree(page_id: int) -> None:
    """Bring the rows of a page and of all below it up to date: it was moved, or who may see it has changed."""
    top = Page.objects.filter(pk=page_id).first()
    if top is not None:
        for key in Page.objects.descendant_of(top, inclusive=True).values_list("pk", flat=True):
            sync_page(key)


def lower_past() -> None:
    """Put the pages of classes that ended since they were published below the others: nothing else tells of that moment."""
    rows = Suggestion.objects.filter(tier=Suggestion.Tier.PAGES, weight__gt=PAST)
    for page_id in openings.over(rows.values_list("page_id", flat=True).distinct(), timezone.now()):
        sync_page(page_id)


# --- terms and phrases ---


def _term_rows(site: Site, language: str) -> Iterator[Row]:
    with translation.override(language):
        for term in terms.terms(site, language):
            yield from _rows(
                term.label,
                term.names,
                _TERM_WEIGHTS[term.param],
                Suggestion.Tier.FEW,
                Suggestion.Kind.TERM,
                target=f"{term.param}={term.slug}",
            )


def _phrase_rows(site: Site, language: str) -> Iterator[Row]:
    """Yield the everyday phrases that lead somewhere: their meaning stands in a page's title or introduction.

    Of staff and of what is shipped, where the office uses it; none in a spelling by ear, which is read but not taught.
    """
    if language != source_language():
        return
    texts = _shown_on(site, language).values_list("title", "intro")
    written = "\n".join(f" {_folded(title)} \n {_folded(intro)} " for title, intro in texts)
    sets: list[tuple[str, Iterable[str], Iterable[str]]] = [
        *((row.kind, row.phrases_said, row.phrases_meant) for row in lexicon_entries(site)),
        *((entry.kind, entry.said, entry.means) for entry in entries_in_use(site)),
    ]
    for kind, said, means in sets:
        if kind == "thesaurus" and any(f" {_meant(phrase)} " in written for phrase in means):
            for phrase in said:
                # a single word leads to what begins with it anyway
                if " " in phrase and not is_by_ear(phrase):
                    yield from _rows(phrase, [phrase], PHRASE, Suggestion.Tier.FEW, Suggestion.Kind.PHRASE)


def _folded(text: str) -> str:
    return " ".join(token.folded for token in vietnamese.tokens(text))


#: What is meant is the same for every office and every time.
_meant = lru_cache(maxsize=16_384)(_folded)


@lru_cache(maxsize=1)
def _by_ear() -> frozenset[tuple[str, ...]]:
    rows = (phrase for entry in shipped_entries() if entry.kind == "dialect" for phrase in entry.said)
    return frozenset(tuple(token.exact for token in vietnamese.tokens(phrase)) for phrase in rows)


def is_by_ear(phrase: str) -> bool:
    """Tell whether a spelling of a region or of the ear (``search/data/dialect.yaml``) stands in ``phrase``: "làm khai sanh"."""
    words = [token.exact for token in vietnamese.tokens(phrase)]
    return any(tuple(words[start:end]) in _by_ear() for start, end in combinations(range(len(words) + 1), 2))


def sync_terms(site: Site, language: str) -> None:
    """Bring the rows of terms and phrases of an office up to date."""
    wanted = {*_term_rows(site, language), *_phrase_rows(site, language)}
    rows = Suggestion.objects.filter(site=site, language=language, tier=Suggestion.Tier.FEW)
    _apply(site, language, rows, wanted)


def sync_all_terms() -> None:
    """Bring the rows of terms and phrases of every office up to date."""
    for site, language in _everywhere():
        sync_terms(site, language)


# --- everything ---


def _everywhere() -> Iterator[tuple[Site, str]]:
    languages = list(Locale.objects.values_list("language_code", flat=True))
    for site in Site.objects.all():
        for language in languages:
            yield site, language


def rebuild(site: Site, language: str) -> int:
    """Bring all rows of an office in one language up to date and return how many there are."""
    kind_by_type = kinds.kind_by_content_type()
    shown = _shown_on(site, language)
    over = openings.over(shown.values_list("pk", flat=True), timezone.now())
    wanted = {
        row for page in shown.iterator(chunk_size=2_000) for row in _page_rows(page, kind_by_type, over)
    }
    pages = Suggestion.objects.filter(site=site, language=language, tier=Suggestion.Tier.PAGES)
    _apply(site, language, pages, wanted)
    sync_terms(site, language)
    return Suggestion.objects.filter(site=site, language=language).count()


def rebuild_all(progress: Callable[[Site, str, int], None] | None = None) -> int:
    """Bring the whole table up to date and return how many rows there are. ``progress`` hears of each office and language."""
    total = 0
    languages = set()
    for site, language in _everywhere():
        languages.add(language)
        number = rebuild(site, language)
        total += number
        if progress:
            progress(site, language, number)
    Suggestion.objects.exclude(language__in=languages).delete()
    return total


def _apply(site: Site, language: str, rows: QuerySet[Suggestion], wanted: set[Row]) -> None:
    """Make ``rows`` be ``wanted``: add what is missing, then take away what is too much."""
    fields = Row._fields
    surplus = []
    missing = set(wanted)
    for pk, *values in rows.values_list("pk", *fields).iterator(chunk_size=5_000):
        row = Row(*values)
        if row in missing:
            missing.discard(row)
        else:
            surplus.append(pk)
    for batch in _batches(missing):
        with transaction.atomic():
            Suggestion.objects.bulk_create(
                Suggestion(site=site, language=language, head=row.key[:HEAD_LENGTH], **row._asdict())
                for row in batch
            )
    for batch in _batches(surplus):
        Suggestion.objects.filter(pk__in=batch).delete()


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
