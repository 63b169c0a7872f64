"""Passages: the right place, marked, and never unsafe."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese
from search.highlight import Highlighter
from search.understanding.plan import Overlay, Plan
from search.understanding.reading import plain_plan


def shown(text: str, typed: str) -> str:
    return Highlighter(plain_plan(typed)).passage(text)


@pytest.mark.parametrize("typed", ["đăng ký", "dang ky", "ĐĂNG KÝ", "đằng kỳ"])
def test_matches_are_marked_whatever_their_marks(typed: str) -> None:
    assert shown("Bà con đăng ký tại xã.", typed) == "Bà con <mark>đăng ký</mark> tại xã."


def test_other_marks_are_left_alone_where_the_very_word_stands() -> None:
    assert shown("Bạn bè bán hàng.", "bán") == "Bạn bè <mark>bán</mark> hàng."


def test_a_word_without_its_neighbour_is_left_alone() -> None:
    found = shown("Người đang chờ thì đăng ký ở bàn. Kỹ sư giúp.", "dang ky")
    assert found == "Người đang chờ thì <mark>đăng ký</mark> ở bàn. Kỹ sư giúp."


def test_the_passage_with_most_words_of_the_question_wins() -> None:
    text = (
        "Lớp tập huấn. " + "Từ khác ở đây. " * 40 + "Lớp tập huấn bán điều trên mạng. " + "Từ khác nữa. " * 40
    )
    found = shown(text, "tập huấn bán điều")
    assert "<mark>tập huấn bán điều</mark>" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(re.sub("<[^>]+>", "", found).split()) < 60


@pytest.mark.parametrize("typed", ["CCCD", "cccd"])
def test_other_words_for_what_was_asked_are_marked_as_a_whole(typed: str) -> None:
    plain = plain_plan(f"mất {typed}")
    plan = Plan(
        plain.words, plain.pairs, (Overlay(1, 2, tuple(vietnamese.tokens("căn cước công dân")), 0.95),)
    )
    found = Highlighter(plan).passage("Công dân đến xã. Bà con làm mất căn cước công dân thì báo ngay.")
    assert found == "… Bà con làm <mark>mất căn cước công dân</mark> thì báo ngay."
    found = Highlighter(plan).passage("Thẻ CCCD và căn cước công dân là một.")
    assert found == "Thẻ <mark>CCCD</mark> và <mark>căn cước công dân</mark> là một."


def test_no_match_no_passage() -> None:
    assert shown("Giá hạt điều", "robot") == ""
    assert shown("", "robot") == ""
    assert shown("Giá hạt điều. " * 100, "…") == ""


def test_text_without_blanks_stays_short() -> None:
    assert len(shown("điều" + "x" * 50_000, "dieu")) <= 700
    assert len(shown("hạt điều " + "x" * 50_000, "hat dieu")) <= 700


@given(st.text(max_size=300), st.text(max_size=30))
def test_the_marked_text_is_the_text_escaped(text: str, typed: str) -> None:
    from django.utils.html import escape

    html = Highlighter(plain_plan(typed)).marked(text)
    assert html.replace("<mark>", "").replace("</mark>", "") == escape(text)
    assert html.count("<mark>") == html.count("</mark>")


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_passage_holds_no_other_tag(text: str, typed: str) -> None:
    assert not re.search(r"<(?!/?mark>)", Highlighter(plain_plan(typed)).passage(text))
