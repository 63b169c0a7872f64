"""A rebuilt index takes over without a moment without results, and no change gets lost on the way."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from wagtail.models import Site
from wagtail.search.backends import get_search_backend

from home.models import StandardPage
from search import analysis, building, claims, index_state, outbox, places, services
from search.engines import remote_index
from search.engines.base import SearchQuery
from search.engines.remote_index import NotIndexed
from search.engines.remote_rebuild import AliasRebuilder
from search.models import Claim, IndexChange, IndexState
from tests.factories.core import make_office
from tests.search.helpers import add
from tests.search.servers.conftest import WORKER, backends, call

pytestmark = [pytest.mark.django_db(transaction=True)]
_numbers = itertools.count()


@pytest.fixture(params=["opensearch", "elasticsearch"])
def prefix(request: pytest.FixtureRequest, node_url: str, settings: Any) -> Iterator[str]:
    engine = str(request.param)
    url = request.getfixturevalue("proxy").url if engine == "elasticsearch" else node_url
    name = f"rebuilt-{os.getpid()}-{WORKER}-{next(_numbers)}"
    settings.WAGTAILSEARCH_BACKENDS = backends(engine, url, name)
    # one model is enough: a server takes its time to make an index
    with pytest.MonkeyPatch.context() as patch:
        for module in (index_state, places):
            patch.setattr(module, "get_indexed_models", lambda: [StandardPage])
        yield name
    for index in call(f"{node_url}/{name}-*"):
        call(f"{node_url}/{index}", "DELETE")


@pytest.fixture
def site() -> Site:
    return make_office()


def titles(site: Site, text: str) -> list[str]:
    found = services.search(SearchQuery(text, site, "vi", size=100))
    assert not found.degraded
    return sorted(result.card.title for result in found.results)


def indexes(node_url: str, prefix: str) -> list[str]:
    return list(call(f"{node_url}/{prefix}-*"))


def test_readers_have_results_all_the_time(prefix: str, node_url: str, site: Site) -> None:
    for number in range(8):
        add(site, f"Dịch vụ {number}")
    index_state.rebuild_now()
    seen: list[list[str] | BaseException] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                seen.append(titles(site, "dich vu"))
            except BaseException as problem:
                seen.append(problem)
        connections.close_all()

    reader = threading.Thread(target=ask)
    reader.start()
    before = indexes(node_url, prefix)
    try:
        for _ in range(3):
            index_state.rebuild_now(["default"])
    finally:
        over.set()
        reader.join()
    assert len(seen) > 3
    assert [found for found in seen if found != seen[0]] == []
    assert len(seen[0]) == 8  # type: ignore[arg-type]
    after = indexes(node_url, prefix)
    assert len(after) == len(before) == 1, "the old index is gone"
    assert after != before


def test_what_happens_during_a_rebuild_is_in_the_new_index(
    prefix: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, gone = add(site, "Dịch vụ cũ"), add(site, "Dịch vụ bị xóa")
    index_state.rebuild_now()
    chunks = index_state._chunks

    happened: list[int] = []

    def meanwhile(model: Any, size: int) -> Iterator[Any]:
        for number, items in chunks(model, size):
            if not happened:
                # between reading and writing: what is written next is old already
                changed.title = "Dịch vụ mới sửa"
                changed.save_revision().publish()
                StandardPage.objects.get(pk=gone.pk).delete()
                add(site, "Dịch vụ thêm vào")
            happened.append(len(items))
            yield number, items

    monkeypatch.setattr(index_state, "_chunks", meanwhile)
    index_state.rebuild_now(["default"])
    assert happened[0] >= 2, "old versions of both pages were written afterwards"
    assert titles(site, "dich vu") == ["Dịch vụ mới sửa", "Dịch vụ thêm vào"]
    assert not IndexChange.objects.filter(model="wagtailcore.page").exists()


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(
    prefix: str, node_url: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(site, "Dịch vụ công")
    index_state.rebuild_now()
    before = indexes(node_url, prefix)

    def broken(model: Any, size: int) -> Iterator[Any]:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(index_state, "_chunks", broken)
        with pytest.raises(OSError, match="disk"):
            index_state.rebuild_now(["default"])
    assert indexes(node_url, prefix) == before
    assert IndexState.objects.get(backend="default").building == {}
    assert titles(site, "dich vu") == ["Dịch vụ công"]
    index_state.rebuild_now(["default"])


def test_an_index_in_place_of_the_alias_is_replaced(prefix: str, node_url: str, site: Site) -> None:
    name = get_search_backend().get_index_for_model(StandardPage).name
    call(f"{node_url}/{name}", "PUT", {"mappings": {"properties": {"title": {"type": "text"}}}})
    add(site, "Dịch vụ công")
    index_state.rebuild_now(["default"])
    assert titles(site, "dich vu") == ["Dịch vụ công"]
    assert list(call(f"{node_url}/_alias/{name}")) == indexes(node_url, prefix)


def test_a_server_without_an_index_gets_none_by_a_slip(prefix: str, node_url: str, site: Site) -> None:
    add(site, "Dịch vụ công")
    assert services.search(SearchQuery("dich vu", site, "vi")).degraded
    assert indexes(node_url, prefix) == []
    assert IndexChange.objects.filter(model="wagtailcore.page").exists(), (
        "what could not be delivered waits for the index"
    )
    assert index_state.needs_rebuild()
    index_state.rebuild_now()
    outbox.deliver.call()
    left = set(IndexChange.objects.values_list("model", flat=True))
    assert "wagtailcore.page" not in left, "indexes that are missing hold up no other"
    assert titles(site, "dich vu") == ["Dịch vụ công"]


def test_an_older_message_never_replaces_a_newer_one(prefix: str, site: Site) -> None:
    page = add(site, "Dịch vụ mới")
    index_state.rebuild_now()
    index = get_search_backend().get_index_for_model(StandardPage)
    page.title = "Dịch vụ cũ"
    index.add_items(StandardPage, [page], number=1_000)
    index.remove([str(page.pk)], number=1_000)
    assert titles(site, "dich vu moi") == ["Dịch vụ mới"]


def test_the_command_says_how_far_it_is(
    prefix: str, site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add(site, f"Dịch vụ {number}")
    call_command("rebuild_index", "--chunk", "2")
    said = capsys.readouterr()
    assert "default" in said.err
    assert "database" in said.err
    assert "5/5" in said.err
    assert "10 objects" in said.out
    state = IndexState.objects.get(backend="default")
    assert (state.version, state.building) == (analysis.VERSION, {})
    monkeypatch.setattr(index_state, "VERSION", analysis.VERSION + 1)
    assert index_state.needs_rebuild()
    index_state.rebuild.enqueue()
    assert not index_state.needs_rebuild()


def test_a_document_that_is_refused_keeps_no_other_out(
    prefix: str, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = add(site, "Trang hỏng")
    index_state.rebuild_now()
    mapping = get_search_backend().mapping_class
    document = mapping.get_document

    def spoiled(self: Any, obj: Any) -> dict[str, Any]:
        return document(self, obj) | ({"live_filter": "chuyện khác"} if obj.pk == bad.pk else {})

    monkeypatch.setattr(mapping, "get_document", spoiled)
    bad.save()
    add(site, "Trang lành")
    assert "Trang lành" in titles(site, "trang lanh")
    assert not IndexChange.objects.filter(model="wagtailcore.page").exists()
    assert f"refuses {bad.pk}" in caplog.text


def test_one_rebuild_at_a_time_and_the_next_clears_away_what_a_killed_one_left(
    prefix: str, node_url: str, site: Site
) -> None:
    page = add(site, "Dịch vụ công")
    index_state.rebuild_now(["default"])
    # a process has begun to fill an index, and is killed
    owner = claims.take(building.CLAIM, building.SILENT)
    rebuilder = AliasRebuilder(outbox.server("default").for_building().get_index_for_model(StandardPage))
    half = rebuilder.start()
    half.add_models([StandardPage])
    assert len(indexes(node_url, prefix)) == 2
    with pytest.raises(CommandError, match="already"):
        call_command("rebuild_index")
    page.title = "Dịch vụ bưu chính"
    page.save_revision().publish()
    assert call(f"{node_url}/{half.name}/_count")["count"] == 1, "changes reach both"
    Claim.objects.update(heard_at="2020-01-01T00:00:00Z")
    call_command("deliver_index", verbosity=0)
    assert indexes(node_url, prefix) == [name for name in indexes(node_url, prefix) if name != half.name]
    assert IndexState.objects.get(backend="default").building == {}
    # it was not dead, only slow: it may neither write, nor take over, nor touch what another one builds
    with building.alone() as other:
        with pytest.raises(NotIndexed):
            half.add_items(StandardPage, [page])
        assert half.name not in indexes(node_url, prefix), "writing has not made another index"
        building.announce("default", {rebuilder.alias.name: "somebody-elses"})
        with pytest.raises(building.Overtaken):
            building.Builder(str(owner)).goes_on()
        rebuilder.abandon()
        assert IndexState.objects.get(backend="default").building == {rebuilder.alias.name: "somebody-elses"}
        other.goes_on()
        building.announce("default", {rebuilder.alias.name: None})
    index_state.rebuild_now(["default"])
    assert len(indexes(node_url, prefix)) == 1
    assert titles(site, "buu chinh") == ["Dịch vụ bưu chính"]


def test_a_server_that_is_new_or_was_emptied_needs_a_rebuild(
    prefix: str, node_url: str, site: Site, settings: Any
) -> None:
    add(site, "Dịch vụ công")
    index_state.rebuild_now()
    assert not index_state.needs_rebuild()
    everything = {"query": {"match_all": {}}}
    call(f"{node_url}/{prefix}-*/_delete_by_query?refresh=true", "POST", everything)
    assert index_state.needs_rebuild()
    index_state.rebuild_now()
    assert not index_state.needs_rebuild()
    for index in indexes(node_url, prefix):
        call(f"{node_url}/{index}", "DELETE")
    assert index_state.needs_rebuild()
    index_state.rebuild_now()
    moved = {**settings.WAGTAILSEARCH_BACKENDS["default"], "INDEX_PREFIX": f"{prefix}-moved-"}
    settings.WAGTAILSEARCH_BACKENDS = {**settings.WAGTAILSEARCH_BACKENDS, "default": moved}
    assert index_state.needs_rebuild()


def test_a_server_that_has_too_much_to_do_is_asked_again(
    prefix: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(site, "Dịch vụ công")
    client = type(get_search_backend().es)
    bulk, refused = client.bulk, []

    def busy(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(refused) < 3:
            refused.append(args)
            raise too_many(client)
        return bulk(self, *args, **kwargs)

    monkeypatch.setattr(client, "bulk", busy)
    monkeypatch.setitem(remote_index.PATIENCE, "initial_backoff", 0.01)
    index_state.rebuild_now(["default"])
    assert len(refused) == 3
    assert titles(site, "dich vu") == ["Dịch vụ công"]


def too_many(client: Any) -> Exception:
    """Return what a client raises for an answer of 429."""
    if client.__module__.startswith("opensearchpy"):
        from opensearchpy import TransportError

        return TransportError(429, "too many requests", {})
    from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
    from elasticsearch import ApiError

    node = NodeConfig("http", "localhost", 9200)
    return ApiError("too many requests", ApiResponseMeta(429, "1.1", HttpHeaders(), 0.1, node), None)
