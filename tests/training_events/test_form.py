"""The registration form as a resident meets it: sent once or twice, wrong or right, with whatever can be typed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from core import offices
from core.models import OfficeSettings
from home.models import StandardPage
from tests.factories.core import home_of, make_office, make_place
from tests.factories.training_events import DAY, make_event, make_registration, publish
from training_events import form_key
from training_events.models import EventPage, Question, Registration, SeatPool
from training_events.views import register

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=3, max_party=3)


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill forms at the pace of a person."""
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)


def filled(event: EventPage, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Nguyễn Văn An",
        "phone": "0912 345 678",
        "party_size": "1",
        "consent": "on",
        "key": form_key.make(event.translation_key),
        **changes,
    }


def url(event: EventPage) -> str:
    return f"/dang-ky/{event.pk}/"


def text_of(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_the_form_asks_little_ticks_nothing_and_is_never_cached(client: Client, event: EventPage) -> None:
    response = client.get(url(event))
    page = text_of(response)
    assert re.findall(r"<(?:input|select)[^>]* required", page) == re.findall(
        r'<(?:input|select)[^>]*name="(?:name|phone|party_size|consent)"[^>]* required', page
    )
    assert not re.search(r"<input[^>]*type=\"checkbox\"[^>]* checked", page)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert "UBND xã Mẫu" in page
    assert 'content="noindex' in page


def test_the_form_leads_to_the_page_on_personal_data(client: Client, site: Site, event: EventPage) -> None:
    page = StandardPage(title="Quyền riêng tư", slug="rieng-tu", locale=event.locale)
    home_of(site).add_child(instance=page)
    OfficeSettings.objects.filter(site=site).update(privacy_page=page)
    offices.forget()
    assert 'href="/rieng-tu/"' in text_of(client.get(url(event)))


def test_name_and_phone_are_enough(client: Client, event: EventPage) -> None:
    response = client.post(url(event), filled(event))
    row = Registration.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/dang-ky/xac-nhan/{row.token}/"
    assert (row.phone, row.contact_name, row.status) == ("+84912345678", "Nguyễn Văn An", "confirmed")
    assert row.consent_version
    assert "UBND xã Mẫu" in row.consent_text
    assert row.consented_at is not None
    page = text_of(client.get(response["Location"]))
    assert row.shown_code in page
    assert "Anh/chị đã có chỗ" in page
    assert "0912 345 678" in page


def test_what_is_stored_is_the_sentence_that_stood_beside_the_box(client: Client, event: EventPage) -> None:
    read = client.get(url(event)).context["form"]
    sent = filled(event, agreed=read["agreed"].value())
    publish(event, keep_days=7)
    back = client.post(url(event), sent)
    assert "Anh/chị đánh dấu vào ô đồng ý." in text_of(back)
    assert not Registration.objects.exists()
    fresh = back.context["form"]
    assert not fresh["consent"].value()
    assert fresh.consent_text != read.consent_text
    assert fresh.consent_text in unescape(back.content.decode())
    client.post(url(event), sent | {"agreed": fresh["agreed"].value()})
    assert Registration.objects.get().consent_text == fresh.consent_text


def test_sending_twice_gives_one_registration(client: Client, event: EventPage) -> None:
    data = filled(event)
    first, second = client.post(url(event), data), client.post(url(event), data)
    assert first["Location"] == second["Location"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_a_correction_on_a_form_that_was_sent_is_not_lost_unseen(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    event = make_event(site, max_party=3, questions=[Question(label="Dùng máy gì?", kind="text")])
    answer = f"q-{event.questions.get().translation_key.hex}"
    first = {"email": "an@example.vn", "party_size": "2", "other_names": "Bình", answer: "Nokia"}
    data = filled(event, place=str(make_place("Đắk Ơ").pk), **first)
    slip = client.post(url(event), data)["Location"]
    if at_once:
        # both requests pass the first look
        monkeypatch.setattr(register, "sent_before", lambda key: None)
    assert client.post(url(event), data)["Location"] == slip
    corrections = [
        {"email": "an2@example.vn"}, {"place": ""}, {"other_names": "Bính"}, {"party_size": "3"}, {answer: "Oppo"}, {answer: ""},
    ]  # fmt: skip
    for corrected in corrections:
        response = client.post(url(event), data | corrected)
        assert response["Location"] == f"{slip}?chua-luu=1", corrected
    page = text_of(client.get(response["Location"]))
    assert "Những chỗ anh/chị vừa sửa trên phiếu chưa được lưu." in page
    assert re.search(rf'class="message message--warning".*href="{slip}sua/"', page, re.DOTALL)
    row = Registration.objects.get()
    assert (row.version, row.email, row.party_size) == (1, "an@example.vn", 2)
    assert [one.name for one in row.people] == ["Nguyễn Văn An", "Bình"]
    assert row.answers.get().shown == "Nokia"


def test_a_sent_form_changed_for_somebody_else_is_not_swallowed(client: Client, event: EventPage) -> None:
    data = filled(event)
    client.post(url(event), data)
    data |= {"name": "Trần Thị Bình", "phone": "0987654321"}
    response = client.post(url(event), data)
    assert "Phiếu này đã gửi cho Nguyễn Văn An" in text_of(response)
    data["key"] = re.search(r'name="key" value="([^"]+)"', text_of(response))[1]  # type: ignore[index]
    assert client.post(url(event), data).status_code == 302
    assert Registration.objects.count() == 2


def test_the_same_person_again_is_asked_and_may_insist(client: Client, event: EventPage) -> None:
    client.post(url(event), filled(event))
    again = filled(event, name="NGUYEN VAN AN", phone="+84 912 345 678")
    response = client.post(url(event), again)
    page = text_of(response)
    assert "Anh/chị đã đăng ký lớp này" in page
    assert Registration.objects.get().code not in page.replace(" ", "")
    assert Registration.objects.count() == 1
    assert client.post(url(event), again | {"again": "1"}).status_code == 302
    assert Registration.objects.count() == 2


def test_a_family_may_share_a_phone(client: Client, event: EventPage) -> None:
    client.post(url(event), filled(event))
    assert client.post(url(event), filled(event, name="Nguyễn Thị Hoa")).status_code == 302


def test_a_cancelled_registration_is_no_duplicate(client: Client, event: EventPage) -> None:
    location = client.post(url(event), filled(event))["Location"]
    client.post(f"{location}huy/")
    assert client.post(url(event), filled(event)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Anh/chị ghi giúp họ và tên."),
        ({"name": "12345"}, "Anh/chị ghi họ và tên bằng chữ."),
        ({"name": "😀"}, "Anh/chị ghi họ và tên bằng chữ."),
        ({"name": "a" * 10_000}, "100"),
        ({"name": "An\x00"}, "null"),
        ({"phone": ""}, "Anh/chị ghi giúp số điện thoại"),
        ({"phone": "0912"}, "Số điện thoại chưa đúng."),
        ({"phone": "không có"}, "Số điện thoại chưa đúng."),
        ({"phone": "9" * 10_000}, "30"),
        ({"phone": "0912345678\x00"}, "null"),
        ({"party_size": "4"}, "Anh/chị chọn một số trong danh sách."),
        ({"party_size": "-1"}, "Anh/chị chọn một số trong danh sách."),
        ({"party_size": "٣"}, "Anh/chị chọn một số trong danh sách."),
        ({"party_size": "2", "other_names": "A\nB\nC"}, "Số tên ghi ở đây nhiều hơn"),
        ({"other_names": "x\x00"}, "null"),
        ({"place": "999999"}, "Anh/chị chọn một xã, phường trong danh sách"),
        ({"place": "abc"}, "Anh/chị chọn một xã, phường trong danh sách"),
        ({"email": "ten@"}, "Địa chỉ email chưa đúng"),
        ({"consent": ""}, "Anh/chị đánh dấu vào ô đồng ý."),
        ({"website": "http://example.vn"}, "Ô cuối của phiếu phải để trống."),
        ({"key": ""}, "Phiếu mở đã lâu hoặc đã thay đổi."),
        ({"key": "made-up:1abc:signature"}, "Phiếu mở đã lâu hoặc đã thay đổi."),
        ({"key": "\x00"}, "Phiếu mở đã lâu hoặc đã thay đổi."),
    ],
)
def test_wrong_answers_are_explained_and_nothing_typed_is_lost(
    client: Client, event: EventPage, changes: dict[str, str], sentence: str
) -> None:
    response = client.post(url(event), filled(event, **{"email": "an@example.vn", **changes}))
    page = text_of(response)
    assert response.status_code == 200
    assert sentence in page or (sentence == "null" and "field--error" in page)
    assert "data-error-summary" in page
    if "email" not in changes:
        assert 'value="an@example.vn"' in page
    assert not Registration.objects.exists()


def test_decomposed_letters_and_long_but_real_names_pass(client: Client, event: EventPage) -> None:
    name = "Nguyễn Thị Ngọc Ánh"
    assert client.post(url(event), filled(event, name=f"  {name}  ")).status_code == 302
    assert Registration.objects.get().contact_name == "Nguyễn Thị Ngọc Ánh"


def test_a_form_sent_within_a_moment_comes_back_filled_and_passes_later(
    client: Client, event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", 3)
    data = filled(event)
    page = text_of(client.post(url(event), data))
    assert "Phiếu gửi nhanh quá." in page
    assert 'value="Nguyễn Văn An"' in page
    later = form_key.time.time() + 5
    monkeypatch.setattr(form_key.time, "time", lambda: later)
    assert client.post(url(event), data).status_code == 302


def test_a_key_belongs_to_one_event(client: Client, site: Site, event: EventPage) -> None:
    other = make_event(site)
    page = text_of(client.post(url(event), filled(other)))
    assert "Phiếu mở đã lâu hoặc đã thay đổi." in page


def test_a_full_event_puts_the_next_on_the_waiting_list_and_says_so(client: Client, event: EventPage) -> None:
    make_registration(event, party_size=3)
    assert "Vào danh sách chờ" in text_of(client.get(url(event)))
    page = text_of(client.post(url(event), filled(event), follow=True))
    assert "Anh/chị đã vào danh sách chờ" in page
    assert "Thứ tự chờ của anh/chị: 1." in page


def test_a_group_too_large_without_waiting_list_is_told_how_many_seats_are_left(
    client: Client, site: Site
) -> None:
    event = make_event(site, seats=2, max_party=3, waiting_list=False)
    page = text_of(client.post(url(event), filled(event, party_size="3")))
    assert "Chỉ còn 2 chỗ. Anh/chị chọn số người ít hơn." in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "cancelled"}, "Lớp này không tổ chức nữa."),
        ({"status": "postponed"}, "Lớp tạm hoãn."),
        ({"staff_only": True}, "Lớp dành cho cán bộ, công chức"),
        ({"registration_opens_at": timezone.now() + DAY}, "Mở đăng ký từ"),
        ({"registration_closes_at": timezone.now() - DAY}, "Đã đóng đăng ký lúc"),
        ({"days": -5}, "Lớp đã kết thúc."),
        ({"seats": 0, "waiting_list": False}, "Lớp đã đủ người và không nhận danh sách chờ."),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_event_without_a_form_says_why_and_leads_on(
    client: Client, site: Site, fields: dict[str, Any], sentence: str, method: str
) -> None:
    event = make_event(site, **fields)
    response = client.get(url(event)) if method == "get" else client.post(url(event), filled(event))
    page = text_of(response)
    assert response.status_code == 200
    assert sentence in page
    assert "Xem các lớp khác" in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "path", ["/dang-ky/999999/", "/dang-ky/999999/lich.ics", "/dang-ky/xac-nhan/khong-co/"]
)
def test_what_does_not_exist_is_not_found(client: Client, site: Site, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unpublished_event_takes_nobody(client: Client, event: EventPage) -> None:
    event.unpublish()
    assert client.get(url(event)).status_code == 404
    assert client.post(url(event), filled(event)).status_code == 404


def test_a_request_without_csrf_token_is_refused(event: EventPage) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(event), filled(event)).status_code == 403
    assert not Registration.objects.exists()


