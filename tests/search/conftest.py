"""Two offices with their staff, as in the tests of the admin; and how common words are known to be."""

from collections.abc import Iterator
from typing import Any

import pytest

from search import vocabulary
from search.engines.base import SearchQuery, SearchResults
from search.engines.site import BackendEngine
from tests.admin.conftest import both, commune, editor, offices, province, publisher, sign_in

__all__ = ["both", "commune", "editor", "offices", "province", "publisher", "sign_in"]


class Weighing:
    """``counts``: whether the words of all public pages are counted before every question, as on a site in use."""

    def __init__(self, counts: bool) -> None:
        self.counts = counts


def weighed(counts: bool) -> Iterator[Weighing]:
    """Yield whether words are counted; while it lasts every question is asked so."""
    state, search = Weighing(counts), BackendEngine.search

    def counted_first(self: Any, query: SearchQuery) -> SearchResults:
        if state.counts:
            vocabulary.refresh()
        return search(self, query)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BackendEngine, "search", counted_first)
        yield state


@pytest.fixture(params=[True, False], ids=["counted", "new-site"])
def weighing(request: pytest.FixtureRequest) -> Iterator[Weighing]:
    """Ask with counted words, and as a site does that is so new that nobody has counted any."""
    yield from weighed(request.param)
