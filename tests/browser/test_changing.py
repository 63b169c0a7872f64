"""People change what they registered, on one device and on two at once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import heading
from tests.browser.test_access import TOO_WIDE
from training_events.models import EventPage, Registration, RegistrationChange, SeatPool

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Any]

QUESTION = "Anh/chị bán mặt hàng nào?"
MEANWHILE = "Đăng ký đã được sửa sau khi anh/chị mở phiếu này."


def somebody() -> Registration:
    """Return a registration for one person in a class with a question of its own, answered."""
    event = EventPage.objects.get(slug="hop-tac-xa-len-san-dak-o")
    rows = Registration.objects.filter(pool__event_key=event.translation_key)
    return rows.confirmed().filter(organisation_name="")[0]


def path(row: Registration) -> str:
    return f"/dang-ky/xac-nhan/{row.token}/sua/"


def save(page: Any) -> None:
    page.get_by_role("main").get_by_role("button", name="Lưu").click()


def saved(page: Any) -> Any:
    """Save, wait for the slip that says so, and return its main part."""
    save(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Đã lưu thay đổi.")
    return main


def taken(row: Registration) -> int:
    return SeatPool.objects.get(pk=row.pool_id).taken


def changes(row: Registration) -> int:
    return RegistrationChange.objects.filter(registration=row, action="changed").count()


def test_people_come_and_go_and_answers_change(open_page: OpenPage) -> None:
    row = somebody()
    before, told = taken(row), row.answers.get(wording=QUESTION).shown
    said = next(text for text in ("Sầu riêng", "Hàng khác") if text != told)
    page = open_page(f"/dang-ky/xac-nhan/{row.token}/")
    page.get_by_role("link", name="Sửa thông tin", exact=True).click()
    expect(heading(page)).to_have_text("Sửa thông tin đăng ký")
    question = page.get_by_role("group", name=QUESTION)
    expect(question.get_by_label(told)).to_be_checked()
    question.get_by_label(said).check()
    page.get_by_label("Thêm bao nhiêu người?").select_option("1")
    main = saved(page)
    expect(main).to_contain_text("2 người")
    expect(main).to_contain_text(said)
    assert taken(row) == before + 1
    assert page.evaluate(TOO_WIDE) == []

    # back to the form that was sent: sending it once more adds nobody
    page.go_back()
    expect(page.get_by_role("group", name="Người thứ 2")).to_be_visible()
    saved(page)
    assert (taken(row), changes(row)) == (before + 1, 1)

    page.get_by_role("link", name="Sửa thông tin", exact=True).click()
    page.get_by_role("group", name="Người thứ 2").get_by_label("Họ và tên").fill("Lê Văn Cường")
    page.get_by_role("group", name="Người thứ 1").get_by_label("Không đi nữa").check()
    assert page.evaluate(TOO_WIDE) == []
    main = saved(page)
    expect(main).to_contain_text("1 người")
    row.refresh_from_db()
    assert [one.name for one in row.people] == ["Lê Văn Cường"]
    assert row.answers.get(wording=QUESTION).shown == said
    assert (taken(row), changes(row)) == (before, 2)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_from_before_another_change_changes_nothing(open_page: OpenPage, scripts: bool) -> None:
    row = somebody()
    before, old = taken(row), open_page(path(row), java_script_enabled=scripts)
    new = open_page(path(row))
    new.get_by_label("Email").fill("me@mau.example")
    new.get_by_label("Thêm bao nhiêu người?").select_option("2")
    saved(new)

    old.get_by_label("Số điện thoại", exact=True).fill("0900 000 987")
    old.get_by_label("Thêm bao nhiêu người?").select_option("1")
    save(old)
    expect(old.get_by_text(MEANWHILE)).to_be_visible()
    # it shows what is stored, and what was typed was not mixed in
    expect(old.get_by_label("Email")).to_have_value("me@mau.example")
    expect(old.get_by_label("Số điện thoại", exact=True)).to_have_value(row.shown_phone)
    expect(old.get_by_role("group", name="Người thứ 3")).to_be_visible()
    assert Registration.objects.get(pk=row.pk).phone == row.phone
    assert (taken(row), changes(row)) == (before + 2, 1)
    old.get_by_label("Số điện thoại", exact=True).fill("0900 000 987")
    saved(old)
    row.refresh_from_db()
    assert (row.phone, row.email, row.party_size) == ("+84900000987", "me@mau.example", 3)
    assert (taken(row), changes(row)) == (before + 2, 2)
