"""What a reader waits for at most when the search server answers late, bit by bit or not at all, through both clients."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site
from wagtail.search.backends import get_search_backend

from config.search_backends import from_url
from search.engines.remote_backend import RemoteBackendMixin
from tests.factories.core import make_office
from tests.search import stub_server
from tests.search.helpers import add
from tests.search.stub_server import StubServer

pytestmark = [pytest.mark.django_db]

#: Seconds that a page may wait for the server, all that it asks of it included; and what the page itself takes on a machine that
#: is busy with other tests.
WHOLE, BUSY = 1.0, 3.0
NOTE = "components/message.html"


@pytest.fixture(params=["opensearch", "elasticsearch"])
def engine(request: pytest.FixtureRequest) -> str:
    cache.clear()
    return str(request.param)


@pytest.fixture
def site() -> Site:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến")
    Client().get("/tim-kiem/", {"q": "dich vu"})  # what only the first question of a process waits for
    return site


@pytest.fixture
def serve(settings: Any, engine: str) -> Iterator[Callable[..., StubServer]]:
    """A function that lets a server of a certain behaviour be the engine; ``host`` is how it is called."""
    running: list[StubServer] = []

    def begin(behave: Callable[[socket.socket], None], host: str = "127.0.0.1") -> StubServer:
        running.append(StubServer(behave))
        settings.WAGTAILSEARCH_BACKENDS = from_url(f"{engine}+http://{host}:{running[-1].port}/x")
        return running[-1]

    yield begin
    for server in running:
        server.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of each question to the server."""
    found: list[float] = []
    wait = RemoteBackendMixin._wait_for

    def timed(self: Any, ask: Callable[[], Any]) -> Any:
        started = time.monotonic()
        try:
            return wait(self, ask)
        finally:
            found.append(time.monotonic() - started)

    monkeypatch.setattr(RemoteBackendMixin, "_wait_for", timed)
    return found


def ask(text: str = "dich vu cong") -> tuple[float, bool, str]:
    """Return (seconds, whether the database stood in, the page)."""
    started = time.monotonic()
    response = Client().get("/tim-kiem/", {"q": text})
    took = time.monotonic() - started
    assert response.status_code == 200
    return took, any(template.name == NOTE for template in response.templates), response.content.decode()


def is_open() -> bool:
    return bool(get_search_backend("default").breaker.is_open)


@pytest.mark.parametrize(
    ("behave", "text"),
    [
        (stub_server.deaf, "dich vu cong"),
        (stub_server.dripping, "dich vu cong"),
        (stub_server.dripping_headers, "zxcv bnmq wrtp"),
    ],
)
def test_a_page_waits_for_a_second_at_most_and_nobody_after_it(
    behave: Callable[[socket.socket], None],
    text: str,
    site: Site,
    serve: Callable[..., StubServer],
    waits: list[float],
) -> None:
    server = serve(behave)
    threads = threading.active_count()
    took, stood_in, page = ask(text)
    assert sum(waits) < WHOLE
    assert took < WHOLE + BUSY
    assert stood_in
    assert ('class="search-result"' in page) is (text == "dich vu cong")
    assert is_open(), "what comes too late has failed"
    assert ask(text)[1]
    assert (len(server.heard), len(waits)) == (1, 1)
    server.close()
    for _ in range(200):
        if threading.active_count() <= threads + 1:
            break
        time.sleep(0.1)
    assert threading.active_count() <= threads + 1, "whoever asked in vain does not go on listening"


def test_a_slow_server_is_asked_again_within_the_same_second(
    site: Site, serve: Callable[..., StubServer], waits: list[float]
) -> None:
    """A page without results asks for shorter questions as well: all of it together is one wait."""
    nothing = {
        "responses": [{"status": 200, "hits": {"hits": []}}] * 2,
        "hits": {"total": {"value": 1}},
        "aggregations": {"held": {"buckets": {str(number): {"doc_count": 0} for number in range(20)}}},
    }
    serve(stub_server.answering("200 OK", json.dumps(nothing).encode(), after=0.25))
    took, _, _ = ask("dich vu cong cua xa")
    assert len(waits) > 1
    assert sum(waits) < WHOLE
    assert took < WHOLE + BUSY


def test_a_name_that_is_looked_up_for_ever(
    site: Site, serve: Callable[..., StubServer], waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo
    answered = threading.Event()

    def slow(host: Any, *rest: Any, **options: Any) -> Any:
        if host == "search.localhost":
            answered.wait(5)
        return look_up("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    server = serve(stub_server.deaf, host="search.localhost")
    took, stood_in, page = ask()
    answered.set()
    assert sum(waits) < WHOLE
    assert took < WHOLE + BUSY
    assert stood_in
    assert "Dịch vụ công trực tuyến" in page
    assert is_open()
    time.sleep(0.2)
    assert not any(server.heard), "nothing is sent for a reader who has gone"


def test_a_server_that_refuses_connections(
    engine: str, settings: Any, site: Site, free_port: Callable[[], int]
) -> None:
    settings.WAGTAILSEARCH_BACKENDS = from_url(f"{engine}+http://127.0.0.1:{free_port()}/x")
    took, stood_in, page = ask()
    assert took < BUSY
    assert stood_in
    assert "Dịch vụ công trực tuyến" in page
    assert is_open()


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_server_that_lets_us_not_in_is_out_of_order(
    status: str, site: Site, serve: Callable[..., StubServer], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(stub_server.answering(status, b'{"error": {"type": "security_exception"}}'))
    with caplog.at_level(logging.WARNING, "search"):
        for _ in range(3):
            assert ask()[1]
    assert len(server.heard) == 1
    [line] = [record for record in caplog.records if record.name.startswith("search")]
    assert status[:3] in line.getMessage()
    assert line.exc_info is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("m%40t%3Akh%25u", "m@t:kh%u"), ("m%E1%BA%ADt", "mật"), ("mat", "mat")]
)
def test_a_password_is_sent_as_it_was_meant(
    typed: str, meant: str, engine: str, serve: Callable[..., StubServer], settings: Any
) -> None:
    server = serve(stub_server.answering("200 OK"))
    settings.WAGTAILSEARCH_BACKENDS = from_url(f"{engine}+http://nguy%40xa:{typed}@127.0.0.1:{server.port}/x")
    backend = get_search_backend("default")
    for client in (backend.es, backend.reader):
        client.info()
    sent = [line for heard in server.heard for line in heard.split(b"\r\n") if b"uthorization:" in line]
    assert len(sent) == 2
    for line in sent:
        assert base64.b64decode(line.split()[-1]).decode() == f"nguy@xa:{meant}"


def test_as_many_connections_are_kept_as_there_are_threads(
    site: Site, serve: Callable[..., StubServer], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each thread of the web server finds a connection that is open already."""
    empty = b'{"responses": [{"status": 200, "hits": {"hits": []}}]}'
    server = serve(stub_server.answering("200 OK", empty, after=0.1))
    reader = get_search_backend("default").reader
    for _ in range(2):
        threads = [
            threading.Thread(
                target=lambda: reader.msearch(body=[{"index": "x"}, {"query": {"match_all": {}}}])
            )
            for _ in range(settings.WEB_THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.heard) == settings.WEB_THREADS
