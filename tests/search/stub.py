"""An engine for tests of the page: it answers what a test has told it, so that every kind of answer can be shown."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.safestring import mark_safe

from core.cards import Card
from search.engines.base import Counts, SearchQuery, SearchResult, SearchResults


class StubEngine:
    """Remembers the queries and answers ``answer``; a question among ``empty`` finds nothing."""

    def __init__(self, answer: SearchResults | None = None, empty: tuple[str, ...] = ()) -> None:
        self.answer = answer or SearchResults()
        self.empty = empty
        self.queries: list[SearchQuery] = []

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer the slice of the results that is asked for."""
        self.queries.append(query)
        if query.text in self.empty:
            return dataclasses.replace(self.answer, results=[], total=0, counts=Counts())
        start = (query.page - 1) * query.size
        return dataclasses.replace(self.answer, results=self.answer.results[start : start + query.size])

    @property
    def last(self) -> SearchQuery:
        """The query asked last."""
        return self.queries[-1]


def result(
    page_id: int = 1, title: str = "Kích hoạt VNeID", excerpt: str = "", **values: Any
) -> SearchResult:
    """Return a result; ``excerpt`` is trusted HTML."""
    card = Card(url=f"/trang-{page_id}/", title=title, intro="Làm một lần là xong.", kind_label="Hướng dẫn")
    return SearchResult(page_id, card, mark_safe(excerpt), 1.0, **values)


def results(number: int = 1, **values: Any) -> SearchResults:
    """Return an answer of ``number`` results; ``values`` are fields of SearchResults."""
    rows = [result(page_id, f"Kết quả {page_id}") for page_id in range(1, number + 1)]
    return SearchResults(**{"results": rows, "total": number, **values})
