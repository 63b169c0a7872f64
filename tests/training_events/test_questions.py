"""An event's own questions: asked in order, stored with their words, never reinterpreted by an edit."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Site
from wagtail_localize.models import Translation, TranslationSource

from tests.factories.core import make_place
from tests.factories.training_events import make_event, make_event_index, publish
from training_events import form_key, sensitivity
from training_events.models import Answer, EventPage, Participant, Question, Registration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu", "languages": ("vi", "en")}


def question(label: str = "Anh/chị dùng điện thoại gì?", **fields: Any) -> Question:
    options = fields.pop("options", [])
    return Question(label=label, options=[{"type": "option", "value": text} for text in options], **fields)


def name_of(one: Question, prefix: str = "") -> str:
    return f"{prefix}q-{one.translation_key.hex}"


def text_of(response: Any) -> str:
    return response.content.decode()


def filled(event: EventPage, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Nguyễn Văn An",
        "phone": "0912 345 678",
        "party_size": "1",
        "blocks": "1",
        "consent": "on",
        "key": form_key.make(event.translation_key),
        **changes,
    }


def send(client: Client, event: EventPage, **changes: Any) -> Any:
    return client.post(f"/dang-ky/{event.pk}/", filled(event, **changes))


def only(event: EventPage) -> Question:
    return event.questions.get()


def change_url(row: Registration) -> str:
    return f"/dang-ky/xac-nhan/{row.token}/sua/"


def stored_form(client: Client, row: Registration) -> dict[str, Any]:
    """Return what the change form would send back untouched, as a browser does."""
    form = client.get(change_url(row)).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.html_name] = "on"
        elif value not in (None, False, ""):
            data[bound.html_name] = value
    return data


@pytest.mark.parametrize(
    ("kind", "sent", "value", "shown"),
    [
        ("text", "  Vinaphone ", "Vinaphone", "Vinaphone"),
        ("long_text", "Một\r\nhai", "Một\nhai", "Một\nhai"),
        ("number", "1.500", 1500, "1500"),
        ("number", "2,5", 2.5, "2,5"),
        ("date", "25/11/2026", "2026-11-25", "25/11/2026"),
        ("date", "2026-11-25", "2026-11-25", "25/11/2026"),
        ("yes_no", "no", False, "Không"),
    ],
)
def test_answers_are_stored_as_values_and_in_words(
    client: Client, site: Site, kind: str, sent: str, value: Any, shown: str
) -> None:
    event = make_event(site, questions=[question(kind=kind, required=True)])
    one = only(event)
    assert send(client, event, **{name_of(one): sent}).status_code == 302
    answer = Answer.objects.get()
    assert (answer.value, answer.shown) == (value, shown)
    assert (answer.question_key, answer.wording) == (one.translation_key, one.label)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("text", "x" * 201),
        ("text", "a\x00b"),
        ("number", "nhiều"),
        ("number", "1e400"),
        ("number", "٣"),
        ("date", "31/02/2026"),
        ("date", "\x00"),
        ("yes_no", "có thể"),
        ("choice", "khác"),
        ("place", "999999"),
    ],
)
def test_wrong_answers_are_explained_beside_the_field_and_nothing_is_lost(
    client: Client, site: Site, kind: str, sent: str
) -> None:
    event = make_event(site, questions=[question(kind=kind, options=["Có", "Không"])])
    response = send(client, event, **{name_of(only(event)): sent}, email="an@example.vn")
    page = text_of(response)
    assert response.status_code == 200
    assert f'id="id_{name_of(only(event))}_error"' in page
    assert 'value="an@example.vn"' in page
    assert not Registration.objects.exists()


def test_a_required_question_is_required_and_others_are_not(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Bắt buộc?", required=True), question("Tùy ý?")])
    first, _second = event.questions.order_by("sort_order")
    assert "Anh/chị trả lời giúp câu này." in text_of(send(client, event))
    assert send(client, event, **{name_of(first): "Có"}).status_code == 302
    assert Answer.objects.get().wording == "Bắt buộc?"


def test_several_options_and_a_commune_keep_their_keys(client: Client, site: Site) -> None:
    place = make_place("Đắk Ơ")
    event = make_event(
        site, questions=[question("Học gì?", kind="choices", options=["Zalo", "VNeID", "Bán hàng"]),
                         question("Quê ở đâu?", kind="place")],
    )  # fmt: skip
    choices, home = event.questions.order_by("sort_order")
    keys = [block.id for block in choices.options]
    send(client, event, **{name_of(choices): [keys[0], keys[2]], name_of(home): str(place.pk)})
    answers = {one.question_key: one for one in Answer.objects.all()}
    assert [key for key, _text in answers[choices.translation_key].value] == [keys[0], keys[2]]
    assert answers[choices.translation_key].shown == "Zalo; Bán hàng"
    assert answers[home.translation_key].value == str(place.translation_key)
    assert answers[home.translation_key].shown == "Đắk Ơ"


def test_an_edit_of_the_question_neither_orphans_nor_reinterprets_answers(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Có máy tính không?", kind="yes_no", required=True)])
    key = only(event).translation_key
    send(client, event, **{name_of(only(event)): "yes"})
    row = Registration.objects.get()
    one = only(event)
    one.label = "Có cần mượn máy tính không?"
    event = publish(event, questions=[question("Mới?"), one])
    assert Question.objects.get(label__startswith="Có cần").translation_key == key
    answer = Answer.objects.get()
    assert (answer.wording, answer.shown) == ("Có máy tính không?", "Có")
    slip = text_of(client.get(f"/dang-ky/xac-nhan/{row.token}/"))
    assert "Có máy tính không?" in slip
    assert "Có cần mượn" not in slip
    # the change form does not fill the old yes in below the new words; left empty, it stays what it was
    form = client.get(change_url(row)).context["form"]
    assert form[name_of(one)].value() is None
    assert "Có máy tính không?" in form[name_of(one)].help_text
    client.post(change_url(row), stored_form(client, row))
    assert (Answer.objects.get().wording, Answer.objects.get().shown) == ("Có máy tính không?", "Có")
    client.post(change_url(row), {**stored_form(client, row), name_of(one): "no"})
    assert (Answer.objects.get().wording, Answer.objects.get().shown) == (
        "Có cần mượn máy tính không?",
        "Không",
    )


def test_the_same_answer_to_other_words_is_a_new_answer(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Có máy tính không?", kind="yes_no")])
    one = only(event)
    send(client, event, **{name_of(one): "yes"})
    row = Registration.objects.get()
    one.label = "Có cần mượn máy tính không?"
    publish(event, questions=[one])
    client.post(change_url(row), {**stored_form(client, row), name_of(one): "yes"})
    assert (Answer.objects.get().wording, Answer.objects.get().shown) == (one.label, "Có")


def test_an_option_that_was_reworded_is_not_filled_in_for_those_who_chose_the_old_words(
    client: Client, site: Site
) -> None:
    event = make_event(site, questions=[question("Buổi?", kind="choice", options=["Sáng", "Chiều"])])
    one = only(event)
    morning, afternoon = [block.id for block in one.options]
    send(client, event, **{name_of(one): morning})
    row = Registration.objects.get()
    one.options = [
        {"type": "option", "value": "Tối", "id": morning},
        {"type": "option", "value": "Chiều", "id": afternoon},
    ]
    publish(event, questions=[one])
    form = client.get(change_url(row)).context["form"]
    assert not form[name_of(one)].value()
    assert "Sáng" in form[name_of(one)].help_text
    client.post(change_url(row), {**stored_form(client, row), "email": "an@example.vn"})
    assert Answer.objects.get().shown == "Sáng"
    client.post(change_url(row), {**stored_form(client, row), name_of(one): morning})
    assert Answer.objects.get().value == [[morning, "Tối"]]


def test_another_kind_of_answer_leaves_the_earlier_one_readable(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Nhà có mấy máy?")])
    one = only(event)
    send(client, event, **{name_of(one): "hai cái"})
    row = Registration.objects.get()
    one.kind = "number"
    publish(event, questions=[one])
    form = client.get(change_url(row)).context["form"]
    assert form[name_of(one)].value() is None
    assert "hai cái" in form[name_of(one)].help_text
    client.post(change_url(row), {**stored_form(client, row), "email": "an@example.vn"})
    assert (Answer.objects.get().kind, Answer.objects.get().shown) == ("text", "hai cái")
    client.post(change_url(row), {**stored_form(client, row), name_of(one): "2"})
    assert (Answer.objects.get().kind, Answer.objects.get().value) == ("number", 2)


def test_a_question_that_is_gone_leaves_its_answers(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Học buổi nào?")])
    send(client, event, **{name_of(only(event)): "Sáng"})
    row = Registration.objects.get()
    publish(event, questions=[])
    page = text_of(client.get(change_url(row)))
    assert "Những câu không còn hỏi nữa" in page
    assert "Học buổi nào?" in page
    client.post(change_url(row), {**stored_form(client, row), "name": "Nguyễn Văn Ân"})
    assert Answer.objects.get().shown == "Sáng"


def test_an_option_taken_off_the_list_stays_with_those_who_chose_it(client: Client, site: Site) -> None:
    event = make_event(site, questions=[question("Buổi?", kind="choice", options=["Sáng", "Chiều", "Tối"])])
    one = only(event)
    morning, afternoon, _evening = [block.id for block in one.options]
    send(client, event, **{name_of(one): morning})
    row = Registration.objects.get()
    one.options = [
        {"type": "option", "value": "Buổi chiều", "id": afternoon},
        {"type": "option", "value": "Đêm"},
    ]
    publish(event, questions=[one])
    form = stored_form(client, row)
    assert form[name_of(one)] == morning
    client.post(change_url(row), {**form, "email": "an@example.vn"})
    assert Answer.objects.get().value == [[morning, "Sáng"]]
    assert morning not in text_of(client.get(f"/dang-ky/{event.pk}/"))


def test_each_participant_is_asked_without_a_script(client: Client, site: Site) -> None:
    event = make_event(
        site, ask_birth_year=True, questions=[question("Cỡ áo?", per_participant=True, required=True)]
    )
    one = only(event)
    first = name_of(one, "p1-")
    assert first in text_of(client.get(f"/dang-ky/{event.pk}/"))
    data = filled(event, party_size="2", **{first: "M"})
    page = text_of(client.post(f"/dang-ky/{event.pk}/", data))
    assert "Sắp xong" in page
    assert "Lỗi:" not in page.partition("</title>")[0]
    assert 'name="blocks" value="2"' in page
    assert not Registration.objects.exists()
    data |= {"blocks": "2"}
    assert "Anh/chị trả lời giúp câu này." in text_of(client.post(f"/dang-ky/{event.pk}/", data))
    data |= {name_of(one, "p2-"): "S", "p2-name": "Nguyễn Thị Hoa", "p2-year": "1985", "p1-year": ""}
    assert client.post(f"/dang-ky/{event.pk}/", data).status_code == 302
    people = list(Participant.objects.order_by("position"))
    assert [(row.name, row.birth_year) for row in people] == [
        ("Nguyễn Văn An", None),
        ("Nguyễn Thị Hoa", 1985),
    ]
    assert [row.answers.get().shown for row in people] == ["M", "S"]


@pytest.mark.parametrize("year", ["1899", "3000", "85", "abc", "\x00"])
def test_a_year_of_birth_is_a_year(client: Client, site: Site, year: str) -> None:
    event = make_event(site, ask_birth_year=True)
    page = text_of(send(client, event, **{"p1-year": year}))
    assert "Anh/chị ghi năm bằng 4 chữ số" in page or "null" in page
    assert not Registration.objects.exists()


def test_the_words_of_the_translation_are_asked_and_a_translation_is_no_edit(
    client: Client, site: Site, django_capture_on_commit_callbacks: Any
) -> None:
    event = make_event(site, questions=[question("Buổi nào?", kind="choice", options=["Sáng", "Chiều"])])
    english = Locale.objects.get(language_code="en")
    with django_capture_on_commit_callbacks(execute=True):
        for page in (make_event_index(site), event):
            source, _created = TranslationSource.update_or_create_from_instance(page)
            Translation.objects.get_or_create(source=source, target_locale=english)[0].save_target(
                publish=True
            )
    other = EventPage.objects.get(translation_key=event.translation_key, locale=english)
    one, translated = only(event), only(other)
    assert translated.translation_key == one.translation_key
    assert [block.id for block in translated.options] == [block.id for block in one.options]
    Question.objects.filter(pk=translated.pk).update(label="Which session?")
    send(client, event, **{name_of(one): one.options[1].id})
    row = Registration.objects.get()
    address = f"/en/dang-ky/xac-nhan/{row.token}/sua/"
    with translation.override("en"):
        form = client.get(address).context["form"]
    assert form[name_of(one)].label == "Which session?"
    assert form[name_of(one)].value() == one.options[1].id


# --- sensitive data ---


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dân tộc của anh/chị?", "ethnic"),
        ("Số CCCD", "identity"),
        ("Số căn cước công dân", "identity"),
        ("Anh chị có bệnh nền không", "health"),
        ("tinh trang suc khoe", "health"),
        ("Anh/chị có khuyết tật cần hỗ trợ?", "health"),
        ("Tôn giáo", "ethnic"),
        ("Anh/chị dùng máy gì?", ""),
        ("Đoàn thể cộng đồng", ""),
    ],
)
def test_sensitive_questions_are_noticed(text: str, kind: str) -> None:
    assert sensitivity.guess(text) == kind


def test_a_sensitive_question_needs_a_decision_and_a_reason(site: Site) -> None:
    event = make_event(site)
    one = question("Dân tộc của anh/chị?", page=event)
    with pytest.raises(ValidationError, match="dân tộc hoặc tôn giáo"):
        one.clean()
    one.sensitive = "ethnic"
    with pytest.raises(ValidationError, match="lý do"):
        one.clean()
    one.reason = "Để mời phiên dịch tiếng S'tiêng; chỉ ban tổ chức xem."
    one.clean()
    one.sensitive, one.reason = "no", ""
    one.clean()


def test_a_choice_needs_options(site: Site) -> None:
    with pytest.raises(ValidationError, match="ít nhất hai mục"):
        question("Buổi?", kind="choice", options=["Sáng"]).clean()


def test_the_person_asked_reads_why_and_the_history_does_not_repeat_the_answer(
    client: Client, site: Site
) -> None:
    event = make_event(
        site, questions=[question("Dân tộc?", sensitive="ethnic", reason="Để mời phiên dịch.", keep_days=7)]
    )
    one = only(event)
    assert "Vì sao hỏi: Để mời phiên dịch." in text_of(client.get(f"/dang-ky/{event.pk}/"))
    send(client, event, **{name_of(one): "S'tiêng"})
    row = Registration.objects.get()
    answer = Answer.objects.get()
    assert answer.sensitive == "ethnic"
    assert answer.keep_until is not None
    assert answer.keep_until < row.keep_until
    client.post(change_url(row), {**stored_form(client, row), name_of(one): "Kinh"})
    assert Answer.objects.get().shown == "Kinh"
    assert "tiêng" not in str(row.changes.get().details)


def test_keys_of_questions_are_no_way_in(client: Client, site: Site) -> None:
    """A made-up field is ignored: only what the event asks is stored."""
    event = make_event(site)
    assert send(client, event, **{f"q-{uuid.uuid4().hex}": "x"}).status_code == 302
    assert not Answer.objects.exists()


def test_the_form_names_no_field_twice(client: Client, site: Site) -> None:
    event = make_event(
        site, registrants="everybody", ask_birth_year=True, questions=[question(), question("Hai?")]
    )
    page = text_of(client.get(f"/dang-ky/{event.pk}/"))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
