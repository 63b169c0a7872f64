"""A question is read as it was meant, by rules and counts that stand here in full."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import vietnamese
from search.analysis import EXACT, MAX_QUERY_WORDS, PAIR
from search.understanding.lexicon import Lexicon, Row, compatible, entries
from search.understanding.plan import MAX_TERMS, Plan
from search.understanding.reading import understand
from search.understanding.spelling import by_ear, candidates, near, slip
from search.vocabulary import Words

CORPUS = (
    "đăng ký khai sinh dịch vụ công trực tuyến thương mại điện tử cấp lại thẻ căn cước công dân bảo hiểm y tế "
    "đăng ký kết hôn nộp hồ sơ trực tuyến xoài cát chợ phiên virus a4 đăng ký hộ kinh doanh kỹ thuật trồng điều"
)
_TOKENS = vietnamese.tokens(CORPUS)
_DOCUMENTS = {token.folded: 5 for token in _TOKENS} | {
    EXACT + t.exact: 5 for t in _TOKENS if t.exact != t.folded
}
WORDS = Words(50, _DOCUMENTS, frozenset(token.folded for token in _TOKENS))
_PAIRS = {PAIR + a.folded + b.folded: 4 for a, b in pairwise(_TOKENS)}
LEXICON = Lexicon.build(
    entries(
        [
            Row("abbreviation", ("DVC",), ("dịch vụ công",)),
            Row("thesaurus", ("mất căn cước", "làm lại căn cước"), ("cấp lại thẻ căn cước",)),
            Row("thesaurus", ("bán hàng trên mạng", "bán hàng online"), ("thương mại điện tử",), same=True),
            Row("dialect", ("kĩ thuật",), ("kỹ thuật",)),
            Row("dialect", ("dzụ",), ("vụ",)),
        ]
    ),
    ["làm thế nào để", "cho tôi hỏi"],
)


def pairs(terms: Iterable[str]) -> dict[str, int]:
    return {term: _PAIRS[term] for term in terms if term in _PAIRS}


def read(text: str, *, corrected: bool = True) -> Plan:
    return understand(text, lexicon=LEXICON, words=WORDS, pairs=pairs, corrected=corrected)


def folded(plan: Plan) -> str:
    return " ".join(word.folded for word in plan.words)


@pytest.mark.parametrize(
    "typed",
    [
        "đăng ký khai sinh",
        "dang ky khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "ddawng kys khai sinh",
        "d9a8ng ky1 khai sinh",
        "đăng kys khai sinh",
        "dangky khai sinh",
        "dangkykhaisinh",
        "dăngky khaisinh",
        "dang lý khai sihn",
        "danhg ky khai sinh",
        "dang ki khai sjnh",
    ],
)
def test_however_it_is_typed_it_is_one_question(typed: str) -> None:
    assert folded(read(typed)) in ("dang ky khai sinh", "dang ki khai sinh")


def test_what_was_read_is_said_only_where_it_differs() -> None:
    assert read("đăng ký khai sinh").read_as == ""
    assert read("ddawng kys khai sinh").read_as == "đăng ký khai sinh"
    assert not read("ddawng kys khai sinh").doubted
    assert read("đăng ký khai sihn").read_as == "đăng ký khai sinh"
    assert read("đăng ký khai sihn").doubted


def test_nothing_is_mended_for_who_wants_it_exactly() -> None:
    assert folded(read("dangky khai sihn", corrected=False)) == "dangky khai sihn"


@pytest.mark.parametrize("word", ["virus", "a4"])
def test_a_word_that_stands_in_pages_is_no_raw_input(word: str) -> None:
    assert folded(read(word)) == word


def test_raw_words_make_their_neighbours_raw() -> None:
    assert folded(read("dichj vuj coong")) == "dich vu cong"
    assert read("dichj vuj coong").words[2].exact != "cong"


def test_other_words_hang_on_the_words_that_they_replace() -> None:
    plan = read("mất căn cước thì làm sao")
    overlay = plan.overlays[0]
    assert [word.folded for word in plan.words[overlay.start : overlay.end]] == ["mat", "can", "cuoc"]
    assert [word.folded for word in overlay.words] == ["cap", "lai", "the", "can", "cuoc"]


def test_abbreviations_work_both_ways() -> None:
    assert [word.folded for word in read("nộp DVC").overlays[0].words] == ["dich", "vu", "cong"]
    assert [[w.folded for w in overlay.words] for overlay in read("dịch vụ công").overlays] == [["dvc"]]


def test_a_phrase_is_met_without_marks_but_not_with_others() -> None:
    assert read("ban hang tren mang").overlays
    assert not read("bàn hằng trên mạng").overlays


def test_words_that_say_nothing_may_stand_in_a_phrase() -> None:
    assert read("bán hàng ở trên mạng").overlays


def test_question_frames_are_left_out() -> None:
    assert folded(read("làm thế nào để đăng ký khai sinh")) == "dang ky khai sinh"
    assert folded(read("lam the nao de dang ky khai sinh")) == "dang ky khai sinh"


def test_spellings_by_ear_become_the_usual_ones() -> None:
    found = read("kĩ thuật trồng điều")
    assert folded(found) == "ky thuat trong dieu"
    assert found.read_as == "kỹ thuật trồng điều"
    assert folded(read("dịch dzụ công")) == "dich vu cong"


def test_who_leaves_marks_out_can_mean_any() -> None:
    typed, meant = vietnamese.tokens("đang")[0], vietnamese.tokens("đăng")[0]
    assert compatible(typed, meant)
    assert not compatible(vietnamese.tokens("đáng")[0], meant)


@pytest.mark.parametrize(
    ("typed", "meant", "dear"),
    [
        ("dihc", "dich", False),
        ("dich", "dich", False),
        ("dicch", "dich", False),
        ("dch", "dich", False),
        ("duch", "dich", False),
        ("dbch", "dich", True),
    ],
)
def test_a_slip_costs_less_where_the_finger_lies_near(typed: str, meant: str, dear: bool) -> None:
    cost = slip(typed, meant)
    assert cost is not None
    assert (cost > 4) is dear


def test_two_slips_are_too_many() -> None:
    assert slip("dhci", "dich") is None
    assert slip("abcd", "dich") is None


def test_neighbours_on_a_phone() -> None:
    assert near("i", "u")
    assert near("s", "x")
    assert not near("a", "p")


def test_sounds_that_are_one_somewhere() -> None:
    assert "xao" in by_ear("sao")
    assert "tre" in by_ear("che")
    assert candidates("sinhh", WORDS.likely).keys() >= {"sinh"}


any_text = st.text(max_size=300)


@settings(max_examples=200)
@given(any_text)
def test_anything_can_be_read(text: str) -> None:
    for corrected in (True, False):
        plan = read(text, corrected=corrected)
        assert len(plan.words) <= MAX_QUERY_WORDS
        assert len(plan.terms) <= MAX_TERMS
        for overlay in plan.overlays:
            assert 0 <= overlay.start < overlay.end <= len(plan.words)
        for a, b in plan.pairs:
            assert a != b
            assert {a, b} <= set(range(len(plan.words)))


@given(st.lists(st.sampled_from(CORPUS.split()), min_size=1, max_size=8))
def test_words_of_pages_are_never_mended_away(words: list[str]) -> None:
    plan = read(" ".join(words), corrected=False)
    assert {word.folded for word in plan.words} <= {vietnamese.fold(word) for word in words}
