"""A running server with the sample site, for tests in a real browser."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect
from wagtail.models import Site

from core import offices

# A machine that does much else at the same time is slow, not wrong.
expect.set_options(timeout=15_000)


class PatientServer(ThreadedWSGIServer):
    """Finishes what it was asked before it closes: an answer that outlived its test would write into the next one's database."""

    daemon_threads = False  # those are not waited for

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Remember the connections, to close those on which a browser asks no more."""
        self._open: set[socket.socket] = set()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Take no more requests, answer those that are there, end."""
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RD)
        super().server_close()


class PatientThread(LiveServerThread):
    """Runs the patient server."""

    server_class = PatientServer


@dataclass(frozen=True)
class Server:
    """Where the sample site listens."""

    port: int

    def url(self, path: str, host: str = "localhost") -> str:
        """Return the address of ``path`` at one of the offices."""
        return f"http://{host}:{self.port}{path}"


def _serve() -> Iterator[Server]:
    thread = PatientThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    # absolute links of the sample lead to the port of its sites
    Site.objects.update(port=thread.port)
    offices.forget()
    yield Server(thread.port)
    thread.terminate()
    connections.close_all()


@pytest.fixture
def server(sample_copy: None) -> Iterator[Server]:
    """A server on a copy of the sample that belongs to this test."""
    yield from _serve()


@pytest.fixture(scope="module")
def reading_server(sample: None) -> Iterator[Server]:
    """A server on the worker's sample, for tests that only read."""
    yield from _serve()


@pytest.fixture
def open_page(server: Server, new_page: Callable[..., Any]) -> Callable[..., Any]:
    """A function that opens a path in a browser of its own: ``open_page("/", desktop=True)`` for a wide screen."""

    def build(path: str, *, desktop: bool = False, host: str = "localhost", **options: Any) -> Any:
        if desktop:
            options["viewport"] = {"width": 1280, "height": 900}
        page = new_page(**options)
        page.goto(server.url(path, host))
        return page

    return build
