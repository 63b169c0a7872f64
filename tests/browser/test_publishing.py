"""A communications officer writes a bulletin with a picture, looks at it, publishes it; residents find it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect
from wagtail.models import Page

from tests.browser.helpers import heading

pytestmark = pytest.mark.browser

PASSWORD = "mot-mat-khau-du-dai"
TITLE = "Bản tin số 12/2026: học nhóm ở nhà văn hóa"
ALTERNATIVE = "Ba người ngồi quanh một bàn, cùng nhìn điện thoại"


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A picture that the sample does not have."""
    file = tmp_path / "buoi-hoc.jpg"
    Image.new("RGB", (1200, 675), "#1C6547").save(file)
    return file


def make_publisher() -> None:
    """Make a user with no rights but those of the office's group."""
    user = get_user_model().objects.create_user(
        "can-bo", password=PASSWORD, first_name="Cán bộ", last_name="Mẫu"
    )
    user.groups.add(Group.objects.get(name="Phụ trách – Chuyển đổi số Bù Gia Mập"))


def signed_in(open_page: Callable[..., Any]) -> Any:
    """Return the first page that a publisher sees."""
    make_publisher()
    page = open_page(reverse("wagtailadmin_home"), desktop=True)
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    return page


def choose_new_picture(page: Any, file: Path) -> None:
    """Upload ``file`` in the picture chooser and describe it."""
    page.get_by_role("button", name="Chọn hình").first.click()
    dialog = page.locator(".modal-content")
    dialog.get_by_role("tab", name="Tải lên").click()
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.locator("[name$=-title]")).to_have_value("buoi-hoc")
    dialog.locator("[name$=-title]").fill("Buổi học nhóm")
    dialog.locator("[name$=-description]").fill(ALTERNATIVE)
    dialog.get_by_role("button", name="Tải lên").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Buổi học nhóm")


def test_an_officer_publishes_a_bulletin_with_a_picture(
    open_page: Callable[..., Any], photograph: Path
) -> None:
    page = signed_in(open_page)
    page.get_by_role("link", name="Soạn bản tin").click()
    page.wait_for_url(re.compile("/add/"))  # and its scripts: a chooser that is clicked before does nothing

    page.locator("#id_title").fill(TITLE)
    page.locator("#id_intro").fill("Tối thứ Ba, ai chưa quen máy cứ tới. Có người ngồi cùng.")
    page.locator("#id_number").fill("12")
    choose_new_picture(page, photograph)
    page.locator("button.c-sf-add-button").first.click()
    page.locator("[name=items-0-value-title]").fill("Lớp tối mở lại")
    text = page.locator("[data-contentpath=items] [contenteditable=true]").first
    text.click()
    page.keyboard.type("Bà con mang điện thoại đã sạc đầy.")

    page.get_by_role("button", name="Mở hoặc đóng xem trước").click()
    preview = page.frame_locator("[data-preview-iframe], iframe[id^=w-preview], .w-preview iframe").last
    expect(preview.locator("h1")).to_contain_text("học nhóm ở nhà văn hóa")
    expect(preview.locator("main")).to_contain_text("Lớp tối mở lại")
    # the editor hands its text over a moment after it was typed
    expect(preview.locator("main")).to_contain_text("Bà con mang điện thoại đã sạc đầy.")

    page.get_by_role("button", name="Thao tác khác").click()
    page.get_by_role("button", name="Xuất bản", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(TITLE)
    expect(page.locator(".messages .success")).to_be_visible()

    visitor = open_page("/tin-tuc/ban-tin/")
    visitor.locator("main .card a").first.click()
    expect(heading(visitor)).to_contain_text(TITLE)
    expect(visitor.get_by_role("img", name=ALTERNATIVE)).to_be_visible()
    expect(visitor.locator("main")).to_contain_text("Bà con mang điện thoại đã sạc đầy.")
    assert re.search(r"/tin-tuc/[a-z0-9-]+/$", visitor.url)

    # By name: a script turns its role from a search box into a combo box.
    box = visitor.get_by_role("search").locator("[name=q]")
    box.fill("hoc nhom o nha van hoa")
    box.press("Enter")
    expect(visitor.locator(".search-result__title").first).to_contain_text("học nhóm ở nhà văn hóa")

    other = open_page("/tin-tuc/", host="da-kia.localhost")
    expect(heading(other)).to_be_visible()
    expect(other.locator("main")).not_to_contain_text("học nhóm ở nhà văn hóa")


def test_publishing_waits_for_the_first_draft_whose_answer_is_slow(open_page: Callable[..., Any]) -> None:
    """The page has been made by then: sent before the answer it would be a second one with the same address, and refused."""
    page = signed_in(open_page)
    page.get_by_role("link", name="Viết bài").click()
    page.wait_for_url(re.compile("/add/"))
    saved: list[tuple[Any, Any]] = []

    def hold_back(route: Any) -> None:
        if "json" in route.request.headers.get("accept", "") and not saved:
            saved.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(re.compile(r"/pages/add/\w+/\w+/\d+/$"), hold_back)
    page.locator("#id_title").fill("Lịch đổi thẻ bảo hiểm y tế")
    for day in range(2, 60):  # the editor looks for changes only once it has drawn itself
        page.locator("#id_intro").fill(f"Từ ngày {day}.")
        page.wait_for_timeout(800)
        if saved:
            break
    assert [answer.status for _route, answer in saved] == [200]

    page.get_by_role("button", name="Thao tác khác").click()
    page.get_by_role("button", name="Xuất bản", exact=True).click()
    page.wait_for_timeout(1000)
    assert "/add/" in page.url
    for route, answer in saved:
        route.fulfill(response=answer)
    expect(page.locator(".messages .success")).to_contain_text("Lịch đổi thẻ bảo hiểm y tế")
    assert [made.live for made in Page.objects.filter(slug__startswith="lich-doi-the-bao-hiem")] == [True]
