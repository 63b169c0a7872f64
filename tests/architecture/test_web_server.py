"""The logs of the web server that is delivered: what people look for is not kept together with who they are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = (ROOT / "deploy/nginx/site.conf").read_text()
FORMAT = re.search(r"log_format (\w+) ([^;]+);", CONF)


def mapped(variable: str, value: str) -> str:
    """Return what the ``map`` of ``variable`` makes of a value, as nginx does: the first pattern that fits, else the default."""
    found = re.search(rf"map \$(\w+) \${variable} \{{(.*?)\n\}}", CONF, re.DOTALL)
    assert found
    default = re.search(r"default (\S+);", found[2])
    assert default
    for pattern, result in re.findall(r'"~(.+)" (\S+);', found[2]):
        if match := re.search(pattern, value):
            return re.sub(r"\$([a-z]\w*)", lambda name: match[name[1]], result)
    return value if default[1] == f"${found[1]}" else default[1]


def test_the_format_of_the_log_names_nothing_that_holds_a_question_or_a_person() -> None:
    assert FORMAT
    names = set(re.findall(r"\$(\w+)", FORMAT[2]))
    assert names == {
        "client_network", "time_iso8601", "request_method", "logged_path", "server_protocol", "status",
        "body_bytes_sent", "request_time",
    }  # fmt: skip


def test_every_server_writes_in_this_format_and_no_errors_with_addresses() -> None:
    assert FORMAT
    servers = re.split(r"^server \{", CONF, flags=re.MULTILINE)[1:]
    assert len(servers) == 2
    for server in servers:
        assert re.findall(r"access_log \S+ (\w+);", server) == [FORMAT[1]]
        assert re.findall(r"error_log \S+ (\w+);", server) == ["crit"]
    assert "\naccesslog = None\n" in (ROOT / "gunicorn.conf.py").read_text()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:12:34::1", "2001:db8:12::"),
        ("2001:db8::1", "0.0.0.0"),
        ("::1", "0.0.0.0"),
        ("unix:", "0.0.0.0"),
    ],
)
def test_an_address_loses_its_last_part(address: str, kept: str) -> None:
    assert mapped("client_network", address) == kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/tim-kiem/", "/tim-kiem/"),
        ("/dang-ky/12/", "/dang-ky/12/"),
        ("/dang-ky/xac-nhan/bW90LW1hLXJpZW5n/sua/", "/dang-ky/xac-nhan/***"),
        ("/en/dang-ky/xac-nhan/bW90LW1hLXJpZW5n/", "/en/dang-ky/xac-nhan/***"),
        ("/dang-ky/gop-y/12:abc:def/", "/dang-ky/gop-y/***"),
        ("/xac-nhan/AB12-CD34/", "/xac-nhan/***"),
        ("/xac-nhan/", "/xac-nhan/"),
    ],
)
def test_a_link_that_opens_a_registration_is_not_kept(path: str, kept: str) -> None:
    assert mapped("logged_path", path) == kept
