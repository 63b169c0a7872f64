"""How the server runs. `gunicorn config.wsgi` in the project's root picks this file up.

It reads the settings, so that a wrong variable ends the start here, once, with its sentence; left to the worker
processes it would repeat for ever.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

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
# A heartbeat file on a disk can stall a worker; memory cannot.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def post_worker_init(worker: Any) -> None:
    """Read ahead what the first question of a process would wait for."""
    # only here is Django set up
    import_module("search.warming").warm_in_background(worker.wsgi)
