"""The analysis: pure functions, whatever the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese
from search.analysis import EXACT, MAX_QUERY_WORDS, PAIR, index_terms
from search.understanding.reading import plain_plan

#: Letters as Vietnamese is written, among others.
vietnamese_text = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệỳýỷỹỵĐƯỜ 0123456789.,-", max_size=60
)
any_text = st.text(max_size=80)


def exact(text: str) -> list[str]:
    return [token.exact for token in vietnamese.tokens(text)]


def folded(text: str) -> list[str]:
    return [token.folded for token in vietnamese.tokens(text)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Dịch vụ công", ["dich", "vu", "cong"]),
        ("ĐĂNG KÝ", ["dang", "ky"]),
        ("VNeID 2.0", ["vneid", "2", "0"]),
        ("Nghị định 224/2026/NĐ-CP", ["nghi", "dinh", "224", "2026", "nd", "cp"]),
        ("\u200bđi\u00a0chợ\u2028xã", ["di", "cho", "xa"]),
        ("ｄịch", ["dich"]),
        ("🌾 … \u0301 \x00", []),
    ],
)
def test_words_are_folded(typed: str, words: list[str]) -> None:
    assert folded(typed) == words


def test_an_exact_form_tells_marks_apart_and_not_their_placement() -> None:
    assert exact("bán bàn bạn ban") == ["ban1", "ban2", "ban5", "ban"]
    assert exact("hoà") == exact("hòa")
    assert exact("đường") == ["d9u7o7ng2"]
    assert exact("dang") != exact("đang") != exact("đăng")


@given(any_text)
def test_fold_is_idempotent(text: str) -> None:
    once = vietnamese.fold(text)
    assert vietnamese.fold(once) == once


@given(vietnamese_text)
def test_composed_and_decomposed_text_are_alike(text: str) -> None:
    assert vietnamese.tokens(unicodedata.normalize("NFC", text)) == vietnamese.tokens(
        unicodedata.normalize("NFD", text)
    )


@given(vietnamese_text)
def test_upper_case_is_alike(text: str) -> None:
    assert vietnamese.tokens(text.upper()) == vietnamese.tokens(text)


@given(vietnamese_text)
def test_text_without_marks_has_the_same_folded_words(text: str) -> None:
    assert folded(vietnamese.fold(text)) == folded(text)


@given(any_text)
def test_any_text_is_accepted_and_terms_hold_no_syntax(text: str) -> None:
    for term in index_terms(text):
        body = term.removeprefix(EXACT).removeprefix(PAIR)
        assert body
        assert not set(body) & set("\"'*():^{}+-&|!\\ \x00")
    question = plain_plan(text)
    assert len(question.terms) <= 62
    assert len(question.words) <= MAX_QUERY_WORDS


@given(any_text)
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for span in vietnamese.spans(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


def test_a_question_drops_words_without_meaning_only_when_marks_show_them() -> None:
    asked = plain_plan("làm sao để đăng ký khai sinh cho con")
    assert [word.folded for word in asked.words] == ["lam", "dang", "ky", "khai", "sinh", "con"]
    assert [word.folded for word in plain_plan("cho phu nghia").words] == ["cho", "phu", "nghia"]
    assert [word.folded for word in plain_plan("là của").words] == ["la", "cua"]


def test_only_neighbours_make_pairs() -> None:
    asked = plain_plan("khai sinh cho con")
    assert [word.folded for word in asked.words] == ["khai", "sinh", "cho", "con"]
    asked = plain_plan("đăng ký cho con")
    assert asked.pairs == ((0, 1),)
