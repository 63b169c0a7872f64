"""Vietnamese text: the one place that knows about composed and decomposed marks, đ, and slugs.

Pure functions, no Django models: slugs, search, sorting and duplicate names all build on these.
"""

import re
import unicodedata

#: đ and Đ are letters of their own in Unicode: no normalisation form turns them into d + mark.
_D_BAR = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
#: The alphabet's own order (Quốc ngữ), then the five tones in dictionary order.
_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def to_nfc(text: str) -> str:
    """Return ``text`` in Unicode NFC, the form in which the site stores everything."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return ``text`` in lower case without any Vietnamese mark: ``"Đăng ký"`` → ``"dang ky"``.

    Accepts NFC, NFD and mixtures; other characters (digits, punctuation, emoji) stay as they are.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_BAR))
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).lower()


def slugify(text: str, *, max_length: int = 80, fallback: str = "trang") -> str:
    """Return an ASCII slug of ``text``, at most ``max_length`` characters, cut at a word.

    Never empty and never made of dashes only: a text without a letter or digit gives ``fallback``.
    """
    slug = _NOT_SLUG.sub("-", fold(unicodedata.normalize("NFKC", text))).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rsplit("-", 1)[0]
        slug = (cut if len(cut) <= max_length else slug[:max_length]).strip("-")
    return slug or fallback


def sort_key(text: str) -> tuple[tuple[int, ...], ...]:
    """Return a key that sorts words as a Vietnamese dictionary does (a, ă, â … d, đ …, then tones)."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text.lower()):
        base, tone = "", 0
        for part in unicodedata.normalize("NFD", char):
            if part in _TONES:
                tone = _TONES[part]
            else:
                base += part
        letter = unicodedata.normalize("NFC", base)
        letters.append(_LETTERS.get(letter, 1000 + ord(letter[0]) if letter else 0) if letter.isalpha() else -1)
        tones.append(tone)
    return tuple(letters), tuple(tones)
