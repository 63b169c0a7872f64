"""The forms in which questions are typed are what people's keyboards really give."""

import unicodedata

import pytest

from tests.search.quality import kinds
from tests.search.quality.judging import HERE, identifiers, read, with_forms


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("unaccented", "duong day nong dich vu cong"),
        ("upper", "ĐƯỜNG DÂY NÓNG DỊCH VỤ CÔNG"),
        ("telex", "dduowngf daay nongs dichj vuj coong"),
        ("vni", "duong972 da6y nong1 dich5 vu5 cong6"),
        ("partial", "duong dây nong dich vu công"),
    ],
)
def test_typed_as_people_do(form: str, typed: str) -> None:
    assert kinds.FORMS[form]("đường dây nóng dịch vụ công") == typed


@pytest.mark.parametrize(
    ("word", "options", "keys"),
    [
        ("đăng", {}, "ddawng"),
        ("đăng", {"marks": "late"}, "dangdw"),
        ("công", {"marks": "late"}, "congo"),
        ("người", {}, "nguowif"),
        ("hóa", {"tone": "inline"}, "hosa"),
        ("tuyến", {"marks": "late"}, "tuyenes"),
        ("Đất", {}, "DDaats"),
        ("CT07", {}, "CT07"),
    ],
)
def test_telex(word: str, options: dict[str, str], keys: str) -> None:
    assert kinds.telex_word(word, **options) == keys


@pytest.mark.parametrize(
    ("word", "late", "keys"),
    [("thường", True, "thuong72"), ("thường", False, "thu7o7ng2"), ("điện", False, "d9ie6n5")],
)
def test_vni(word: str, late: bool, keys: str) -> None:
    assert kinds.vni_word(word, late=late) == keys


@pytest.mark.parametrize(
    ("word", "other"), [("hòa", "hoà"), ("toàn", "tòan"), ("của", "cuả"), ("quý", "quý"), ("giá", "giá")]
)
def test_the_tone_moves_to_another_vowel(word: str, other: str) -> None:
    assert kinds.misplaced(word) == other


def test_letters_are_put_together_again() -> None:
    text = "Ứng dụng điện tử: quyền, nghĩa vụ, gìn giữ, thuở, khuỷu"
    assert kinds.spell(kinds.letters(unicodedata.normalize("NFD", text))) == text


def test_slips_change_one_word_and_stay_the_same() -> None:
    for question in ("đăng ký thường trú", "dịch vụ công trực tuyến", "bảo hiểm y tế hộ gia đình"):
        typed = kinds.slip(question)
        assert typed == kinds.slip(question)
        pairs = list(zip(typed.split(), question.split(), strict=True))
        changed = [pair for pair in pairs if kinds.unaccented(pair[0]) != kinds.unaccented(pair[1])] or [
            pair for pair in pairs if pair[0] != pair[1]
        ]
        assert len(changed) == 1


def test_judgments_name_documents_of_ours_or_numbers_of_the_others() -> None:
    own = identifiers(HERE / "documents.jsonl")
    assert len(own) >= 110
    for name in ("queries.jsonl", "real_queries.jsonl"):
        questions = read(HERE / name)
        assert len({question.qid for question in questions}) == len(questions) >= 200
        for question in questions:
            assert question.kind in kinds.KINDS
            assert bool(question.grades) == (question.kind != "nonsense"), question.qid
            assert set(question.grades.values()) <= {1, 2, 3}
            assert all(key in own for key in question.grades if key.startswith("d")), question.qid


def test_every_question_in_full_spelling_is_asked_in_a_dozen_ways() -> None:
    questions = with_forms(read(HERE / "queries.jsonl", identifiers(HERE / "documents.jsonl")))
    for kind in kinds.FORMS:
        assert sum(question.kind == kind for question in questions) >= 50, kind
