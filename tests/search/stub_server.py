"""Search servers that go wrong in a way of their own; each listens on a free port of the machine itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress


class StubServer:
    """Takes every connection and lets ``behave`` do with it what it likes; ``heard`` holds what each one sent first."""

    def __init__(self, behave: Callable[[socket.socket], None]) -> None:
        self.behave = behave
        self.heard: list[bytes] = []
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.heard.append(connection.recv(65_536))
            self.behave(connection)

    def close(self) -> None:
        """Stop listening."""
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def deaf(connection: socket.socket) -> None:
    """Say nothing until the other side gives up."""
    while connection.recv(65_536):
        pass


def dripping(connection: socket.socket) -> None:
    """Send a letter every now and then: every wait for the next one is short."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.1)


def dripping_headers(connection: socket.socket) -> None:
    """The same, with a header that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.1)


def answering(status: str, body: bytes = b"{}", after: float = 0.0) -> Callable[[socket.socket], None]:
    """Return what gives every question the same answer, ``after`` so many seconds."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nX-Elastic-Product: Elasticsearch\r\n"

    def answer(connection: socket.socket) -> None:
        asked = b" "
        while asked:
            time.sleep(after)
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            asked = connection.recv(65_536)

    return answer
