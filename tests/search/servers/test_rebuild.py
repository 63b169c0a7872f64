"""A rebuilt index takes over without a moment without results, and no change gets lost on the way."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from wagtail.models import Site
from wagtail.search.backends import get_search_backend

from home.models import StandardPage
from search import analysis, index_state, outbox, services
from search.engines.base import SearchQuery
from search.models import IndexChange, IndexState
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
        patch.setattr(index_state, "get_indexed_models", lambda: [StandardPage])
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
    time.sleep(0.1)
    assert not index_state.needs_rebuild()
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


def test_two_rebuilds_do_not_get_in_each_others_way(prefix: str) -> None:
    from django.core.cache import cache

    cache.add(index_state._LOCK, True)
    with pytest.raises(CommandError, match="already"):
        call_command("rebuild_index")
