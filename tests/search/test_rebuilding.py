"""The index of the database is built anew in place: readers have their results in every moment of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from wagtail.models import Site

from home.models import StandardPage
from search import index_state, services
from search.engines.base import SearchQuery
from tests.factories.core import make_office
from tests.search.helpers import add

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_readers_have_results_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    site: Site = make_office()
    for number in range(4):
        add(site, f"Dịch vụ {number}")
    monkeypatch.setattr(index_state, "get_indexed_models", lambda: [StandardPage])
    index_state.rebuild_now()
    seen: list[int] = []
    chunks = index_state._chunks

    def ask() -> None:
        seen.append(services.search(SearchQuery("dich vu", site, "vi")).total)

    def asked_between(model: Any, size: int) -> Iterator[Any]:
        ask()
        for chunk in chunks(model, size):
            yield chunk
            ask()

    monkeypatch.setattr(index_state, "_chunks", asked_between)
    assert index_state.rebuild_now(chunk=1) >= 4
    assert len(seen) >= 5
    assert set(seen) == {4}
