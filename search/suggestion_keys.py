"""Keys of suggestions: how a text is entered and how what is typed is looked up. Pure functions."""

from __future__ import annotations

import re

from core import vietnamese
from search.models.suggestion import KEY_LENGTH
from search.understanding.keyboard import decoded

#: Beginnings under which a text is entered: its own and those of its next words.
MAX_STARTS = 8
_PLAIN = re.compile(r"[a-z0-9]*")
#: What Telex leaves in a word that is not finished yet: doubled letters, w, a tone after a vowel.
_DOUBLED = re.compile(r"([adeo])\1")
_TELEX_END = re.compile(r"(?<=[aeiouy])([a-z]*?)[sfrxj]$")
_VNI_DIGITS = re.compile(r"(?<=[a-z])[1-9]")


def _ascii(folded: str) -> str:
    """Return a folded word as ASCII letters and digits; another script's letters by their numbers, one after the other."""
    if _PLAIN.fullmatch(folded):
        return folded
    return "".join(char if _PLAIN.fullmatch(char) else f"x{ord(char):x}x" for char in folded)


def key_of(text: str) -> str:
    """Return the key of a text, empty where it has no word: ``"Đăng ký khai sinh"`` → ``"dangkykhaisinh"``."""
    return "".join(_ascii(token.folded) for token in vietnamese.tokens(text))[:KEY_LENGTH]


def starts(text: str) -> list[str]:
    """Return the keys under which a text is entered, its beginning first, each once."""
    words = vietnamese.spans(vietnamese.to_nfc(text))
    keys = [_ascii(span.token.folded) for span in words]
    found: dict[str, None] = {}
    for place, span in enumerate(words[:MAX_STARTS]):
        # nobody begins to type with "của"; the very beginning is a beginning, whatever it is
        if place == 0 or text[span.start : span.end].lower() not in vietnamese.STOP_WORDS:
            found["".join(keys[place:])[:KEY_LENGTH]] = None
    return [key for key in found if len(key) > 1]


def typed_keys(text: str) -> list[str]:
    """Return the keys to look up for what is typed so far, the likeliest first.

    As typed; then with Telex or VNI read, where the last word may be unfinished.
    """
    words = [token.folded for token in vietnamese.tokens(text)]
    plain = "".join(map(_ascii, words))[:KEY_LENGTH]
    read = [vietnamese.fold(decoded(word) or word) for word in words]
    if words and read[-1] == words[-1]:
        read[-1] = _unfinished(words[-1])
    other = "".join(map(_ascii, read))[:KEY_LENGTH]
    return list(dict.fromkeys(key for key in (plain, other) if len(key) > 1))


def _unfinished(word: str) -> str:
    """Return the letters that an unfinished word of raw Telex or VNI has without its marks: ``"duwow"`` → ``"duo"``."""
    bare = _VNI_DIGITS.sub("", _DOUBLED.sub(r"\1", word))
    return _TELEX_END.sub(r"\1", bare.replace("w", "") if len(bare) > 1 else bare)
