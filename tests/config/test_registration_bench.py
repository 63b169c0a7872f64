"""The measurement of registrations still runs: a few clients, a real server, a database of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_few_clients_are_measured_and_nobody_is_seated_twice(empty_database: str) -> None:
    name = "test_site_registration_bench"
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        # migrated already: that takes longer than the measurement
        cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE {connection.ops.quote_name(empty_database)}")
    try:
        base = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[0]
        done = subprocess.run(
            [sys.executable, "tools/registration_bench.py", "--clients", "3", "--forms", "2", "--workers", "1"],
            cwd=ROOT, env={**os.environ, "DATABASE_URL": f"{base}/{name}", "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 clients, 6 forms, 3 seats: 3 confirmed, 3 waiting" in done.stdout
    assert re.search(r"confirmed [\d.]+/s", done.stdout)
    assert re.search(r"p99 \d+ ms", done.stdout)
