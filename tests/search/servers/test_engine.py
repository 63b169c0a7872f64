"""Everything that tests/search/test_engine.py and test_counting.py demand, on a real server through each of the two clients."""

import datetime
from typing import Any

import pytest

from search import index_state, services
from search.engines import remote
from search.engines.base import Filters, SearchQuery
from tests.factories.core import make_office, make_topic
from tests.search import test_counting, test_engine
from tests.search.helpers import add, article
from tests.search.test_counting import *
from tests.search.test_engine import *

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server", "weighing")]


def test_nothing_of_the_contract_is_missing() -> None:
    here = globals()
    for contract in (test_engine, test_counting):
        tests = {name: value for name, value in vars(contract).items() if name.startswith("test_")}
        assert [name for name, value in tests.items() if here.get(name) is not value] == []


@pytest.mark.database  # a server beside PostgreSQL is what deploy/compose.yaml starts
def test_it_is_the_server_that_answers(server: str) -> None:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến")
    found = services.search(SearchQuery("dich vu cong", site, "vi"))
    assert (found.total, found.degraded) == (1, False)


def test_an_index_from_before_it_held_what_filters_look_at_goes_on_answering(
    server: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WAGTAILSEARCH_BACKENDS["default"]["INDEX_PREFIX"] += "-before"
    fields = {remote.KIND, remote.FACETS, remote.SHOWN_ON}
    mapping = remote.TermMappingMixin.get_mapping

    def before(self: Any) -> dict[str, Any]:
        found = mapping(self)
        found["properties"] = {name: spec for name, spec in found["properties"].items() if name not in fields}
        return found

    monkeypatch.setattr(remote.TermMappingMixin, "get_mapping", before)
    monkeypatch.setattr(remote, "narrowed_by", lambda _page: {})
    site, topic = make_office(), make_topic()
    index_state.rebuild_now(["default"])
    add(site, "Bán nông sản", published_on=datetime.date(2024, 5, 1))
    article(site, "Bán nông sản trên mạng", topics=[topic], published_on=datetime.date(2023, 5, 1))
    for sort in ("relevance", "date"):
        found = services.search(SearchQuery("bán nông sản", site, "vi", sort=sort))
        assert (found.total, found.degraded) == (2, False)
        found = services.search(SearchQuery("bán nông sản", site, "vi", Filters(topic=topic.pk), sort=sort))
        assert [row.card.title for row in found.results] == ["Bán nông sản trên mạng"]
