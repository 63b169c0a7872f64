"""The printed place of an event: venue, commune, address, with the commune named once."""

from __future__ import annotations

import re

from core import vietnamese

_WORD = re.compile(r"\w+")
#: What a commune is; a capital only at the beginning of a line.
_KINDS = ("Xã ", "Phường ", "Thị trấn ")


def line(venue: str, commune: str, address: str = "") -> str:
    """Return the parts in one line; the commune only where neither venue nor address name it, whatever accents they use.

    "Trạm y tế xã Đa Kia" in the commune Đa Kia stands alone, "Nhà văn hóa thôn 5" gets its commune.
    """
    before = head(venue, commune, address) if venue or not _names(address, commune) else ""
    parts = (before, address)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def head(venue: str, commune: str, address: str = "") -> str:
    """Return venue and commune as they stand before ``address``."""
    if venue and (_names(venue, commune) or _names(address, commune)):
        return venue
    return ", ".join(part for part in (venue, _inside(commune) if venue else commune) if part)


def simplest(stored: str) -> str:
    """Return letters and digits of a line for comparing, without marks and without parts that another part contains.

    A line that was stored with the commune twice is the same place as today's.
    """
    parts = list(dict.fromkeys(_plain(part) for part in stored.split(",")))
    kept = [one for one in parts if not any(one != other and _within(one, other) for other in parts)]
    return "".join(kept).replace(" ", "")


def _inside(commune: str) -> str:
    """Return the name as it stands within a line: "xã Đắk Ơ"."""
    return commune[:1].lower() + commune[1:] if commune.startswith(_KINDS) else commune


def _names(text: str, commune: str) -> bool:
    return bool(commune) and _within(_plain(commune), _plain(text))


def _within(words: str, text: str) -> bool:
    return f" {words} " in f" {text} "


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(vietnamese.fold(text)))
