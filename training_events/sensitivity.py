"""Noticing questions that ask for what the law protects more strictly, so that an editor does not do so by habit.

Law 91/2025/QH15 and Decree 356/2025 count ethnic origin, religion, health and pictures of identity papers as sensitive. The
words are matched without marks; a wrong guess costs the editor one choice in the form.
"""

from __future__ import annotations

import re

from core import vietnamese

_WORDS = {
    "ethnic": ("dan toc", "ton giao", "tin nguong", "ethnic", "ethnicity", "religion"),
    "identity": (
        "cccd", "cmnd", "can cuoc", "chung minh nhan dan", "so dinh danh", "dinh danh ca nhan", "ho chieu",
        "identity card", "identity number", "id card", "id number", "passport",
    ),
    "health": (
        "suc khoe", "benh", "khuyet tat", "thuong tat", "di ung", "mang thai", "bao hiem y te", "bhyt",
        "health", "disease", "illness", "disability", "allergy", "pregnant",
    ),
}  # fmt: skip
_PATTERNS = {
    kind: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") for kind, words in _WORDS.items()
}


def guess(text: str) -> str:
    """Return the sensitive kind that ``text`` seems to ask for (``ethnic``, ``identity``, ``health``), or an empty string."""
    folded = vietnamese.fold(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)), "")
