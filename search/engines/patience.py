"""How long one reader waits for the search server: one limit for all that is asked for a page, whatever the server does.

The timeouts of the clients count for each step of a connection anew (looking up the name, connecting, every piece of the answer),
so a server that sends a letter now and then could hold a reader for minutes. So the client asks in a thread of its own; when the
time is over the reader goes on without it, and the connection is broken off so that the thread ends as well.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

#: Seconds: with less left of a reader's time the server is not asked any more.
LEAST = 0.1


class Late(Exception):
    """The server did not answer in time."""


@dataclass(slots=True)
class Reader:
    """Somebody who waits. ``waited``: seconds for the server so far."""

    waited: float = 0.0


_reader: ContextVar[Reader | None] = ContextVar("search.reader", default=None)
_thread = threading.local()


@contextmanager
def one_reader() -> Iterator[None]:
    """Count together what is waited for within; inside another such block that one counts."""
    if _reader.get() is not None:
        yield
        return
    token = _reader.set(Reader())
    try:
        yield
    finally:
        _reader.reset(token)


def left(limit: float) -> float:
    """Return the seconds that are left of ``limit`` for the reader who is asking, 0 where they are too few to ask."""
    reader = _reader.get()
    rest = limit - (reader.waited if reader else 0.0)
    return rest if rest >= LEAST else 0.0


def wait_for(ask: Callable[[], Any], limit: float) -> Any:
    """Return what ``ask`` returns.

    Args:
        ask: asks the server, with a client that ``watch`` has seen.
        limit: seconds for all questions of one reader.

    Raises:
        Late: when the time is over before; and whatever ``ask`` raises.
    """
    reader = _reader.get() or Reader()
    patience = limit - reader.waited
    call = _Call(ask)
    started = time.monotonic()
    if patience > 0:
        threading.Thread(target=call.run, name="search-call", daemon=True).start()
        call.done.wait(patience)
        reader.waited += time.monotonic() - started
    if not call.done.is_set():
        call.give_up()
        raise Late(f"no answer within {limit:.1f} s")
    if call.problem is not None:
        raise call.problem
    return call.result


class _Call:
    """One question on its way."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask
        self.done = threading.Event()
        self.result: Any = None
        self.problem: BaseException | None = None
        self.is_given_up = False
        self.socket: socket.socket | None = None

    def run(self) -> None:
        _thread.call = self
        try:
            self.result = self._ask()
        except BaseException as problem:
            self.problem = problem
        self.done.set()

    def uses(self, connection: Any) -> None:
        """Remember what to break off. Raises ConnectionAbortedError where nobody waits any more."""
        self.socket = connection.sock or self.socket
        if self.is_given_up:
            raise ConnectionAbortedError("nobody waits for the answer any more")

    def give_up(self) -> None:
        self.is_given_up = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


class _Watched:
    """A connection of urllib3 that tells the question under way where it goes."""

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._tell()

    def request(self, *args: Any, **options: Any) -> None:
        self._tell()
        super().request(*args, **options)  # type: ignore[misc]

    def _tell(self) -> None:
        call: _Call | None = getattr(_thread, "call", None)
        if call is not None:
            call.uses(self)


@lru_cache(maxsize=8)
def _watched(kind: type[Any]) -> type[Any]:
    return type(kind.__name__, (_Watched, kind), {})


def watch(client: Any) -> Any:
    """Let the questions of a client of OpenSearch or Elasticsearch be broken off; return it."""
    transport = client.transport
    nodes = (
        transport.node_pool.all()
        if hasattr(transport, "node_pool")
        else transport.connection_pool.connections
    )
    for node in nodes:
        node.pool.ConnectionCls = _watched(node.pool.ConnectionCls)
    return client
