"""Which letters can be a Vietnamese syllable. Pure functions.

A syllable is an onset and a rime. The rimes are those of the standard orthography, with their letter marks and without tones
(Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977, lists the same sounds).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from core.vietnamese import fold

ONSETS = frozenset(
    ["", *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x".split()]  # noqa: SIM905 - a table to read
)
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uê uêch uênh ui uc um un ung up ut uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyt uyu uyn uyp
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêt yêu yêng
"""
RIMES = frozenset(_RIMES.split())
_GLIDE_RIMES = frozenset("u" + rime for rime in RIMES if rime[0] in "aăâeêioơôy")
_FOLDED_RIMES = frozenset(fold(rime) for rime in RIMES)
_FOLDED_GLIDE_RIMES = frozenset(fold(rime) for rime in _GLIDE_RIMES)
_FOLDED_ONSETS = frozenset(fold(onset) for onset in ONSETS)
TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
_SHARP = {"\u0301", "\u0323"}


def split_tone(word: str) -> tuple[str, str]:
    """Return a word without its tone (NFC, letter marks kept) and the tone as a combining character, or empty."""
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = char
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def _parts(letters: str, onsets: frozenset[str]) -> list[tuple[str, str]]:
    return [
        (letters[:n], letters[n:]) for n in range(min(3, len(letters) - 1), -1, -1) if letters[:n] in onsets
    ]


@lru_cache(maxsize=16_384)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word with its marks can be a syllable: onset, rime, and a tone that its last letter allows."""
    letters, tone = split_tone(word)
    if tone not in _SHARP and letters.endswith(("c", "ch", "p", "t")) and not letters.startswith("gi"):
        stopped = any(rime.endswith(("c", "ch", "p", "t")) for _, rime in _parts(letters, ONSETS))
        if stopped and tone:
            return False
    return any(
        (rime in _GLIDE_RIMES if onset == "q" else rime in RIMES) for onset, rime in _parts(letters, ONSETS)
    ) or letters in {"gi", "gin", "gip", "git", "gich", "ginh", "gim", "giêng", "giêc", "giêt", "giêm"}


@lru_cache(maxsize=16_384)
def is_folded_syllable(word: str) -> bool:
    """Whether a word of the letters a–z can be a syllable typed without marks."""
    return any(
        (rime in _FOLDED_GLIDE_RIMES if onset == "q" else rime in _FOLDED_RIMES)
        for onset, rime in _parts(word, _FOLDED_ONSETS)
    ) or word in {"gi", "gin", "gip", "git", "gich", "ginh", "gim", "gieng", "giec", "giet", "giem"}


def with_tone(letters: str, tone: str) -> str:
    """Return ``letters`` (letter marks, no tone) with ``tone`` on the vowel where the usual spelling puts it (hòa, thúy)."""
    if not tone:
        return letters
    vowels = [place for place, char in enumerate(letters) if fold(char) in "aeiouy"]
    if letters.startswith(("qu", "gi")) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return letters
    marked = [place for place in vowels if letters[place] in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif letters[-1] not in "aeiouy":
        at = vowels[-1]
    elif len(vowels) == 3:
        at = vowels[1]
    else:
        at = vowels[0]
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])
