"""Every kind of page for everyone: axe finds nothing, light and dark, phone and desk; nothing is too wide or too small to hit."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from guides.models import GuidePage
from tests.browser.conftest import Server
from tests.site.kinds import full_event, open_event
from training_events.models import Registration

pytestmark = pytest.mark.browser

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
#: What people tap to get on. Links inside running text are exempt (WCAG 2.2, 2.5.8).
TARGETS = """() => {
  const chosen = "button, summary, .button, .site-nav a, .language-switch a, .tag-list a, .pagination a, .active-filters__chip, "
    + "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea, .today__tasks a";
  const small = [];
  for (const element of document.querySelectorAll(chosen)) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (!box.width || style.visibility === "hidden" || element.closest(".honeypot, .visually-hidden, [hidden]")) continue;
    if (box.height < 44 || box.width < 44) {
      const name = element.textContent.trim().slice(0, 30);
      small.push(`${element.tagName} "${name}" ${Math.round(box.width)}x${Math.round(box.height)}`);
    }
  }
  return small;
}"""
#: Elements that reach beyond the screen and no box around them scrolls.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const right = (element) => Math.round(element.getBoundingClientRect().right);
  return [...document.querySelectorAll("body *")].filter((element) => right(element) > width + 1)
    .slice(0, 5).map((element) => `${element.tagName}.${element.className} to ${right(element)}`);
}"""

PATHS = {
    "home": "/",
    "English home": "/en/",
    "commune's home": "da-kia:/",
    "news": "/tin-tuc/",
    "news, filtered": "/tin-tuc/?dia-ban=dak-o",
    "news, nothing": "/tin-tuc/?dia-ban=khong-co",
    "bulletin": "/tin-tuc/ban-tin-08-2024/",
    "article": "/tin-tuc/ngay-hoi-o-phu-nghia/",
    "feature": "/tin-tuc/dich-vu-cong-truc-tuyen-toan-trinh/",
    "guides": "/huong-dan/",
    "series": "/huong-dan/dich-vu-cong-tai-nha/",
    "guide": "/huong-dan/dich-vu-cong-tai-nha/kich-hoat-vneid/",
    "English guide": "/en/guides/public-services-at-home/activate-vneid/",
    "events": "/tap-huan/",
    "past events": "/tap-huan/da-qua/",
    "event": "/tap-huan/ban-hat-dieu-tren-san-dak-o/",
    "full event": "/tap-huan/an-toan-tren-mang-ca-nha-da-kia/",
    "cancelled event": "/tap-huan/so-suc-khoe-dien-tu-bu-gia-map/",
    "documents": "/tai-lieu/",
    "about": "/gioi-thieu/",
    "leaders": "/gioi-thieu/lanh-dao/",
    "channels": "/gioi-thieu/kenh-chinh-thuc/",
    "contact": "/lien-he/",
    "help points": "/diem-ho-tro/",
    "boundary map": "da-kia:/gioi-thieu/ban-do-dia-gioi/",
    "search": "/tim-kiem/",
    "results": "/tim-kiem/?q=dich+vu+cong",
    "no result": "/tim-kiem/?q=xqzwkf+bbrr",
    "look-up": "/dang-ky/tra-cuu/",
    "month": "/tap-huan/lich/",
    "certificates": "/xac-nhan/",
    "not found": "/khong-co-trang-nay/",
}


#: Between them they show every component.
THOROUGHLY = {
    "home",
    "news",
    "feature",
    "guide",
    "event",
    "full event",
    "form",
    "confirmation",
    "results",
    "contact",
}


def special_paths() -> dict[str, Callable[[], str]]:
    """Addresses that hold a key of the database."""

    def registration(status: str) -> str:
        rows = Registration.objects.filter(status=status, pool__event_key=full_event().translation_key)
        return reverse("training_events:registration", args=[rows[0].token])

    return {
        "form": lambda: f"/dang-ky/{open_event().pk}/",
        "waiting list form": lambda: f"/dang-ky/{full_event().pk}/",
        "confirmation": lambda: registration("confirmed"),
        "waiting": lambda: registration("waiting"),
        "cancel": lambda: f"{registration('confirmed')}huy/",
        "change": lambda: f"{registration('confirmed')}sua/",
        "opinion": lambda: f"/huong-dan/y-kien/{GuidePage.objects.get(slug='kich-hoat-vneid').pk}/",
    }


def complaints_of(page: Any, options: dict[str, Any] | None = None) -> list[str]:
    """Return axe's violations, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    result = page.evaluate(
        "options => axe.run(document, options)", {"resultTypes": ["violations"], **(options or {})}
    )
    return [
        f"{rule['id']}: {node['target'][0]} {node['html'][:120]} | {' '.join(check['message'] for check in node['any'][:1])}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def check_everything(page: Any, *, thorough: bool = False) -> None:
    """Fail with all that is wrong with the page that is open."""
    found: dict[str, list[str]] = {}
    page.evaluate("document.fonts.ready.then(() => true)")
    for name, width, scheme in (("phone", 390, "light"), ("desk", 1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found[f"{name}, {scheme}"] = complaints_of(page)
        found[f"{name}, targets"] = page.evaluate(TARGETS)
    # the colours of an element hang on the scheme, hardly on the width: a few pages show all four
    for name, width, scheme in (("phone", 390, "dark"), ("desk", 1280, "light")) if thorough else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found[f"{name}, {scheme}"] = complaints_of(page, CONTRAST)
    page.set_viewport_size({"width": 320, "height": 700})
    found["320 px"] = page.evaluate(TOO_WIDE)
    lines = [f"{where}: {line}" for where, rows in found.items() for line in rows]
    assert not lines, "\n".join(lines)


def visit(name: str, server: Server, page: Any) -> None:
    path = PATHS[name] if name in PATHS else special_paths()[name]()
    host, _colon, rest = path.rpartition(":") if path.startswith("da-kia:") else ("", "", path)
    page.goto(server.url(rest, f"{host}.localhost" if host else "localhost"))


@pytest.mark.parametrize("name", [*PATHS, *special_paths()])
def test_page(name: str, reading_server: Server, browser_page: Any) -> None:
    visit(name, reading_server, browser_page)
    check_everything(browser_page, thorough=name in THOROUGHLY)


def test_page_with_errors(reading_server: Server, browser_page: Any) -> None:
    visit("form", reading_server, browser_page)
    browser_page.fill("#id_phone", "12")
    browser_page.click("#dang-ky button[type=submit]")
    browser_page.wait_for_selector("[data-error-summary]")
    check_everything(browser_page)


def test_page_with_the_menu_and_filters_open(reading_server: Server, browser_page: Any) -> None:
    visit("news", reading_server, browser_page)
    browser_page.click(".menu-toggle summary")
    browser_page.click(".filters__toggle summary")
    assert not complaints_of(browser_page)
    assert not browser_page.evaluate(TARGETS)


def test_axe_and_the_measurements_find_faults(browser_page: Any) -> None:
    browser_page.set_content(
        "<!doctype html><html lang=vi><title>x</title><main><h1>Trang</h1><img src='data:,'>"
        "<p style='color:#bbb;background:#fff'>nhạt</p><button>a</button><div style='width:900px'>rộng</div></main>"
    )
    found = " ".join(complaints_of(browser_page))
    assert "image-alt" in found
    assert "color-contrast" in found
    assert browser_page.evaluate(TARGETS)
    assert browser_page.evaluate(TOO_WIDE)
