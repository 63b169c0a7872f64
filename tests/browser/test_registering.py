"""From a class to a seat, or to the waiting list, and back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.helpers import code_on, fill_in, form_path, heading, quick_forms, stop_the_clock, until
from tests.browser.test_access import TOO_WIDE
from tests.factories.training_events import make_registration
from tests.site.kinds import full_event, open_event
from training_events import proof, spam
from training_events.models import Message, Occasion, Registration, SeatPool
from training_events.services import delivery
from training_events.services.registration import cancel

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

    # back to correct the number: the page is fetched anew, says what was sent, and asks before it registers twice
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("Máy này vừa gửi một phiếu đăng ký lớp này")
    fill_in(page, "Nguyễn Thị Mẫu", "0900 000 124", people=2)
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    question = page.locator("[data-error-summary]")
    expect(question).to_contain_text("Nguyễn Thị Mẫu vừa được đăng ký lớp này trên máy này")
    expect(page.get_by_label("Số điện thoại", exact=True)).to_have_value("0900 000 124")
    assert (taken(), Registration.objects.count()) == (before + 2, rows + 1)
    question.get_by_role("link", name="Sửa đăng ký đã có").click()
    expect(page.get_by_label("Số điện thoại", exact=True)).to_have_value("0900 000 123")

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


#: Forms that are sent get nowhere and are counted, as on a dead line. (Playwright itself waits for navigations that hang.)
DEAD_LINE = """() => {
    window.tries = 0;
    window.cut = (event) => { if (!event.defaultPrevented) { event.preventDefault(); window.tries += 1; } };
    addEventListener("submit", window.cut);
}"""


def test_on_a_dead_line_the_button_comes_back_and_sending_again_is_one_registration(
    open_page: OpenPage,
) -> None:
    page = open_page(form_path())
    fill_in(page, "Phùng Thị Mẫu", "0900 000 987")
    page.evaluate(DEAD_LINE)
    stop_the_clock(page)
    button = page.locator("[data-sending]")

    def tap(tries: int) -> None:
        button.dispatch_event("click")
        assert page.evaluate("window.tries") == tries
        expect(button).to_have_text("Đang gửi …")
        expect(button).to_have_attribute("aria-disabled", "true")

    def is_live() -> None:
        expect(button).to_have_text("Đăng ký")
        expect(button).not_to_have_attribute("aria-disabled", "true")

    tap(tries=1)
    page.clock.run_for(9_000)
    tap(tries=1)
    page.clock.run_for(1_000)
    is_live()
    tap(tries=2)
    # back from a next page, with this one kept as it was left
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    is_live()
    page.evaluate("removeEventListener('submit', window.cut)")
    button.click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert Registration.objects.filter(phone="+84900000987").count() == 1


def test_an_answer_lost_on_the_way_leads_to_the_one_registration(open_page: OpenPage) -> None:
    page = open_page(form_path())
    rows = Registration.objects.count()
    fill_in(page, "Hoàng Thị Mẫu", "0900 000 986")
    lost: list[int] = []

    def lose(route: Any) -> None:
        """Let the server take the form and its answer get lost, once."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("aborted")
        else:
            route.continue_()

    page.route(f"**{form_path()}", lose)
    stop_the_clock(page)
    button = page.locator("[data-sending]")
    button.dispatch_event("click")
    until(page, lambda: bool(lost))
    assert (lost, Registration.objects.count()) == ([302], rows + 1)
    expect(button).to_have_text("Đang gửi …")
    page.clock.run_for(10_000)
    expect(button).to_have_text("Đăng ký")
    button.click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert code_on(page) == Registration.objects.get(phone="+84900000986").code
    assert Registration.objects.count() == rows + 1


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


def last_seats_of(party: int) -> Registration:
    """Let one party of several have the last seats of the class that is full, and nobody wait; return that party."""
    rows = Registration.objects.filter(pool__event_key=full_event().translation_key)
    for row in [*rows.waiting(), *rows.confirmed()[:party]]:
        cancel(row, now=timezone.now())
    return make_registration(full_event(), party_size=party, phone="+84900000789")


