"""Words as a keyboard without an input method leaves them: raw Telex ("dichj"), VNI ("dich5") and half of either.

The rules are those of the input methods: Telex writes tones with s f r x j and letter marks by doubling or w; VNI writes
tones with 1–5, letter marks with 6–8 and đ with 9. Marks may be typed anywhere after their letter, as the input methods allow.
"""

from __future__ import annotations

from functools import lru_cache

from core.vietnamese import fold, to_nfc
from search.understanding.syllables import TONES, is_folded_syllable, is_syllable, split_tone, with_tone

_TELEX_TONES = {letter: tone for tone, letter in TONES.items()}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"a": "ă", "o": "ơ", "u": "ư"}
_VOWELS = frozenset("aăâeêioôơuưy")
#: No Vietnamese syllable with its marks typed out is longer ("nghieengs", "dduowngf").
_MAX = 10


@lru_cache(maxsize=8_192)
def from_telex(word: str) -> str | None:
    """Return the word that a lower-case raw or half-converted Telex ``word`` means, None where it is none.

    A word that needs no conversion gives None: it is what it is.
    """
    if len(word) > _MAX or not word.isalpha():
        return None
    bare, tone = split_tone(word)
    letters: list[str] = []
    changed = False
    for char in bare:
        has_vowel = any(letter in _VOWELS for letter in letters)
        if char in _TELEX_TONES and has_vowel:
            tone, changed = _TELEX_TONES[char], True
        elif char == "z" and has_vowel:
            tone, changed = "", True
        elif char == "w":
            changed = _horn(letters, _HORNS) or changed
            if not any(letter in "ăơư" for letter in letters):
                letters.append("ư")
                changed = True
        elif char in _HATS and _hat(letters, char):
            changed = True
        elif char == "d" and letters[:1] == ["d"]:
            letters[0], changed = "đ", True
        else:
            letters.append(char)
    return _finished(letters, tone) if changed else None


@lru_cache(maxsize=8_192)
def from_vni(word: str) -> str | None:
    """Return the word that a lower-case raw or half-converted VNI ``word`` means, None where it is none."""
    if len(word) > _MAX or not word[:1].isalpha() or not any(char in "123456789" for char in word):
        return None
    bare, tone = split_tone(word)
    letters: list[str] = []
    for char in bare:
        if char in _VNI_TONES:
            tone = _VNI_TONES[char]
        elif char == "6":
            if not any(_hat(letters, vowel) for vowel in "eoa"):
                return None
        elif char == "7":
            if not _horn(letters, {"o": "ơ", "u": "ư"}):
                return None
        elif char == "8":
            if not _horn(letters, {"a": "ă"}):
                return None
        elif char == "9":
            if letters[:1] != ["d"]:
                return None
            letters[0] = "đ"
        elif char.isalpha():
            letters.append(char)
        else:
            return None
    return _finished(letters, tone)


def _hat(letters: list[str], vowel: str) -> bool:
    """Put a hat on the last ``vowel`` of ``letters``; only consonants and vowels of the same group may follow it."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] == vowel:
            letters[place] = _HATS[vowel]
            return True
    return False


def _horn(letters: list[str], horns: dict[str, str]) -> bool:
    """Put a horn or a breve on the last vowels that can bear it (u and o together)."""
    for place in range(len(letters) - 1, -1, -1):
        char = letters[place]
        if char not in horns:
            continue
        if char == "o" and place > 0 and letters[place - 1] in "uư" and letters[: place - 1] != ["q"]:
            letters[place - 1], letters[place] = "ư", "ơ"
        elif char == "a" and place > 0 and letters[place - 1] == "u" and "u" in horns:
            if letters[: place - 1] == ["q"]:
                letters[place] = "ă"
            else:
                letters[place - 1] = "ư"
        elif char == "u" and place > 0 and letters[place - 1] == "u":
            letters[place - 1] = "ư"
        else:
            letters[place] = horns[char]
        return True
    return False


def _finished(letters: list[str], tone: str) -> str | None:
    """Return the finished syllable; without any mark where some were left out ("tuyesn"): better no mark than a wrong one."""
    plain = to_nfc("".join(letters))
    word = with_tone(plain, tone)
    if is_syllable(word):
        return word
    bare = fold(plain)
    return bare if is_folded_syllable(bare) else None


def decoded(word: str) -> str | None:
    """Return what a lower-case ``word`` means as Telex or VNI where it is no Vietnamese syllable as it stands, else None."""
    word = to_nfc(word)
    if is_syllable(word) or is_folded_syllable(word):
        return None
    return from_telex(word) or from_vni(word)
