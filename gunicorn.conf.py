"""How the server runs. `gunicorn config.wsgi` in the project's root picks this file up.

It reads the settings, so that a wrong variable ends the start here, once, with its sentence; left to the worker
processes it would repeat for ever.
"""

import os
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn import util
from gunicorn.http import message

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
settings = import_module(os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production"))

chdir = str(ROOT)
pythonpath = "site"
bind = [f"127.0.0.1:{settings.PORT}"]
# One process with threads is right for SQLite and for a cache in the process's own memory.
workers = settings.WEB_PROCESSES
worker_class = "gthread"
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
# A question of 10,000 letters in an address takes 90 kB (three bytes a letter, three signs a byte); deploy/nginx/site.conf takes
# as much. gunicorn would cut any higher number down to 8,190.
limit_request_line = message.MAX_REQUEST_LINE = 128 * 1024
# None: it would keep what people look for together with their addresses (docs/privacy.md).
accesslog = None
# A heartbeat file on a disk can stall a worker; memory cannot.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


REFUSED = (ROOT / "deploy" / "nginx" / "refused.html").read_bytes()
#: Seconds and bytes for which the rest of a refused request is read: cut off at once, the browser would not show the page.
DRAIN_SECONDS, DRAIN_BYTES = 1.0, 4 * 1024 * 1024


def write_refusal(client: socket.socket, status: int, reason: str, _english: str) -> None:
    """Answer a request that never reaches the program in Vietnamese, with the page that nginx shows for those it refuses."""
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(REFUSED)}\r\n\r\n"
    )
    until, read = time.monotonic() + DRAIN_SECONDS, 0
    client.settimeout(DRAIN_SECONDS)
    client.sendall(head.encode("latin-1") + REFUSED)
    with suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while read < DRAIN_BYTES and time.monotonic() < until and (part := client.recv(65_536)):
            read += len(part)


util.write_error = write_refusal


def post_worker_init(worker: Any) -> None:
    """Read ahead what the first question of a process would wait for."""
    # only here is Django set up
    import_module("search.warming").warm_in_background(worker.wsgi)
