"""The program that starts search nodes: what it asks of a machine, when a node counts as ready, and whom it ends."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import search_node

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two programs of our own."""
    running = [subprocess.Popen(SLEEP) for _ in range(2)]
    yield running
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def equipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has all that is needed."""
    monkeypatch.setattr(search_node, "find_java", lambda: tmp_path / "java")
    monkeypatch.setattr(search_node, "jars", lambda: tmp_path)


def health(monkeypatch: pytest.MonkeyPatch, *states: str) -> list[str]:
    """Let a node answer with one state after the other; return those that were not asked for yet."""
    left = list(states)

    def answer(_url: str, timeout: float) -> Any:
        state = {"cluster_name": "ours", "status": left.pop(0), "number_of_nodes": 1}
        return io.BytesIO(json.dumps(state).encode())

    monkeypatch.setattr(search_node.urllib.request, "urlopen", answer)
    monkeypatch.setattr(search_node.time, "sleep", lambda _seconds: None)
    return left


@pytest.mark.parametrize(("version", "good"), [(0, False), (17, False), (21, True), (25, True)])
def test_an_old_java_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, version: int, good: bool) -> None:
    monkeypatch.setattr(search_node, "java_version", lambda _program: version)
    if good:
        assert search_node.find_java()
    else:
        with pytest.raises(search_node.Unavailable, match="needs Java 21 or newer"):
            search_node.find_java()


def test_a_port_that_is_taken_or_out_of_range_is_named(equipped: None) -> None:
    port = search_node.free_base(1) + 1
    taken = pytest.raises(search_node.Unavailable, match=f"port {port} is taken")
    with socket.create_server(("127.0.0.1", port)), taken:
        search_node.start(port=port)
    with pytest.raises(search_node.Unavailable, match="needs a port from"):
        search_node.start(port=80)


def test_a_new_node_is_ready_when_it_is_green(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    node = search_node.Node("http://127.0.0.1:9", processes[0], tmp_path)
    left = health(monkeypatch, "red", "yellow", "green", "green")
    search_node._wait(node, "ours", 1, {"green"})
    assert left == ["green"]


def test_a_node_that_ends_while_starting_says_why(
    tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "log").write_text("not enough memory")
    processes[0].kill()
    processes[0].wait()
    node = search_node.Node("http://127.0.0.1:9", processes[0], tmp_path)
    with pytest.raises(search_node.Unavailable, match="not enough memory"):
        search_node._wait(node, "ours", 1, {"green"})


def test_stopping_ends_its_own_process_only_and_takes_the_data_along(
    tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    node = search_node.Node("http://127.0.0.1:9", processes[0], folder)
    node.stop()
    node.stop()  # once more does no harm
    assert processes[0].poll() is not None
    assert processes[1].poll() is None
    assert not folder.exists()