def test_the_commune_can_be_named(client: Client, event: EventPage) -> None:
    place = make_place("Đắk Ơ")
    client.post(url(event), filled(event, place=str(place.pk)))
    assert Registration.objects.get().place == place


# --- the registration's own page ---


def test_cancelling_asks_first_and_frees_the_seat(client: Client, event: EventPage) -> None:
    location = client.post(url(event), filled(event, party_size="2"))["Location"]
    assert "Hủy đăng ký?" in text_of(client.get(f"{location}huy/"))
    assert SeatPool.objects.get().taken == 2
    page = text_of(client.post(f"{location}huy/", follow=True))
    assert "Đã hủy đăng ký" in page
    assert SeatPool.objects.get().taken == 0
    assert client.post(f"{location}huy/").status_code == 302


def test_who_waits_may_leave_the_waiting_list(client: Client, event: EventPage) -> None:
    make_registration(event, party_size=3)
    location = client.post(url(event), filled(event))["Location"]
    behind = make_registration(event)
    assert "Rút khỏi danh sách chờ" in text_of(client.get(location))
    assert "Rút khỏi danh sách chờ?" in text_of(client.get(f"{location}huy/"))
    client.post(f"{location}huy/")
    assert (behind.position, SeatPool.objects.get().taken) == (1, 3)