def test_a_household_waits_together_and_moves_up_together(open_page: OpenPage) -> None:
    leaving = last_seats_of(3)
    page = open_page(f"/dang-ky/{full_event().pk}/")
    fill_in(page, "Điểu Thị Mẫu", "0900 000 321", people=3)
    page.get_by_label("Họ tên những người đi cùng").fill("Điểu Văn Mẫu\nĐiểu Thị Em")
    page.get_by_role("button", name="Vào danh sách chờ").click()
    expect(heading(page)).to_have_text("Anh/chị đã vào danh sách chờ")
    expect(page.get_by_role("main")).to_contain_text("Thứ tự chờ của anh/chị: 1.")
    household = Registration.objects.get(phone="+84900000321")
    assert page.url.endswith(f"/{household.token}/")

    other = open_page("/dang-ky/tra-cuu/", java_script_enabled=False)
    other.get_by_label("Mã đăng ký").fill(leaving.code.lower())
    other.get_by_label("4 số cuối của số điện thoại").fill("0789")
    other.get_by_role("main").get_by_role("button", name="Tra cứu").click()
    expect(other.get_by_role("main")).to_contain_text("3 người")
    other.get_by_role("link", name="Hủy đăng ký").click()
    other.get_by_role("button", name="Hủy đăng ký").click()
    expect(heading(other)).to_have_text("Đã hủy đăng ký")

    # the secret link, opened again on a phone that has never seen it
    phone = open_page(f"/dang-ky/xac-nhan/{household.token}/")
    expect(heading(phone)).to_have_text("Anh/chị đã có chỗ")
    expect(phone.locator(".code-slip")).to_contain_text("3 người")
    expect(phone.get_by_role("main")).to_contain_text("Điểu Thị Em")
    assert code_on(phone) == household.code
    assert phone.evaluate(TOO_WIDE) == []
    message = Message.objects.get(registration=household, occasion=Occasion.MOVED_UP)
    delivery.send(message.pk, now=timezone.now())
    message.refresh_from_db()
    # without an email address staff read it out on the telephone
    assert message.needs_staff
    assert household.shown_code in message.text
    assert "đã xếp 3 chỗ" in message.text


NUMBERS = ["hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


@pytest.fixture
def attacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first form on that is sent, forms have to prove that a person sends them."""
    monkeypatch.setattr(spam, "EVENT_FORMS", 0)
    monkeypatch.setattr(proof, "MAX_NUMBER", 5_000)


def send_under_attack(page: Any) -> Any:
    """Send a filled form, which comes back with everything that was typed; return the part that wants a proof."""
    fill_in(page, "Phan Thị Mẫu", "0900 000 654", people=2)
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(page.locator("[data-proof]")).to_be_visible()
    expect(page.get_by_label("Số điện thoại", exact=True)).to_have_value("0900 000 654")
    assert not Registration.objects.filter(phone="+84900000654").exists()
    return page.locator("[data-proof]")


@pytest.mark.usefixtures("attacked")
def test_under_attack_the_phone_proves_that_a_person_sends_the_form(open_page: OpenPage) -> None:
    page = open_page(f"/dang-ky/{open_event().pk}/")
    box = send_under_attack(page)
    # sent before the number is found, it goes out as soon as it is
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    page = open_page(f"/dang-ky/{open_event().pk}/")
    box = page.locator("[data-proof]")
    expect(box.get_by_role("status")).to_have_text("Đã kiểm tra xong. Anh/chị gửi phiếu được rồi.")
    expect(box.get_by_role("textbox")).to_be_hidden()
    fill_in(page, "Phan Văn Mẫu", "0900 000 655")
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert Registration.objects.filter(phone__in=["+84900000654", "+84900000655"]).count() == 2


@pytest.mark.usefixtures("attacked")
def test_under_attack_a_plain_question_stands_in_for_the_script(open_page: OpenPage) -> None:
    page = open_page(f"/dang-ky/{open_event().pk}/", java_script_enabled=False)
    box = send_under_attack(page)
    question = box.locator("label").inner_text()
    first, second = re.search(r"(\w+) cộng (\w+)", question).groups()  # type: ignore[union-attr]
    right = 4 + NUMBERS.index(first) + NUMBERS.index(second)
    expect(box.get_by_role("link")).to_have_attribute("href", re.compile("tel:"))
    box.get_by_role("textbox").fill(str(right + 1))
    with page.expect_navigation():  # the page that is left says the same
        page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(box).to_contain_text("Anh/chị trả lời câu này rồi gửi lại phiếu.")
    expect(box.locator("label")).to_have_text(question)
    box.get_by_role("textbox").fill(str(right))
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    expect(heading(page)).to_have_text("Anh/chị đã có chỗ")
    assert Registration.objects.get(phone="+84900000654").party_size == 2
