"""What the sections of a thematic feature gather, read for all sections at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from core.cards import Card
from core.models import ContentPage
from core.navigation import specific_cards
from core.taxonomy import source_language


@dataclass(frozen=True, slots=True)
class Section:
    """A section with what is left of it for this reader."""

    title: str
    text: Any
    cards: list[Card] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)


def visible_pages(keys: Iterable[Any], site: Site | None) -> dict[Any, ContentPage]:
    """Return translation key → page for what residents of ``site`` may see.

    The page in the active language where there is one, otherwise in the source language; drafts, expired and private
    pages and those of other offices (unless shared) are left out.
    """
    wanted = set(keys)
    if site is None or not wanted:
        return {}
    language = get_language() or source_language()
    pages = (
        ContentPage.objects.below_site(site, with_shared=True)
        .live()
        .public()
        .filter(translation_key__in=wanted)
    )
    found: dict[Any, ContentPage] = {}
    for page in pages.filter(locale__language_code__in={language, source_language()}).select_related(
        "locale"
    ):
        if page.translation_key not in found or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def gather(sections: Any, request: HttpRequest) -> list[Section]:
    """Return the sections of a feature with their cards; the number of queries does not grow with the cards.

    Args:
        sections: value of FeaturePage.sections.
        request: tells the office and the language.
    """
    values = [block.value for block in sections]
    chosen = [[page for page in value.get("pages") or [] if page is not None] for value in values]
    keys = {page.translation_key for pages in chosen for page in pages}
    visible = visible_pages(keys, Site.find_for_request(request))
    cards = {page.translation_key: page.get_card(request) for page in specific_cards(list(visible.values()))}
    found = [
        Section(
            title=value.get("title") or "",
            text=value.get("text"),
            cards=[cards[page.translation_key] for page in pages if page.translation_key in cards],
            documents=[document for document in value.get("documents") or [] if document is not None],
        )
        for value, pages in zip(values, chosen, strict=True)
    ]
    # a section whose pages are all gone says nothing, unless editors wrote something
    return [section for section in found if section.cards or section.documents or section.text]
