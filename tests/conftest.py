"""What every test stands on: no network, catalogues compiled, missing servers and browsers named instead of ignored."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402

from tests.sample_site import (  # noqa: E402, F401
    common_folder,
    django_db_setup,
    empty_database,
    forget,
    sample,
    sample_copy,
    sample_database,
)
from tests.shared_rows import built_once, office_of_module, site  # noqa: E402, F401

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, and let Django read them again: it was set up before this file was loaded."""
    from django.utils.translation import trans_real

    messages.compile_all()
    trans_real._translations.clear()
    trans_real._default = None


def on_postgresql() -> bool:
    """Whether this run stores its data in PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked pg run on PostgreSQL only: without it they skip with a reason, or wait for the run that has it."""
    if on_postgresql():
        return
    needing = [item for item in items if item.get_closest_marker("pg")]
    if REQUIRE_ALL:
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if item not in needing]
        return
    for item in needing:
        item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With REQUIRE_ALL=1 (the project's CI) nothing may skip: a skipped test is a failed one."""
    report: Any = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, but this test was skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"A test tried to reach {address[0]}: tests use no network.")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def fresh_state() -> Iterator[None]:
    """Begin every test in Vietnamese and with no memory: rows rolled back after a test may come back with the same keys."""
    from django.utils import translation

    forget()
    translation.activate("vi")
    yield
    translation.activate("vi")


@pytest.fixture
def open_connection() -> Iterator[None]:
    """Let a request begin and end without a look at the database, as the test client does.

    Outside tests a request that ends gives back connections that are too old: one that holds a test's
    transaction must stay, and a test without a database must not ask one that an earlier test left open.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A function that returns a port nobody listens on at this moment."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


def chromium() -> str:
    """The system's Chromium; the test skips with a reason where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    return pytest.skip("needs Chromium (on Debian: apt install chromium)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole session (a Playwright Browser)."""
    from playwright.sync_api import sync_playwright

    program = chromium()
    # Playwright's synchronous interface keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens a page in a fresh context; keyword arguments as for `browser.new_context`.

    A request to another host, an error in a script or a violated content security policy fails the test at its end.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def watch(request: Any) -> None:
        host = request.url.partition("://")[2].partition("/")[0].rpartition(":")[0]
        if request.url.startswith("http") and not (
            host in {"localhost", "127.0.0.1"} or host.endswith(".localhost")
        ):
            complaints.append(f"request to {request.url}")

    def listen(message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    def fail(error: Any) -> None:
        # Wagtail's own checker of the preview, started twice in a row: it tries again by itself
        if "Axe is already running" not in str(error):
            complaints.append(f"script error: {error}")

    def build(**options: Any) -> Any:
        context = browser.new_context(
            **{"viewport": {"width": 390, "height": 844}, "locale": "vi-VN", **options}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch)
        page.on("console", listen)
        page.on("pageerror", fail)
        return page

    yield build
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def browser_page(new_page: Callable[..., Any]) -> Any:
    """One page at the size of a phone."""
    return new_page()
