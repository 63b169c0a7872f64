"""Vietnamese text: folding, slugs and order, promised for composed, decomposed and mixed input."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import fold, slugify, sort_key, to_nfc

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĐĂÂÊÔƠƯ"
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Đăng ký tập huấn", "dang-ky-tap-huan"),
        ("Chuyển đổi số ở xã Đắk Ơ", "chuyen-doi-so-o-xa-dak-o"),
        ("  S'tiêng – Xtiêng!  ", "s-tieng-xtieng"),
        ("ĐƯỜNG ƯỚT", "duong-uot"),
        ("17,5/19 tiêu chí", "17-5-19-tieu-chi"),
        ("½ ngày", "1-2-ngay"),
    ],
)
def test_slug_of_a_title(title: str, slug: str) -> None:
    assert slugify(title) == slug
    assert slugify(unicodedata.normalize("NFD", title)) == slug


@pytest.mark.parametrize("title", ["", "   ", "---", "🌾🌾", "\u0301\u0301", "漢字", "…!?"])
def test_a_slug_is_never_empty_or_dashes(title: str) -> None:
    assert slugify(title) == "trang"
    assert slugify(title, fallback="bai-viet") == "bai-viet"


@given(st.text())
def test_any_text_gives_a_valid_slug(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(text))
    assert len(slugify(text)) <= 80


def test_a_long_slug_is_cut_at_a_word() -> None:
    assert slugify("một hai ba bốn năm", max_length=9) == "mot-hai"
    assert slugify("a" * 200) == "a" * 80


@given(VIETNAMESE)
def test_folding_leaves_no_mark_and_is_stable(text: str) -> None:
    folded = fold(text)
    assert re.fullmatch(r"[a-z ]*", folded)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(text.upper()) == folded


@given(st.text())
def test_folding_takes_any_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_nfc() -> None:
    assert to_nfc(unicodedata.normalize("NFD", "Hòa")) == "Hòa"


def test_dictionary_order() -> None:
    words = ["đa", "da", "ân", "ăn", "an", "Bình Thắng", "ba", "á", "à", "a"]
    assert sorted(words, key=sort_key) == ["a", "à", "á", "an", "ăn", "ân", "ba", "Bình Thắng", "da", "đa"]
