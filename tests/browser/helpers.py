"""What several journeys do."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.site.kinds import open_event
from training_events import form_key


def quick_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the form take answers at once: the trap for programs would make every journey wait."""
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", 0)


def form_path() -> str:
    """Return the address of the registration form of a class with free seats."""
    return f"/dang-ky/{open_event().pk}/"


def fill_in(page: Any, name: str, phone: str, people: int = 1) -> None:
    """Answer the questions that must be answered."""
    page.get_by_label("Họ và tên anh/chị").fill(name)
    page.get_by_label("Số điện thoại", exact=True).fill(phone)
    page.get_by_label("Có mấy người đi học?").select_option(str(people))
    page.get_by_label("Tôi đồng ý để").check()


def code_on(page: Any) -> str:
    """Return the registration code that the page shows, without blanks."""
    return page.locator(".code-slip__code").inner_text().replace(" ", "").replace(" ", "")


def heading(page: Any) -> Any:
    """Return the page's h1."""
    return page.locator("h1")


def stop_the_clock(page: Any) -> None:
    """From now on the page's timers run when they are told to (``page.clock``)."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


def until(page: Any, happened: Callable[[], bool], seconds: float = 15) -> None:
    """Return when ``happened`` answers yes; fail after a while. For what no page shows: a request, a row of the database."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        page.wait_for_timeout(20)  # lets Playwright hear what the browser says
