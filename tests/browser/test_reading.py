"""Residents read, filter, search, change the language; with a phone, with a keyboard, without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import code_on, fill_in, form_path, heading, quick_forms

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Any]


def test_a_resident_reads_a_bulletin_from_the_home_page(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator("main").get_by_role("link", name=re.compile("Bản tin số")).first.click()
    expect(heading(page)).to_contain_text("Bản tin số")
    assert "/tin-tuc/" in page.url
    expect(page.locator(".breadcrumbs")).to_be_visible()
    expect(page.locator("main h2").nth(1)).to_be_visible()
    page.get_by_role("link", name="Tin tức").first.click()
    expect(heading(page)).to_have_text("Tin tức")


def test_news_are_filtered_by_place_and_the_filter_is_lifted(open_page: OpenPage) -> None:
    page = open_page("/tin-tuc/")
    count = page.locator(".result-count").inner_text()
    page.locator(".filters summary").click()
    page.get_by_label("Địa bàn").select_option(label="Xã Đắk Ơ")
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page.locator(".active-filters")).to_contain_text("Xã Đắk Ơ")
    expect(page).to_have_url(re.compile("dia-ban=dak-o"))
    expect(page.locator(".result-count")).not_to_have_text(count)
    expect(page.locator("main article.card").first).to_be_visible()
    page.get_by_role("link", name="Bỏ lọc tất cả").click()
    expect(page.locator(".active-filters")).to_have_count(0)
    expect(page.locator(".result-count")).to_have_text(count)


def test_a_guide_is_found_without_accents(open_page: OpenPage) -> None:
    page = open_page("/")
    box = page.get_by_role("search").get_by_role("combobox")
    box.fill("dich vu cong")
    box.press("Enter")
    expect(heading(page)).to_have_text("Tìm kiếm")
    titles = page.locator(".search-result__title a")
    expect(titles.first).to_be_visible()
    expect(page.locator(".search-result mark").first).to_be_visible()
    guide = (
        page.locator(".search-result", has=page.get_by_text("Hướng dẫn", exact=True)).locator("h2 a").first
    )
    title = guide.inner_text()
    guide.click()
    expect(heading(page)).to_have_text(title)
    assert "/huong-dan/" in page.url


def test_the_language_changes_on_the_same_page(open_page: OpenPage) -> None:
    page = open_page("/huong-dan/dich-vu-cong-tai-nha/kich-hoat-vneid/")
    page.get_by_role("banner").get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/guides/public-services-at-home/activate-vneid/$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".menu-toggle")).to_have_text("Menu")
    page.get_by_role("banner").get_by_role("link", name="Tiếng Việt").click()
    expect(page).to_have_url(re.compile("/huong-dan/dich-vu-cong-tai-nha/kich-hoat-vneid/$"))
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.goto(page.url.replace("/huong-dan/dich-vu-cong-tai-nha/kich-hoat-vneid/", "/tin-tuc/ban-tin/"))
    page.get_by_role("banner").get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/news/ban-tin/$"))


def test_everything_works_without_scripts(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    quick_forms(monkeypatch)
    page = open_page("/", java_script_enabled=False)
    menu = page.locator(".site-nav")
    expect(menu).to_be_hidden()
    page.locator(".menu-toggle summary").click()
    menu.get_by_role("link", name="Tin tức").click()
    expect(heading(page)).to_have_text("Tin tức")
    page.locator(".filters summary").click()
    page.get_by_label("Trụ cột").select_option(index=1)
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page.locator(".active-filters")).to_be_visible()
    page.get_by_role("search").get_by_role("searchbox").fill("vneid")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.locator(".search-result").first).to_be_visible()
    page.goto(re.sub(r"(http://[^/]+).*", rf"\1{form_path()}", page.url))
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Anh/chị ghi giúp họ và tên.")
    fill_in(page, "Nguyễn Văn Mẫu", "0900 000 001")
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert re.fullmatch(r"[A-Z0-9]{7}", code_on(page))


def test_everything_is_reached_with_the_keyboard(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_forms(monkeypatch)
    page = open_page("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến thẳng nội dung")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#noi-dung")).to_be_focused()

    page.locator(".menu-toggle summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".site-nav")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".site-nav a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".menu-toggle summary")).to_be_focused()

    page.get_by_role("search").get_by_role("combobox").focus()
    page.keyboard.type("vneid")
    page.keyboard.press("Enter")
    expect(page.locator(".search-result").first).to_be_visible()

    page.goto(re.sub(r"(http://[^/]+).*", rf"\1{form_path()}", page.url))
    page.get_by_label("Họ và tên anh/chị").focus()
    page.keyboard.type("Trần Thị Mẫu")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Số điện thoại", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0900000002")
    page.get_by_label("Tôi đồng ý để").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
