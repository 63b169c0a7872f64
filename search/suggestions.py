"""What is offered while somebody types. Reads a few rows of one table, whatever the size of the website."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from core import openings
from core.memory import remember
from core.offices import site_paths
from search import kinds, popular, selection, terms
from search.asked import address, clean_text
from search.engines.base import SearchQuery
from search.models import Suggestion
from search.models.suggestion import HEAD_LENGTH, KEY_LENGTH
from search.suggestion_index import PAST
from search.suggestion_keys import key_of, starts, typed_keys

LIMIT = 8
#: Rows read of each tier, and pages whose visibility is asked.
_FEW, _PAGES, _CANDIDATES = 60, 200, 30
#: Prefixes of so many letters are asked for again and again: their answers are kept for a minute.
_KEPT_LETTERS = 3
_POPULAR, _POPULAR_WEIGHT = 24, 80
#: What is typed stands in the text with these very marks; the text begins with it.
_EXACT, _BEGINS = 20, 6
_LAST = "z" * KEY_LENGTH
#: So many questions are offered where there are pages to offer.
_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggested:
    """One line of the list. ``url``: where it leads; a question is asked. ``label``: what it is, in words."""

    text: str
    url: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    kind: str
    weight: int
    page_id: int | None = None
    target: str = ""


def find(site: Site, language: str, typed: str, limit: int = LIMIT) -> list[Suggested]:
    """Return at most ``limit`` suggestions for what is typed so far, the likeliest first; only what a reader may see.

    Args:
        site: the office that is asked.
        language: language code of the suggestions.
        typed: anything; fewer than two letters give nothing.
        limit: number of suggestions.
    """
    text = clean_text(typed)
    keys = typed_keys(text)
    if not keys:
        return []
    if len(keys) == 1 and len(keys[0]) <= _KEPT_LETTERS and text.isascii():
        key = keys[0]
        found: list[Suggested] = remember(
            "search.suggest", site.pk, language, key, make=lambda: _find(site, language, key, [key])
        )
    else:
        found = _find(site, language, text, keys)
    return found[:limit]


def _find(site: Site, language: str, text: str, keys: list[str]) -> list[Suggested]:
    candidates: dict[str, _Candidate] = {}
    for key in keys:
        for row in (*_popular(site, language, key), *_rows(site, language, key)):
            # a page and a question of the same words are one line: the page answers the question
            same = candidates.get(key_of(row.text))
            if same is None or (row.kind != Suggestion.Kind.PHRASE, row.weight) > (
                same.kind != Suggestion.Kind.PHRASE,
                same.weight,
            ):
                candidates[key_of(row.text)] = row
        if candidates:
            break  # what is typed is read as Telex only where it finds nothing as it stands
    pages = [row.page_id for row in candidates.values() if row.page_id]
    over = openings.over(pages, timezone.now())
    for place, row in candidates.items():
        if row.page_id in over and row.weight > PAST:  # ended since its rows were written
            candidates[place] = replace(row, weight=PAST)
    ranked = sorted(
        candidates.values(), key=lambda row: (-_score(row, text, keys[0]), len(row.text), row.text)
    )
    return list(_visible(_mixed(ranked)[:_CANDIDATES], site, language))[:LIMIT]


def _mixed(ranked: list[_Candidate]) -> list[_Candidate]:
    """Put questions beyond the first few behind everything else: many of them are ways to ask for the same pages."""
    questions = count()
    return sorted(
        ranked, key=lambda row: row.kind == Suggestion.Kind.PHRASE and next(questions) >= _QUESTIONS
    )


def _score(row: _Candidate, text: str, key: str) -> int:
    shown, typed = f" {row.text.lower()}", f" {text.lower()}"
    score = row.weight + (_EXACT if typed in shown else 0)
    return score + (_BEGINS if key_of(row.text).startswith(key) else 0)


def _popular(site: Site, language: str, key: str) -> Iterator[_Candidate]:
    for place, text in enumerate(popular.questions(site, language, _POPULAR)):
        if any(start.startswith(key) for start in starts(text)):
            yield _Candidate(text, Suggestion.Kind.PHRASE, _POPULAR_WEIGHT - min(place, 20))


def _rows(site: Site, language: str, key: str) -> Iterator[_Candidate]:
    rows = Suggestion.objects.filter(site=site, language=language)
    fields = ("text", "kind", "weight", "page_id", "target")
    inside = {"key__gte": key, "key__lte": f"{key}{_LAST}"[:KEY_LENGTH]}
    few = rows.filter(tier=Suggestion.Tier.FEW, **inside).order_by("-weight")[:_FEW]
    pages = rows.filter(tier=Suggestion.Tier.PAGES)
    if len(key) == HEAD_LENGTH:
        # many pages begin so: the weightiest, in the order of the index
        pages = pages.filter(head=key).order_by("-weight")[: _CANDIDATES * 2]
    else:
        # no order by weight here: it would read every page that begins so
        pages = pages.filter(**inside).order_by("key")[:_PAGES]
    for found in (few, pages):
        for text, kind, weight, page_id, target in found.values_list(*fields):
            yield _Candidate(text, kind, weight, page_id, target)


def _visible(rows: list[_Candidate], site: Site, language: str) -> Iterator[Suggested]:
    """Yield what a reader may see now. The table only proposes."""
    here = reverse("search:search")
    keys = [row.page_id for row in rows if row.page_id]
    pages = {}
    if keys:
        query = SearchQuery("", site, language)
        found = selection.visible(query).filter(pk__in=keys).select_related("locale").order_by()
        pages = {page.pk: page for page in found}
    types = kinds.kind_by_content_type() if pages else {}
    shown = {f"{term.param}={term.slug}": term for term in terms.terms(site, language)}
    own = site_paths(site).own
    for row in rows:
        if row.kind == Suggestion.Kind.PHRASE:
            yield Suggested(row.text, address(here, {"q": row.text}), "question")
        elif row.kind == Suggestion.Kind.TERM and row.target in shown:
            term = shown[row.target]
            yield Suggested(term.label, term.url, "topic", terms.kind_label(term.param))
        elif row.page_id in pages:
            page = pages[row.page_id]
            is_own = any(page.path.startswith(path) for path in own)
            url = page.get_url(current_site=site) if is_own else page.full_url
            label = kinds.LABELS[types.get(page.content_type_id, kinds.PLAIN)]
            yield Suggested(page.title, url or "", "page", str(label))
