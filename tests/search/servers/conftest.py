"""A real search server for tests: one for all workers, with indexes of their own for each."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from config.search_backends import from_url
from tests.search.conftest import Weighing, weighed
from tests.search.servers.proxy import Proxy

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "deploy" / "search-node"))

import search_node  # noqa: E402

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: Process that outlives all workers.
CONTROLLER = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
_started: list[subprocess.Popen[bytes]] = []


def needed() -> Any:
    """Return the module that starts nodes; the test skips with the reason where this machine has no Java or no Maven."""
    try:
        search_node.find_java()
        search_node.jars()
    except search_node.Unavailable as problem:
        pytest.skip(f"A search server {problem}")
    return search_node


@pytest.fixture(scope="session")
def node_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of an OpenSearch node: SEARCH_NODE_URL, or one that all workers share and that ends with the run."""
    if os.environ.get("SEARCH_NODE_URL"):
        return os.environ["SEARCH_NODE_URL"]
    base = tmp_path_factory.getbasetemp()
    ready = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "search-node"
    with ready.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            program = Path(needed().__file__)
            with ready.with_suffix(".log").open("wb") as log:
                process = subprocess.Popen(
                    [sys.executable, program, "--ready", ready, "--until", str(CONTROLLER)],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            # it outlives this fixture: forgotten here, it would be taken for left behind
            _started.append(process)
            while not ready.exists():
                if process.poll() is not None:
                    pytest.fail(ready.with_suffix(".log").read_text())
                time.sleep(0.1)
        return ready.read_text()


@pytest.fixture(scope="session")
def proxy(node_url: str) -> Iterator[Proxy]:
    """What Elasticsearch's client takes for Elasticsearch."""
    running = Proxy(node_url)
    yield running
    running.close()


def call(url: str, method: str = "GET", body: Any = None) -> Any:
    """Ask a server directly."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def backends(engine: str, url: str, prefix: str, **values: Any) -> dict[str, Any]:
    """Return WAGTAILSEARCH_BACKENDS for a server, which shows at once what was written."""
    found = from_url(f"{engine}+{url}/{prefix}")
    # the machine of the tests may be busy: only tests of failures need short waits
    found["default"].update({"REFRESH": True, "READ_TIMEOUT": 10, "TIMEOUT": 60, **values})
    return found


@contextmanager
def delivered_first() -> Iterator[None]:
    """Tell the server of changes before it is asked, not with every one of them, of which a test makes hundreds."""
    from search import outbox
    from search.engines.remote_backend import RemoteBackendMixin

    guarded, tell = RemoteBackendMixin.guarded, outbox._deliver_to

    def tell_database(name: str, until: float | None) -> tuple[int, bool]:
        return (0, True) if name in outbox.server_names() else tell(name, until)

    def deliver_first(self: Any) -> Any:
        for name in outbox.server_names():
            tell(name, None)
        return guarded(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_deliver_to", tell_database)
        patch.setattr(RemoteBackendMixin, "guarded", deliver_first)
        yield


@contextmanager
def strict() -> Iterator[None]:
    """Let nothing stand in: a filter or a query that the server refuses would be answered by the database, unseen."""
    from search.engines.remote_backend import RemoteBackendMixin

    def report(_self: Any, problem: Exception) -> None:
        raise problem

    def stand_in(_self: Any, _compiler: Any) -> Any:
        raise AssertionError("The server did not answer.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteBackendMixin, "report", report)
        patch.setattr(RemoteBackendMixin, "stand_in", stand_in)
        yield


_made: dict[str, bool] = {}
#: (address of a server, beginning of the names of indexes that tests have made there)
_used: set[tuple[str, str]] = set()


def will_remove(url: str, prefix: str) -> None:
    """See to it that no index whose name begins with ``prefix`` stays on a server that others use as well."""
    _used.add((url, prefix))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Remove at the end what tests have made on servers that are still there."""
    yield
    for url, prefix in _used:
        with suppress(OSError):
            for name in call(f"{url}/{prefix}-*"):
                call(f"{url}/{name}", "DELETE")


@pytest.fixture(params=["opensearch", "elasticsearch"])
def server(request: pytest.FixtureRequest, node_url: str, settings: Any, db: None) -> Iterator[str]:
    """Let a server be the engine, its indexes empty, nothing beside it; the name of the client that talks to it."""
    from search import index_state

    engine = str(request.param)
    url = request.getfixturevalue("proxy").url if engine == "elasticsearch" else node_url
    prefix = f"test-{os.getpid()}-{WORKER}-{engine}"
    settings.WAGTAILSEARCH_BACKENDS = backends(engine, url, prefix)
    will_remove(node_url, prefix)
    if prefix in _made:
        everything = {"query": {"match_all": {}}}
        call(f"{node_url}/{prefix}-*/_delete_by_query?refresh=true&conflicts=proceed", "POST", everything)
    else:
        index_state.rebuild_now(["default"])
        _made[prefix] = True
    with delivered_first(), strict():
        yield engine


@pytest.fixture
def weighing(server: str) -> Iterator[Weighing]:
    """Ask through one client with counted words, through the other as on a new site."""
    yield from weighed(server == "opensearch")


@pytest.fixture
def own_node() -> Iterator[Callable[..., Any]]:
    """A function that starts a node of the test's own, which it may kill; arguments as for search_node.start."""
    module = needed()
    started: list[Any] = []

    def begin(**options: Any) -> Any:
        started.append(module.start(**options))
        return started[-1]

    yield begin
    for node in started:
        node.stop()