def test_nothing_is_cancelled_once_the_event_has_begun(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    SeatPool.objects.update(starts_at=timezone.now() - DAY / 24)
    client.post(f"/dang-ky/xac-nhan/{row.token}/huy/")
    row.refresh_from_db()
    assert row.is_confirmed


@pytest.mark.parametrize("end", ["", "huy/"])
def test_personal_pages_are_kept_and_listed_nowhere(client: Client, event: EventPage, end: str) -> None:
    row = make_registration(event)
    response = client.get(f"/dang-ky/xac-nhan/{row.token}/{end}")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    head = text_of(response).partition("</head>")[0]
    assert row.token not in head
    assert row.contact_name not in head


def test_a_slip_outlives_its_page(client: Client, event: EventPage) -> None:
    row = make_registration(event)
    event.delete()
    page = text_of(client.get(f"/dang-ky/xac-nhan/{row.token}/"))
    assert "Dùng VNeID" in page
    assert row.shown_code in page


# --- looking up ---


def look_up(client: Client, code: str, digits: str) -> Any:
    return client.post("/dang-ky/tra-cuu/", {"code": code, "digits": digits})


def test_code_and_last_digits_open_the_registration(client: Client, event: EventPage) -> None:
    row = make_registration(event, phone="+84912345678")
    response = look_up(client, f" {row.shown_code.lower()} ", "5678")
    assert response["Location"] == f"/dang-ky/xac-nhan/{row.token}/"


def test_wrong_digits_and_unknown_codes_get_the_same_answer(client: Client, event: EventPage) -> None:
    row = make_registration(event, phone="+84912345678")
    pages = [text_of(look_up(client, code, "0000")) for code in (row.code, "ZZZZZZZ")]
    for page in pages:
        assert "Không tìm thấy đăng ký nào có mã và 4 số cuối này." in page


def test_a_code_is_not_tried_without_end_and_others_are_not_locked_out(
    client: Client, event: EventPage
) -> None:
    row, other = (
        make_registration(event, phone="+84912345678"),
        make_registration(event, phone="+84912340000"),
    )
    for _ in range(10):
        look_up(client, row.code, "0000")
    response = look_up(client, row.code, "5678")
    assert response.status_code == 429
    assert "15 phút" in text_of(response)
    assert look_up(client, other.code, "0000").status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"code": "\x00", "digits": "\x00"},
        {"code": "😀", "digits": "abcd"},
        {"code": "A" * 10_000, "digits": "1" * 10_000},
    ],
)
def test_nonsense_is_answered_in_words(client: Client, event: EventPage, data: dict[str, str]) -> None:
    response = client.post("/dang-ky/tra-cuu/", data)
    assert response.status_code == 200
    assert "data-error-summary" in text_of(response)


