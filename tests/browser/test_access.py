"""Every kind of page for everyone: axe finds nothing, light and dark, phone and desk; nothing is too wide or too small to hit."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Site

from guides.models import GuidePage
from tests.browser.conftest import Server
from tests.browser.helpers import fill_in, quick_forms
from tests.factories.training_events import make_event, make_registration, publish
from tests.site.kinds import full_event, open_event
from training_events import proof, spam
from training_events.models import HeldSeats, Question, Registration
from training_events.services.registration import cancel

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
    page.wait_for_load_state()  # one that a click has opened may still be without its styles
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


QUESTIONS: list[dict[str, Any]] = [
    {"kind": "text", "required": True},
    {"kind": "long_text", "help_text": "Càng cụ thể, người hướng dẫn càng chuẩn bị được đúng việc."},
    {
        "kind": "choice",
        "options": [("option", "Điện thoại thông minh"), ("option", "Máy tính của hợp tác xã")],
    },
    {"kind": "choices", "options": [("option", "Facebook, Zalo"), ("option", "Sàn thương mại điện tử")]},
    {"kind": "number"},
    {"kind": "date"},
    {"kind": "yes_no", "per_participant": True, "required": True},
    {
        "kind": "text",
        "per_participant": True,
        "sensitive": "health",
        "reason": "Chỉ người hướng dẫn xem, để xếp chỗ ngồi.",
    },
    {"kind": "place", "per_participant": True},
]


def narrow(page: Any, what: str) -> None:
    """Fail where the page that is open is too wide for the smallest phone, or axe complains about it there."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": 320, "height": 700})
    assert (page.evaluate(TOO_WIDE), complaints_of(page), page.evaluate(TARGETS)) == ([], [], []), what


def test_forms_with_all_that_an_event_can_ask(
    server: Server, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_forms(monkeypatch)
    page = browser_page
    asked = [Question(label=f"Câu hỏi riêng số {n} của lớp?", **one) for n, one in enumerate(QUESTIONS, 1)]
    event = make_event(
        Site.objects.get(is_default_site=True), "Lớp hỏi đủ điều", registrants="everybody", ask_birth_year=True,
        max_party=3, approval=True, questions=asked, held_seats=[HeldSeats(label="Hội viên Hội Liên hiệp Phụ nữ", seats=2)],
    )  # fmt: skip
    row = make_registration(event, name="Lê Thị Mẫu", phone="+84900000333")
    make_registration(event, registrant="cooperative", organisation_name="Hợp tác xã điều Mẫu")
    form = server.url(event.registration_path())
    page.goto(form)
    check_everything(page)
    # of an organisation, with a block for each of its people
    page.get_by_label("Hợp tác xã hoặc tổ hợp tác").check()
    page.get_by_label("Có mấy người đi học?").select_option("3")
    page.click("#dang-ky [data-sending]")
    page.wait_for_selector("#id_organisation_name_error")
    narrow(page, "errors and blocks")

    page.goto(form)
    page.get_by_label("Cá nhân, hộ gia đình").check()
    page.get_by_label("Câu hỏi riêng số 1").fill("Học bán hàng")
    page.locator("input[type=radio][name^='p1-q'][value=yes]").check()
    fill_in(page, "Lê Thị Mẫu", "0900 000 333")
    page.click("#dang-ky [data-sending]")
    page.wait_for_selector("#da-dang-ky")
    narrow(page, "asked about a second registration")
    page.goto(server.url(f"{event.registration_path()}du-lieu-ca-nhan/"))
    narrow(page, "what is kept")
    monkeypatch.setattr(spam, "EVENT_FORMS", 0)
    monkeypatch.setattr(proof, "MAX_NUMBER", 5_000)
    page.goto(form)
    page.click("#dang-ky [data-sending]")
    # the script hides the question when it begins: not after it is shown here
    expect(page.locator("[data-proof-state]")).to_have_text("Đã kiểm tra xong. Anh/chị gửi phiếu được rồi.")
    page.locator("[data-proof-question]").evaluate("one => one.hidden = false")
    narrow(page, "a plain question")
    cancel(row, now=timezone.now())
    page.goto(server.url(f"/dang-ky/xac-nhan/{row.token}/"))
    narrow(page, "a cancelled slip")
    publish(event, status="cancelled")
    page.goto(form)
    narrow(page, "no form any more")


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
