"""Text that was typed with fonts from before Unicode: TCVN3 (``.VnTime``) and VNI (``VNI-Times``).

A file of those years keeps the fonts' own codes, which read as ``§¨ng ký`` or ``Ñaêng kyù``. They are turned into
letters where it is certain: most words with signs must become Vietnamese syllables and hardly any may be one already.
Sources: TCVN 5712:1993 (third code table), VNI's code table for Windows.
"""

import re
import unicodedata

from core import vietnamese

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)

#: VNI writes a letter and then a code for its marks; some letters have codes of their own.
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKS |= {code.upper(): marks for code, marks in _VNI_MARKS.items()}
_VNI_LETTERS |= {code.upper(): letter.upper() for code, letter in _VNI_LETTERS.items()}
_VNI = re.compile(
    f"([aeouyAEOUY{''.join(c for c in _VNI_LETTERS if c in 'ôöÔÖ')}])([{''.join(_VNI_MARKS)}])"
    f"|([{''.join(_VNI_LETTERS)}])"
)

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}\"'“”‘’/\\|<>=+*_–—-]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oao|oe|oeo|oi|oo|ua|uay|uo|uoi|uou|ue|ui|uu|uy|uya|uye|uyu|ye|yeu)"
    r"(?:ng|nh|ch|[cmnpt])?"
)
#: Words with signs that a text must have at least, and the shares of them that decide.
_MIN_WORDS, _CONVERTED, _ALREADY = 20, 0.9, 0.5
_LETTERS = frozenset("abcdeghiklmnopqrstuvxy" + "".join(_TCVN3.values()).lower())


def _is_syllable(word: str) -> bool:
    """Tell whether a word with marks could be Vietnamese: its letters and their case, shape of the syllable, one tone."""
    word = vietnamese.to_nfc(word)
    if not _LETTERS.issuperset(word.lower()) or not (word.islower() or word.istitle() or word.isupper()):
        return False
    folded = vietnamese.fold(word)
    if not folded.isascii() or not _SYLLABLE.fullmatch(folded):
        return False
    return sum(char in _TONES for char in unicodedata.normalize("NFD", word)) <= 1


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3_TABLE)


def _from_vni(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        if match[3]:
            return _VNI_LETTERS[match[3]]
        return _VNI_LETTERS.get(match[1], match[1]) + _VNI_MARKS[match[2]]

    return unicodedata.normalize("NFC", _VNI.sub(letter, text))


def to_unicode(text: str) -> str:
    """Return ``text`` with the codes of TCVN3 or VNI fonts turned into letters, unchanged where that is not certain."""
    sample = [word for word in _WORD.findall(text[:60_000]) if not word.isascii()][:2_000]
    if len(sample) < _MIN_WORDS:
        return text
    already = sum(map(_is_syllable, sample)) / len(sample)
    if already > _ALREADY:
        return text
    best, share = text, _CONVERTED
    for convert in (_from_tcvn3, _from_vni):
        found = sum(_is_syllable(convert(word)) for word in sample) / len(sample)
        if found >= share:
            best, share = convert(text), found
    return best
