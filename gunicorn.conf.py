"""How the server runs. `gunicorn config.wsgi` in the project's root picks this file up; the environment may change it."""

import os

pythonpath = "site"
bind = [f"127.0.0.1:{os.environ.get('PORT', '8000')}"]
# One process with threads is right for SQLite and for the cache in the process's own memory; with PostgreSQL and Redis
# raise WEB_CONCURRENCY to the number of processors.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
# A heartbeat file on a disk can stall a worker; memory cannot.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
