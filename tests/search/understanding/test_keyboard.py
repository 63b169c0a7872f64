"""What a keyboard without an input method leaves is read as what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese
from search.understanding import keyboard
from search.understanding.syllables import is_folded_syllable, is_syllable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dichj", "dịch"),
        ("dijch", "dịch"),
        ("vuj", "vụ"),
        ("ddawng", "đăng"),
        ("dawngd", "đăng"),
        ("ddangw", "đăng"),
        ("kys", "ký"),
        ("nghieepj", "nghiệp"),
        ("nghiepej", "nghiệp"),
        ("dduowngf", "đường"),
        ("duwowngfd", "đường"),
        ("nguwowif", "người"),
        ("quaans", "quấn"),
        ("thuer", "thuẻ"),
        ("trucwj", "trực"),
        ("giaays", "giấy"),
        ("thuowng", "thương"),
    ],
)
def test_telex_is_decoded(typed: str, meant: str) -> None:
    found = keyboard.decoded(typed)
    if is_syllable(meant):
        assert vietnamese.tokens(found or "") == vietnamese.tokens(meant)
    else:
        assert found in (None, vietnamese.fold(meant))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dich5", "dịch"),
        ("co6ng", "công"),
        ("cong6", "công"),
        ("d9a8ng", "đăng"),
        ("dang98", "đăng"),
        ("d9u7o7ng2", "đường"),
        ("duong972", "đường"),
        ("nghie65p", "nghiệp"),
        ("nguoi72", "người"),
    ],
)
def test_vni_is_decoded(typed: str, meant: str) -> None:
    assert vietnamese.tokens(keyboard.decoded(typed) or "") == vietnamese.tokens(meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("dịchj", "dịch"), ("đawng", "đăng"), ("đangw", "đăng"), ("thươnǵ", None)]
)
def test_half_converted_words_are_finished(typed: str, meant: str | None) -> None:
    assert keyboard.decoded(typed) == meant


@pytest.mark.parametrize(
    "word", ["khai", "sinh", "dịch", "vụ", "hoa", "quyền", "giặt", "nghiêng", "khuya", "mp3", "4g", "covid19"]
)
def test_what_is_a_word_or_none_at_all_is_left_alone(word: str) -> None:
    assert keyboard.decoded(word) is None


def test_a_hat_that_was_left_out_gives_the_word_without_marks_rather_than_a_wrong_one() -> None:
    assert keyboard.decoded("tuyesn") == "tuyen"


@given(st.text(max_size=12))
def test_any_text_is_accepted_and_what_comes_out_is_a_syllable(text: str) -> None:
    found = keyboard.decoded(text.lower())
    assert found is None or is_syllable(found) or is_folded_syllable(found)


_SYLLABLES = [
    "đường",
    "nghiệp",
    "quyền",
    "thuế",
    "giấy",
    "trực",
    "tuyến",
    "bảo",
    "hiểm",
    "xã",
    "huyện",
    "người",
    "khuyến",
    "đất",
    "ở",
    "ước",
]


@given(st.sampled_from(_SYLLABLES))
def test_the_syllables_of_the_language_are_known_with_and_without_marks(word: str) -> None:
    assert is_syllable(word)
    assert is_folded_syllable(vietnamese.fold(word))


@pytest.mark.parametrize("word", ["dichj", "asdf", "qwerty", "bcd", "zzz", "online", "nghg", "cạc~"])
def test_other_letters_are_no_syllable(word: str) -> None:
    assert not is_folded_syllable(word)


def test_a_stopped_syllable_bears_only_two_tones() -> None:
    assert is_syllable("học")
    assert is_syllable("cấp")
    assert not is_syllable("hòc")
