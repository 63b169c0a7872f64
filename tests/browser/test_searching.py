"""Residents search: with suggestions and a keyboard, with filters on a phone, without scripts, on a weak line."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from search.models import AskedQuestion
from tests.browser.helpers import heading, stop_the_clock, until
from tests.browser.test_access import TOO_WIDE, complaints_of

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Any]
BOX = "#tim-dau-trang"


def search_box(page: Any, box: str = BOX) -> Any:
    """Return a search box of which its script has taken hold."""
    found = page.locator(box)
    expect(found).to_have_role("combobox")
    return found


def type_in(page: Any, text: str, box: str = BOX) -> Any:
    """Type into a search box, all at once, so that one question is asked; return its list of suggestions."""
    search_box(page, box).fill(text)
    return page.locator(f"{box}-goi-y")


def questions_of(page: Any) -> list[str]:
    """Return a list to which every question for suggestions is added when it is asked."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/goi-y/" in request.url else None)
    return asked


def settle(page: Any) -> None:
    """Return when every request that the page has begun is known: a later one was answered."""
    page.clock.run_for(1_000)
    with page.expect_response("**/healthz"):
        page.evaluate("fetch('/healthz').then(() => true)")


def test_suggestions_are_chosen_with_arrows_and_enter(open_page: OpenPage) -> None:
    page = open_page("/")
    box = search_box(page)
    expect(box).to_have_attribute("aria-expanded", "false")
    options = type_in(page, "dich vu").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text(re.compile(r"Có \d gợi ý"))
    assert 1 < options.count() <= 8
    assert all(row["height"] >= 44 for row in (option.bounding_box() for option in options.all()))

    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    page.keyboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")  # past the last: back to what was typed
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_value("dich vu")

    assert not complaints_of(page)
    expect(options.first).to_contain_text("Dịch vụ công trực tuyến")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Dịch vụ công trực tuyến")
    expect(page.locator(".search-result").nth(1)).to_be_visible()


def test_escape_closes_the_list_and_enter_asks_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/")
    suggestions = type_in(page, "dich vu")
    expect(suggestions).to_be_visible()
    page.keyboard.press("Escape")
    expect(suggestions).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("dich vu")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tim-kiem/\?q=dich\+vu$"))
    expect(page.locator(".search-result").first).to_be_visible()


def test_a_suggestion_is_tapped(open_page: OpenPage) -> None:
    page = open_page("/", has_touch=True)
    option = type_in(page, "kich hoat").get_by_role("option").first
    title = option.locator(".search-suggest__text").inner_text()
    option.tap()
    expect(heading(page)).to_have_text(title)


def test_recent_searches_stay_on_the_device_until_they_are_forgotten(open_page: OpenPage) -> None:
    page = open_page("/")
    for box, text, asked in (
        (BOX, "vneid", "vneid"),
        ("#tim-kiem", "0912 345 678", r"0912\+345\+678"),
        ("#tim-kiem", "hạt điều", "h%E1%BA%A1t"),
    ):
        search_box(page, box).fill(text)
        page.locator(box).press("Enter")
        expect(page).to_have_url(re.compile(f"q={asked}"))
    page.get_by_role("banner").get_by_role("link").first.click()
    # the page that is left has such a box as well
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))
    box = search_box(page)
    sent: list[str] = []
    asking = {"fetch", "xhr", "ping"}  # pictures of the page may still be coming
    page.on("request", lambda request: sent.append(request.url) if request.resource_type in asking else None)
    box.focus()
    options = page.locator(f"{BOX}-goi-y").get_by_role("option")
    # the telephone number is not among them
    expect(options.locator(".search-suggest__text")).to_have_text(["hạt điều", "vneid"])
    assert not sent
    page.get_by_role("button", name="Xóa những lần tìm trên máy này").click()
    expect(page.get_by_role("search").first.get_by_role("status")).to_have_text("Đã xóa.")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    search_box(page).focus()
    expect(options).to_have_count(0)


def test_everything_else_works_where_storage_is_blocked(open_page: OpenPage) -> None:
    page = open_page("/gioi-thieu/")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
    )
    page.reload()
    type_in(page, "dich vu")
    expect(page.locator(f"{BOX}-goi-y").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".search-result").first).to_be_visible()


@pytest.mark.parametrize("line", ["{ saveData: true }", "{ effectiveType: '2g' }"])
def test_a_frugal_line_is_left_alone(open_page: OpenPage, line: str) -> None:
    page = open_page("/gioi-thieu/")
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ get: () => ({line}) }})")
    page.reload()
    stop_the_clock(page)
    asked = questions_of(page)
    type_in(page, "dich vu cong")
    settle(page)
    assert asked == []


def test_letters_typed_in_a_go_are_one_question(open_page: OpenPage) -> None:
    page = open_page("/gioi-thieu/")
    stop_the_clock(page)
    asked = questions_of(page)
    search_box(page).press_sequentially("dich vu cong truc tuyen")
    with page.expect_response("**/goi-y/*"):
        page.clock.run_for(200)
    expect(page.locator(f"{BOX}-goi-y").get_by_role("option").first).to_be_visible()
    settle(page)
    assert len(asked) == 1


