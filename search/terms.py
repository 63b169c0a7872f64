"""Pages of a topic, place or pillar: offered when a question is the name of one, and as ways on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import vietnamese
from core.memory import remember
from core.models import Place, Topic
from core.navigation import Link
from core.taxonomy import source_rows
from core.vietnamese import Token
from search import filters, selection
from search.asked import address
from search.engines.base import SearchQuery
from search.models.lexicon import entries_in_use, lexicon_entries
from search.understanding.lexicon import compatible

#: In this order a name is looked up: what it most likely means first.
PARAMS = ("linh-vuc", "dia-ban", "tru-cot")


@dataclass(frozen=True, slots=True)
class Term:
    """A row of a vocabulary that has pages.

    Attributes:
        names: its name in the language and all others that people use.
        keys: the names without marks, for a quick look.
    """

    param: str
    slug: str
    label: str
    names: tuple[str, ...]
    keys: frozenset[str]
    pages: int

    @property
    def url(self) -> str:
        """The address that lists its pages, in the active language."""
        return address(reverse("search:search"), {self.param: self.slug})


@dataclass(frozen=True, slots=True)
class TermCard:
    """A term as it is offered above the results: "Lĩnh vực: Thương mại điện tử – xem tất cả 12 trang"."""

    kind: str
    label: str
    url: str
    pages: int


def terms(site: Site, language: str) -> list[Term]:
    """Return the terms that have pages which a reader of ``site`` may see, in the order of PARAMS, kept for a minute."""
    return remember("search.site-terms", site.pk, language, shared=True, make=lambda: _read(site, language))


def _read(site: Site, language: str) -> list[Term]:
    counts = _counts(site, language)
    found = []
    for param in PARAMS:
        other = _other_names(param, site)
        for key, slug, label in filters.rows(param):
            if pages := counts[param].get(key, 0):
                names = (label, *other.get(key, ()))
                keys = frozenset(_key(vietnamese.tokens(name)) for name in names)
                found.append(Term(param, slug, label, names, keys, pages))
    return found


def _counts(site: Site, language: str) -> dict[str, dict[int, int]]:
    """Return parameter → primary key → number of visible pages."""
    pages = selection.visible(SearchQuery("", site, language)).order_by()
    columns = {"linh-vuc": "topic_items__tag", "dia-ban": "places", "tru-cot": "pillar"}
    found: dict[str, dict[int, int]] = {}
    for param, column in columns.items():
        rows = pages.filter(**{f"{column}__isnull": False}).values_list(column)
        found[param] = dict(rows.annotate(number=Count("pk", distinct=True)))
    return found


def _other_names(param: str, site: Site) -> dict[int, list[str]]:
    """Return primary key → other spellings of places, names in the source language, and the abbreviations that ``site`` uses."""
    model = filters.TERMS[param][1]
    names: dict[int, list[str]] = {}
    for row in source_rows(model):
        names[row.pk] = [row.name]
        if isinstance(row, Place):
            names[row.pk] += row.alias_list
        if isinstance(row, Topic):
            names[row.pk].append(row.slug.replace("-", " "))
    shorter: dict[str, list[str]] = defaultdict(list)
    used: list[tuple[str, Iterable[str], Iterable[str]]] = [
        *((entry.kind, entry.said, entry.means) for entry in entries_in_use(site)),
        *((row.kind, row.phrases_said, row.phrases_meant) for row in lexicon_entries(site)),
    ]
    for kind, said, means in used:
        if kind == "abbreviation":
            for long in means:
                shorter[vietnamese.fold(long)] += said
    for known in names.values():
        for name in list(known):
            known += shorter[vietnamese.fold(name)]
    return names


def named(site: Site, language: str, *questions: str) -> TermCard | None:
    """Return the term that one of ``questions`` is the name of, marks left out or not; None where none is.

    Args:
        site: the office that is asked.
        language: language code of the results.
        questions: as typed, and as it was read.
    """
    for question in questions:
        words = vietnamese.tokens(question)
        if not words:
            continue
        asked = _key(words)
        for term in terms(site, language):
            if asked in term.keys and any(_same(words, vietnamese.tokens(name)) for name in term.names):
                return TermCard(kind_label(term.param), term.label, term.url, term.pages)
    return None


def _key(words: list[Token]) -> str:
    return " ".join(word.folded for word in words)


def _same(typed: list[Token], name: list[Token]) -> bool:
    return len(typed) == len(name) and all(compatible(a, b) for a, b in zip(typed, name, strict=True))


def kind_label(param: str) -> str:
    """Return what a term is, in words."""
    return {"linh-vuc": _("Topic"), "dia-ban": _("Place"), "tru-cot": _("Pillar")}[param]


def topic_links(site: Site, language: str, limit: int | None = None) -> list[Link]:
    """Return links to the pages of each topic that has any; with a limit those with the most pages."""
    found = [term for term in terms(site, language) if term.param == "linh-vuc"]
    if limit is not None:
        found = sorted(found, key=lambda term: -term.pages)[:limit]
    return [Link(term.url, term.label) for term in found]