# --- offices ---


@pytest.mark.parametrize("shared", [True, False])
def test_the_code_of_a_class_of_the_province_leads_there_from_the_commune(
    client: Client, site: Site, commune: Site, shared: bool
) -> None:
    row = make_registration(make_event(site, shared=shared), phone="+84912345678")
    host = {"headers": {"host": "da-kia.localhost"}}
    page = text_of(client.post("/dang-ky/tra-cuu/", {"code": row.code, "digits": "5678"}, **host))
    link = f'href="http://localhost/dang-ky/xac-nhan/{row.token}/"'
    assert (link in page, "Không tìm thấy đăng ký nào" in page) == (shared, not shared)
    wrong = text_of(client.post("/dang-ky/tra-cuu/", {"code": row.code, "digits": "0000"}, **host))
    assert row.token not in wrong
    # one code has as many tries on all websites together
    for _ in range(9):
        client.post("/dang-ky/tra-cuu/", {"code": row.code, "digits": "0000"}, **host)
    assert look_up(client, row.code, "5678").status_code == 429


@pytest.fixture
def commune(site: Site) -> Site:
    return make_office("da-kia.localhost", title="Xã Đa Kia", shares_from=site)


def test_the_other_office_neither_takes_nor_shows_registrations(
    client: Client, event: EventPage, commune: Site
) -> None:
    row = make_registration(event, phone="+84912345678")
    host = {"headers": {"host": "da-kia.localhost"}}
    assert client.get(url(event), **host).status_code == 404
    assert client.post(url(event), filled(event), **host).status_code == 404
    assert client.get(f"/dang-ky/{event.pk}/lich.ics", **host).status_code == 404
    assert client.get(f"/dang-ky/xac-nhan/{row.token}/", **host).status_code == 404
    assert client.post(f"/dang-ky/xac-nhan/{row.token}/huy/", **host).status_code == 404
    answer = client.post("/dang-ky/tra-cuu/", {"code": row.code, "digits": "5678"}, **host)
    assert "Không tìm thấy đăng ký nào" in text_of(answer)