def test_a_failure_is_silent_and_old_answers_are_dropped(open_page: OpenPage) -> None:
    page = open_page("/gioi-thieu/")
    stop_the_clock(page)
    page.route("**/goi-y/*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        suggestions = type_in(page, "dich vu")
        page.clock.run_for(200)
    settle(page)
    expect(suggestions).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("dich vu")
    page.unroute("**/goi-y/*")

    # a slow answer to what was typed before comes after the answer to what stands there now
    late: list[Any] = []
    page.route(re.compile(r"/goi-y/\?q=dich$"), lambda route: late.append(route))
    type_in(page, "dich")
    page.clock.run_for(200)
    until(page, lambda: bool(late))
    with page.expect_response("**/goi-y/*"):
        type_in(page, "dich vu cong")
        page.clock.run_for(200)
    first = suggestions.get_by_role("option").first
    expect(first).to_contain_text("Dịch vụ công")
    row = {"text": "Câu trả lời cũ", "url": "/", "kind": "page", "label": ""}
    late[0].fulfill(json={"q": "dich", "suggestions": [row]})
    settle(page)
    expect(first).to_contain_text("Dịch vụ công")

    # back to what was asked before while another question is under way: its end does not close the list
    page.route(re.compile(r"/goi-y/\?q=dich\+vu\+x"), lambda route: late.append(route))
    type_in(page, "dich vu xa")
    page.clock.run_for(200)
    until(page, lambda: len(late) == 2)
    type_in(page, "dich vu cong")
    settle(page)
    expect(first).to_contain_text("Dịch vụ công")

    # Escape: the list does not open again, neither with a question that waits nor with an answer on its way
    asked = questions_of(page)
    type_in(page, "dich vu y te")
    page.keyboard.press("Escape")
    settle(page)
    assert not asked
    page.route(re.compile(r"/goi-y/\?q=khai$"), lambda route: late.append(route))
    type_in(page, "khai")
    page.clock.run_for(200)
    until(page, lambda: len(late) == 3)
    page.keyboard.press("Escape")
    late[2].fulfill(json={"q": "khai", "suggestions": [row]})
    settle(page)
    expect(suggestions).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("khai")


def test_filters_on_a_phone_do_not_push_the_results_away(open_page: OpenPage) -> None:
    page = open_page("/tim-kiem/?q=dich+vu")
    first = page.locator(".search-result").first
    expect(first).to_be_in_viewport()
    expect(page.locator(".filters__form")).to_be_hidden()
    total = page.locator(".search-count strong").inner_text()
    page.locator(".filters__toggle summary").click()
    page.get_by_label("Loại nội dung").select_option("huong-dan")
    page.get_by_label("Thời gian").select_option("2024")
    page.get_by_role("button", name="Xem kết quả").click()
    chips = page.locator(".active-filters__chip")
    expect(chips).to_have_count(2)
    assert int(page.locator(".search-count strong").inner_text()) < int(total)
    page.get_by_role("link", name="Mới nhất").click()
    expect(page).to_have_url(re.compile("xep=moi-nhat"))
    expect(chips).to_have_count(2)
    chips.first.click()
    expect(chips).to_have_count(1)
    expect(page).to_have_url(re.compile("xep=moi-nhat"))
    page.set_viewport_size({"width": 320, "height": 640})
    page.locator(".filters__toggle summary").click()
    assert page.evaluate(TOO_WIDE) == []
    type_in(page, "dich vu", "#tim-kiem")
    expect(page.locator("#tim-kiem-goi-y").get_by_role("option").first).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []


def test_an_opened_result_is_counted_without_a_cookie(open_page: OpenPage) -> None:
    page = open_page("/tim-kiem/?q=vneid")
    row = page.locator("li[data-page]", has=page.locator(".search-result")).nth(1)
    rank, link = int(str(row.get_attribute("data-rank"))), row.locator(".search-result__title a")
    target = str(link.get_attribute("href"))
    link.click()
    expect(page).to_have_url(re.compile(f"{re.escape(target)}$"))
    # the count travels beside the new page, nobody waits for it
    until(page, lambda: AskedQuestion.objects.get(key="vneid").clicks == 1)
    assert AskedQuestion.objects.get(key="vneid").ranks == rank
    assert page.context.cookies() == []


def test_searching_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/tim-kiem/?q=dich+vu", desktop=True, java_script_enabled=False)
    expect(page.get_by_role("combobox", name="Tìm trên website")).to_have_count(0)
    expect(page.locator(".search-suggest")).to_have_count(0)
    page.get_by_label("Loại nội dung").select_option(index=1)
    page.locator(".filters__days summary").click()
    page.get_by_label("Từ ngày").fill("2024-01-01")
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page.locator(".active-filters__chip")).to_have_count(2)
    expect(page.locator(".search-result").first).to_be_visible()
    page.locator("#tim-kiem").fill("khongcogi xyzw")
    page.locator("main").get_by_role("button", name="Tìm kiếm").click()
    expect(page.locator(".search-nothing")).to_be_visible()
    expect(page.locator("main .contact-box")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("desktop", [False, True])
def test_axe_finds_nothing_with_everything_open(open_page: OpenPage, scheme: str, desktop: bool) -> None:
    page = open_page("/tim-kiem/?q=thuong+mai+dien+tu&tu=2023-01-01", desktop=desktop, color_scheme=scheme)
    if not desktop:
        page.locator(".filters__toggle summary").click()
    type_in(page, "dich vu", "#tim-kiem")
    expect(page.locator("#tim-kiem-goi-y").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert complaints_of(page) == []
