"""Lets Elasticsearch's Python client talk to OpenSearch, for tests only.

The client refuses other servers by a product header and by its own media types. This proxy adds the header and turns the
media types into plain ones; requests and answers pass unchanged otherwise. What that shows and what it does not:
docs/search-servers.md.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlparse

_MEDIA_TYPE = re.compile(r"application/vnd\.elasticsearch\+([\w-]+)\s*;\s*compatible-with=\d+")
#: Headers that belong to one connection, and those that are written anew.
_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


def plain(value: str) -> str:
    """Return a media type as every server knows it."""
    return _MEDIA_TYPE.sub(r"application/\1", value)


class Proxy:
    """Listens on a free port of the machine itself; ``url`` is its address, ``seen`` the media types that came.

    To a client it is the server: it can freeze, be killed and come back within milliseconds, where a real node takes its time.
    """

    def __init__(self, target: str) -> None:
        parts = urlparse(target)
        address = (str(parts.hostname), int(parts.port or 80))
        seen: set[str] = set()
        answering = threading.Event()
        answering.set()
        open_now: set[socket.socket] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                self.upstream = http.client.HTTPConnection(*address, timeout=60)
                open_now.add(self.connection)

            def finish(self) -> None:
                open_now.discard(self.connection)
                self.upstream.close()
                with suppress(OSError):
                    super().finish()

            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {}
                for name, value in self.headers.items():
                    if name.lower() not in _OWN:
                        seen.add(value)
                        headers[name] = plain(value)
                answering.wait()
                try:
                    self.upstream.request(self.command, self.path, body, headers)
                    answer = self.upstream.getresponse()
                    data = answer.read()
                except OSError:
                    self.upstream.close()
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _OWN:
                        self.send_header(name, value)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                length = answer.headers.get("Content-Length") if self.command == "HEAD" else None
                self.send_header("Content-Length", length or str(len(data)))
                # killed meanwhile: nobody listens any more
                with suppress(OSError):
                    self.end_headers()
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = forward

            def log_message(self, *_args: Any) -> None:
                pass

        self.seen = seen
        self._handler, self._answering, self._open = Handler, answering, open_now
        self._listen(0)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _listen(self, port: int) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def freeze(self) -> None:
        """Take questions and answer none."""
        self._answering.clear()

    def thaw(self) -> None:
        """Answer them after all."""
        self._answering.set()

    def kill(self) -> None:
        """Break all connections off and refuse new ones."""
        self.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        """Listen at the same address again."""
        self._listen(int(urlparse(self.url).port or 0))

    def close(self) -> None:
        """Stop listening."""
        self.thaw()
        self._server.shutdown()
        self._server.server_close()
