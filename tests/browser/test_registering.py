"""From a class to a seat, or to the waiting list, and back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import code_on, fill_in, heading, quick_forms
from tests.site.kinds import full_event, open_event
from training_events.models import Registration, SeatPool

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Any]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_forms(monkeypatch)


def taken() -> int:
    return SeatPool.objects.get(event_key=open_event().translation_key).taken


def test_a_resident_gets_a_seat_looks_it_up_and_gives_it_back(open_page: OpenPage) -> None:
    page = open_page("/")
    before, rows = taken(), Registration.objects.count()
    page.locator("main .event-card a").first.click()
    expect(heading(page)).to_have_text(open_event().title)
    page.get_by_role("link", name="Đăng ký", exact=True).click()
    expect(heading(page)).to_have_text("Đăng ký lớp tập huấn")
    fill_in(page, "Nguyễn Thị Mẫu", "0900 000 123", people=2)
    page.get_by_label("Họ tên những người đi cùng").fill("Nguyễn Văn Em")
    page.get_by_role("main").get_by_role("button", name="Đăng ký").dblclick()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    code = code_on(page)
    assert re.fullmatch(r"[A-Z0-9]{7}", code)
    assert (taken(), Registration.objects.count()) == (before + 2, rows + 1)

    # back to the filled form: sending it again is the same registration
    page.go_back()
    page.get_by_role("main").get_by_role("button", name="Đăng ký").wait_for()
    fill_in(page, "Nguyễn Thị Mẫu", "0900 000 123", people=2)
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    page.wait_for_selector(".code-slip__code, [data-error-summary]")
    assert (taken(), Registration.objects.count()) == (before + 2, rows + 1)

    page.goto(re.sub(r"(http://[^/]+).*", r"\1/dang-ky/tra-cuu/", page.url))
    page.get_by_label("Mã đăng ký").fill(code.lower())
    page.get_by_label("4 số cuối của số điện thoại").fill("9999")
    page.get_by_role("main").get_by_role("button", name="Tra cứu").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.get_by_label("4 số cuối của số điện thoại").fill("0123")
    page.get_by_role("main").get_by_role("button", name="Tra cứu").click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert code_on(page) == code
    assert "0123" not in page.url
    assert code not in page.url

    page.get_by_role("link", name="Hủy đăng ký").click()
    page.get_by_role("button", name="Hủy đăng ký").click()
    expect(heading(page)).to_have_text("Đã hủy đăng ký")
    assert taken() == before


def test_a_full_class_leads_to_the_waiting_list(open_page: OpenPage) -> None:
    page = open_page("/tap-huan/")
    page.get_by_role("link", name=full_event().title).click()
    page.get_by_role("link", name="Vào danh sách chờ").click()
    expect(page.locator(".form")).to_contain_text("danh sách chờ")
    fill_in(page, "Lê Văn Mẫu", "0900 000 456")
    page.get_by_role("button", name="Vào danh sách chờ").click()
    expect(heading(page)).to_have_text("Anh/chị đã vào danh sách chờ")
    expect(page.get_by_role("main")).to_contain_text("Thứ tự chờ của anh/chị: 4.")
    row = Registration.objects.latest("pk")
    assert row.is_waiting
    assert row.phone == "+84900000456"


def test_errors_stand_beside_the_field_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page(f"/dang-ky/{open_event().pk}/")
    fill_in(page, "Phạm Thị Mẫu", "12345", people=3)
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#id_phone_error")).to_contain_text("Số điện thoại")
    expect(page.get_by_label("Họ và tên anh/chị")).to_have_value("Phạm Thị Mẫu")
    expect(page.get_by_label("Số điện thoại", exact=True)).to_have_value("12345")
    expect(page.get_by_label("Có mấy người đi học?")).to_have_value("3")
    assert not Registration.objects.filter(contact_name="Phạm Thị Mẫu").exists()
