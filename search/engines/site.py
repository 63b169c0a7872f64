"""The engine of the search page, on top of any of Wagtail's search backends."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.safestring import SafeString
from modelsearch.query import PlainText
from wagtail.models import Site
from wagtail.search.backends import get_search_backend

from core.cards import Card
from core.models import ContentPage
from core.offices import office_name_for_page, site_paths
from search import kinds
from search.analysis import Question
from search.engines.base import Counts, SearchQuery, SearchResult, SearchResults
from search.engines.ranked import within
from search.highlight import marked, passage
from search.selection import visible

#: A search server is asked for so many hits; what the reader may not see is then left out of them.
REMOTE_HITS = 1_000


class BackendEngine:
    """Finds pages through a Wagtail search backend (an alias of WAGTAILSEARCH_BACKENDS or a dotted path)."""

    def __init__(self, backend: str = "default") -> None:
        self.backend = backend

    def search(self, query: SearchQuery) -> SearchResults:
        """See Engine. A query without a word lists the newest pages of its filters."""
        question = Question.parse(query.text)
        pages = visible(query)
        if question:
            ranked = self._ranked(query, pages)
            types = dict(
                within(ContentPage.objects.order_by(), [key for key, _ in ranked]).values_list(
                    "pk", "content_type_id"
                )
            )
        elif query.text.strip():
            return SearchResults()
        else:
            rows = list(pages.newest().values_list("pk", "content_type_id"))
            ranked, types = [(key, 0.0) for key, _ in rows], dict(rows)
        kind_by_type = kinds.kind_by_content_type()
        kind_of_page = {
            key: kind_by_type.get(content_type, kinds.PLAIN) for key, content_type in types.items()
        }
        counts = Counter(kind_of_page[key] for key, _ in ranked if key in kind_of_page)
        kept = [row for row in ranked if query.filters.kind in (None, kind_of_page.get(row[0]))]
        start = (query.page - 1) * query.size
        return SearchResults(
            results=self._results(kept[start : start + query.size], query, question),
            total=len(kept),
            counts=Counts(kind=dict(counts)),
        )

    def _ranked(self, query: SearchQuery, pages: Any) -> list[tuple[int, float]]:
        backend = get_search_backend(self.backend)
        asked = PlainText(query.text, operator="or")
        found = backend.search(asked, ContentPage.objects.filter(pk__in=pages.values("pk")))
        if hasattr(found, "ranked"):
            return found.ranked()
        # a server knows only the fields that are filter fields; the rest is decided by the database
        found = backend.search(asked, ContentPage.objects.filter(live=True)).annotate_score("search_score")
        hits = {page.pk: page.search_score for page in found[:REMOTE_HITS]}
        allowed = set(within(pages, hits).values_list("pk", flat=True))
        return [(key, score) for key, score in hits.items() if key in allowed]

    def _results(
        self, rows: list[tuple[int, float]], query: SearchQuery, question: Question
    ) -> list[SearchResult]:
        keys = [key for key, _ in rows]
        pages = {
            page.pk: page
            for page in ContentPage.objects.filter(pk__in=keys).select_related("locale", "search_text")
        }
        types = kinds.type_by_content_type()
        found = []
        for key, score in rows:
            page = pages.get(key)
            if page is None:
                continue
            text = getattr(page, "search_text", None)
            card = _card(page, types.get(page.content_type_id, ContentPage), text, query.site)
            excerpt = passage(text.text, question) if text is not None else SafeString("")
            found.append(SearchResult(key, card, excerpt or marked(card.intro, question), score))
        return found


def _card(page: ContentPage, model: type[ContentPage], text: Any, site: Site) -> Card:
    """Return the card of a page from the table of all pages: no query per page or per page type."""
    own = any(page.path.startswith(path) for path in site_paths(site).own)
    return Card(
        url=(page.get_url(current_site=site) or "") if own else (page.full_url or ""),
        title=page.title,
        intro=page.intro or page.search_description,
        kind_label=str(model.kind_label),
        date=text.date if text is not None else page.published_on,
        meta=list(text.meta) if text is not None else [],
        source_label="" if own else office_name_for_page(page),
    )
