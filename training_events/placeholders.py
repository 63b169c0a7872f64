"""The named gaps of a message's text: ``{ten}``, ``{lop}`` … One list for editors, defaults and sending."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

#: Without accents, so that they can be typed on any keyboard; the same in every language, so that translations keep them.
NAMES = (
    "ten", "lop", "thoi_gian", "dia_diem", "ma", "so_nguoi", "thu_tu", "don_vi", "dien_thoai", "lien_ket", "gop_y", "ly_do",
)  # fmt: skip
_GAP = re.compile(r"\{([^{}]*)\}")


def check(text: str) -> None:
    """Say what is wrong with the gaps of ``text``, in the active language.

    Raises:
        ValueError: for a gap that does not exist, or a brace without its partner.
    """
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    for name in _GAP.findall(text):
        if name not in NAMES:
            raise ValueError(
                _("There is no {%(name)s}. You may use: %(known)s.") % {"name": name[:40], "known": known}
            )
    if re.search(r"[{}]", _GAP.sub("", text)):
        raise ValueError(_("A brace { or } has no partner. You may use: %(known)s.") % {"known": known})


def fill(text: str, values: Mapping[str, object]) -> str:
    """Return ``text`` with its gaps filled; what somebody's name or a title contains is never read as a gap itself."""
    return _GAP.sub(lambda found: str(values.get(found[1], "")), text)
