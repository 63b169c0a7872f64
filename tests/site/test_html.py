"""Valid HTML, judged by a strict parser, for every kind of page and for forms and errors."""

import html5lib
import pytest
from django.test import Client
from html5lib.constants import E as MESSAGES

from tests.site.kinds import office_client, open_event, other_addresses, page_addresses

pytestmark = [pytest.mark.usefixtures("sample")]


def faults(text: str) -> list[str]:
    """Return what a strict parser complains about, with the line."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    lines = text.splitlines()
    return [
        f"line {position[0]}: {MESSAGES[code] % details} | {lines[position[0] - 1].strip()[:120]}"
        for position, code, details in parser.errors
    ]


def check(answers: dict[str, str]) -> None:
    """Fail with every fault of every page."""
    found = {name: complaints for name, text in answers.items() if (complaints := faults(text))}
    assert not found, "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines)


def test_the_parser_finds_faults() -> None:
    good = "<!doctype html><html lang=vi><title>x</title><p>a</p></html>"
    assert not faults(good)
    assert faults(good.replace("<p>a</p>", "<p><div>a</div></p>"))
    assert faults(good.replace("<p>a</p>", "<p id=1 id=2>a</p>"))


def test_every_kind_of_page_is_valid() -> None:
    client = office_client()
    answers = {f"{kind} {path}": client.get(path) for kind, path in page_addresses(2)}
    answers |= {
        f"{name} {path}": client.get(path)
        for name, path in other_addresses().items()
        if name not in ("feed", "calendar file")
    }
    assert {response.status_code for response in answers.values()} == {200}
    pages = {
        name: answer for name, answer in answers.items() if answer["Content-Type"].startswith("text/html")
    }
    check({name: answer.content.decode() for name, answer in pages.items()})


def test_errors_are_valid() -> None:
    client = office_client()
    client.raise_request_exception = False
    form = other_addresses()["registration form"]
    answers = {
        "404": client.get("/khong-co-trang-nay/"),
        "English 404": client.get("/en/no-such-page/"),
        "form with errors": client.post(form, {}),
        "look-up with errors": client.post("/dang-ky/tra-cuu/", {"code": "ABC2345", "digits": "1"}),
        "unknown host": client.get("/", headers={"host": "xx.example"}),
        "refused by the CSRF check": Client(
            enforce_csrf_checks=True, headers={"host": "localhost:8000"}
        ).post(form, {}),
    }
    assert [response.status_code for response in answers.values()] == [404, 404, 200, 200, 400, 403]
    pages = {
        name: answer for name, answer in answers.items() if answer["Content-Type"].startswith("text/html")
    }
    check({name: answer.content.decode() for name, answer in pages.items()})
    assert open_event().title in answers["form with errors"].content.decode()