def test_a_shared_event_is_registered_for_at_its_own_office(
    client: Client, site: Site, commune: Site
) -> None:
    event = make_event(site, shared=True)
    host = {"headers": {"host": "da-kia.localhost"}}
    for response in (client.get(url(event), **host), client.post(url(event), filled(event), **host)):
        page = text_of(response)
        assert "Lớp do đơn vị khác tổ chức" in page
        assert f'href="{site.root_url}/dang-ky/{event.pk}/"' in page
    assert not Registration.objects.exists()
    assert OfficeSettings.for_site(commune).shares_from == site


# --- messages ---


def test_an_email_is_sent_only_where_an_address_was_given(
    client: Client, event: EventPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(event), filled(event))
        client.post(url(event), filled(event, name="Lê Thị Mai", email="mai@example.vn"))
    assert [message.to for message in mail.outbox] == [["mai@example.vn"]]
    row = Registration.objects.get(email="mai@example.vn")
    assert row.shown_code in mail.outbox[0].body
    assert row.token in mail.outbox[0].body
    assert mail.outbox[0].subject == "Anh/chị đã có chỗ: Dùng VNeID"


def test_a_party_that_moves_up_is_told(event: EventPage, django_capture_on_commit_callbacks: Any) -> None:
    from training_events.services.registration import cancel

    first = make_registration(event, party_size=3)
    with django_capture_on_commit_callbacks(execute=True):
        make_registration(event, email="mai@example.vn")
        cancel(first, now=timezone.now())
    assert [message.subject for message in mail.outbox][-1] == "Anh/chị đã được xếp chỗ: Dùng VNeID"
    assert "đã được xếp chỗ" in mail.outbox[-1].body


def test_a_queue_that_fails_does_not_break_the_registration(
    client: Client,
    event: EventPage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from training_events import tasks

    def broken(*args: Any) -> None:
        raise OSError("queue is down")

    monkeypatch.setattr(tasks, "send_message", type("Broken", (), {"enqueue": staticmethod(broken)}))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url(event), filled(event, email="mai@example.vn"))
    assert response.status_code == 302
    assert "could not be queued" in caplog.text
    assert "mai@example.vn" not in caplog.text
    assert "912345678" not in caplog.text
