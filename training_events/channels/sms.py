"""What a text message costs: characters, alphabet, parts.

3GPP TS 23.038: 160 characters of the GSM alphabet or 70 of UCS-2 in one part; in several parts 153 or 67 each. One letter
with a Vietnamese mark makes the whole message UCS-2. Messages are therefore sent without accents, as banks and offices here
do: the same sentence costs one part instead of three, and people are used to reading it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡§¿äöñüàÄÖÑÜ"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "·": "-"}
)


@dataclass(frozen=True, slots=True)
class Cost:
    """``characters`` count as the network counts them."""

    characters: int
    is_gsm: bool

    @property
    def parts(self) -> int:
        """How many messages are paid for."""
        single, several = (160, 153) if self.is_gsm else (70, 67)
        return 1 if self.characters <= single else -(-self.characters // several)


def plain(text: str) -> str:
    """Return ``text`` without accents, its capitals kept; a sign that the GSM alphabet lacks becomes a question mark."""
    bare = unicodedata.normalize("NFD", text.translate(_PLAIN))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return "".join(char if char in _GSM or char in _GSM_TWICE else "?" for char in bare.replace("\t", " "))


def cost(text: str) -> Cost:
    """Return what ``text`` costs as it stands."""
    if all(char in _GSM or char in _GSM_TWICE for char in text):
        return Cost(len(text) + sum(char in _GSM_TWICE for char in text), True)
    return Cost(len(text.encode("utf-16-be")) // 2, False)
