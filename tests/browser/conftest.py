"""A running server with the sample site, for tests in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from wagtail.models import Site

from core import offices


@dataclass(frozen=True)
class Server:
    """Where the sample site listens."""

    port: int

    def url(self, path: str, host: str = "localhost") -> str:
        """Return the address of ``path`` at one of the offices."""
        return f"http://{host}:{self.port}{path}"


def _serve() -> Iterator[Server]:
    thread = LiveServerThread("localhost", StaticFilesHandler)
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
