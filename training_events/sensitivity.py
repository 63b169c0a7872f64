"""Noticing questions that ask for what the law protects more strictly, so that an editor does not do so by habit.

Law 91/2025/QH15 and Decree 356/2025 count ethnic origin, religion, health and pictures of identity papers as sensitive. The
words are matched without marks; a wrong guess costs the editor one choice in the form.
"""

from __future__ import annotations

import re

from core import vietnamese

_WORDS = {
    "ethnic": (
        "dan toc", "ton giao", "tin nguong", "s'tieng", "stieng", "xtieng", "m'nong", "mnong", "khmer", "cong giao", "phat giao",
        "tin lanh", "ethnic", "ethnicity", "religion", "religious",
    ),
    "identity": (
        "cccd", "cmnd", "cmtnd", "can cuoc", "chung minh nhan dan", "chung minh thu", "so cc", "the cc", "so dinh danh",
        "ma dinh danh", "ma so dinh danh", "dinh danh ca nhan", "giay to tuy than", "tuy than", "ho chieu",
        "identity card", "identity number", "identity paper", "identity papers", "id card", "id number",
        "personal identification", "passport",
    ),
    "health": (
        "suc khoe", "benh", "khuyet tat", "thuong tat", "di ung", "mang thai", "thai san", "bao hiem y te", "bhyt", "nhom mau",
        "huyet ap", "tieu duong", "tim mach", "hiv", "tam than", "khiem thi", "khiem thinh", "tiem chung",
        "health", "disease", "illness", "disability", "allergy", "pregnant", "blood type", "blood group", "blood pressure",
        "vaccination",
    ),
}  # fmt: skip
_PATTERNS = {
    kind: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") for kind, words in _WORDS.items()
}


def guess(text: str) -> str:
    """Return the sensitive kind that ``text`` seems to ask for (``ethnic``, ``identity``, ``health``), or an empty string."""
    # the apostrophe of S'tiêng and M'nông is typed in several ways
    folded = re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", vietnamese.fold(text))
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)), "")
