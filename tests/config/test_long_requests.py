"""Long questions through the real web server: they reach the page; what is too long for any server is refused in Vietnamese."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.config.helpers import ROOT
from tests.factories.core import make_office
from tests.search.helpers import add

REFUSED = "Máy chủ chưa nhận được yêu cầu"


@pytest.fixture
def port(free_port: Callable[[], int], tmp_path: Path, transactional_db: None) -> Iterator[int]:
    """Port of gunicorn with the project's own configuration, on the tests' database with one page in it."""
    add(make_office(), "Dịch vụ công trực tuyến")
    number = free_port()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "PORT": str(number),
    }
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(600):
            if server.poll() is not None:
                pytest.fail((tmp_path / "log").read_text())
            with suppress(OSError), socket.create_connection(("127.0.0.1", number)):
                break
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": "localhost", **headers})
        answer = connection.getresponse()
        assert "utf-8" in answer.headers["Content-Type"]
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="hands the file of the tests to another process")
def test_long_questions(port: int) -> None:
    for letters in ("dịch vụ công " * 154, "dịch vụ công " * 770, "ễ" * 10_000, "a" * 10_000):
        status, page = get(port, "/tim-kiem/?q=" + quote(letters))
        assert (status, "</html>" in page) == (200, True)
        assert '<html lang="vi"' in page
        assert len(page) < 40_000, "the page does not repeat ten thousand letters"
        shown = re.search(r'name="q" value="([^"]*)"', page)
        assert shown is not None
        assert letters.startswith(shown[1])
    assert "Dịch vụ công trực tuyến" in get(port, "/tim-kiem/?q=" + quote("dịch vụ công " * 154))[1]
    assert get(port, "/tim-kiem/api/v1/?q=" + quote("ễ" * 10_000))[0] in {200, 400}
    for path in ("/xac-nhan/?ma=", "/dang-ky/tra-cuu/?ma="):
        status, page = get(port, path + quote("ễ" * 10_000))
        assert (status, '<html lang="vi"' in page) == (200, True)

    # more than any server takes: the connection stays open until the browser has read why
    status, page = get(port, "/tim-kiem/?q=" + "a" * 300_000)
    assert (status, REFUSED in page) == (414, True)
    status, page = get(port, "/tim-kiem/", Cookie="a" * 10_000)
    assert (status, REFUSED in page) == (431, True)


def test_nginx_takes_what_gunicorn_takes_and_refuses_in_the_same_words() -> None:
    nginx = (ROOT / "deploy/nginx/site.conf").read_text(encoding="utf-8")
    server = (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")
    kilobytes = re.search(r"large_client_header_buffers \d+ (\d+)k;", nginx)
    taken = re.search(r"limit_request_line = .*?(\d+) \* 1024", server)
    assert kilobytes is not None
    assert taken is not None
    assert kilobytes[1] == taken[1]
    assert int(taken[1]) * 1024 > 10_000 * 9 + 1000
    assert "error_page 400 413 414 431 494 /refused.html;" in nginx
    page = (ROOT / "deploy/nginx/refused.html").read_text(encoding="utf-8")
    assert REFUSED in page
    assert "http://" not in page
    assert "https://" not in page
