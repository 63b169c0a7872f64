"""Ways on for a reader who found nothing: never a dead end, and no promise that is not kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.urls import reverse
from wagtail.models import Site

from core import vietnamese
from core.navigation import Link
from search import kinds, popular, selection, services, terms
from search.asked import Asked, address
from search.engines.base import SearchQuery

#: Shorter questions that are tried, and offered when they find something.
TRIED, OFFERED = 4, 2
#: Seconds after which no further one is tried: a server that is slow must not be waited for again and again.
PATIENCE = 0.5
TOPICS, POPULAR = 6, 6


@dataclass(frozen=True, slots=True)
class WaysOn:
    """What is offered; each list may be empty. ``guide``: the page of the points where people help in person."""

    without_filters: str = ""
    shorter: list[Link] = field(default_factory=list)
    topics: list[Link] = field(default_factory=list)
    popular: list[Link] = field(default_factory=list)
    guide: Link | None = None


def ways_on(asked: Asked, site: Site, language: str) -> WaysOn:
    """Return the ways on from a question without results."""
    here = reverse("search:search")
    without_filters = ""
    if asked.filters.raw and asked.text and _finds(asked.text, site, language):
        without_filters = address(here, {"q": asked.text})
    return WaysOn(
        without_filters=without_filters,
        shorter=[Link(address(here, {"q": text}), text) for text in _shorter(asked, site, language)],
        topics=terms.topic_links(site, language, TOPICS),
        popular=popular_links(site, language, POPULAR),
        guide=help_page(site, language),
    )


def popular_links(site: Site, language: str, limit: int) -> list[Link]:
    """Return questions that many others asked, as links."""
    here = reverse("search:search")
    return [Link(address(here, {"q": text}), text) for text in popular.questions(site, language, limit)]


def _shorter(asked: Asked, site: Site, language: str) -> list[str]:
    """Return the question with words left out at one end, where that finds something: the longest first."""
    words = asked.text.split()
    if asked.filters.raw or not 1 < len(words) <= 12:
        return []
    tried = []
    # one syllable alone says little: two words at least
    for size in range(len(words) - 1, 1, -1):
        tried += [" ".join(words[:size]), " ".join(words[len(words) - size :])]
    found: list[str] = []
    until = time.monotonic() + PATIENCE
    for text in tried[:TRIED]:
        if time.monotonic() > until:
            break
        if len(vietnamese.fold(text)) > 2 and _finds(text, site, language):
            found.append(text)
    return found[:OFFERED]


def _finds(text: str, site: Site, language: str) -> bool:
    # as the link asks it
    query = SearchQuery(text=text, site=site, language=language, size=0)
    return services.search(query).total > 0


def help_page(site: Site, language: str) -> Link | None:
    """Return the page of help points; its type says that it is one with ``search_help``."""
    types = kinds.helping_types()
    pages = selection.visible(SearchQuery("", site, language))
    page = pages.filter(content_type_id__in=types).select_related("locale").first()
    return Link(page.get_url(current_site=site) or "", page.title) if page else None
