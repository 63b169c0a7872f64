"""What makes a good entry of the search's words, said in sentences that a clerk understands. Pure functions."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from core import vietnamese

MAX_PHRASES = 30
MAX_PHRASE = 80
MAX_ABBREVIATION = 20
#: Syllables that stand in a large part of all questions and pages: as a whole entry they would change every search.
COMMON = frozenset(
    vietnamese.fold(word)
    for word in (
        *vietnamese.STOP_WORDS,
        *("anh", "bà", "bán", "báo", "bản", "biết", "cách", "cần", "cấp", "chị", "con", "còn", "công", "cô", "dân"),
        *("dùng", "đăng", "đi", "địa", "điện", "đường", "em", "giấy", "gửi", "hồ", "hỏi", "họ", "học", "hướng", "ký"),
        *("làm", "lấy", "lên", "lớp", "mã", "mất", "mở", "mới", "mua", "mình", "nay", "năm", "ngày", "người", "nhà"),
        *("nhận", "nộp", "nơi", "nước", "ông", "phí", "quê", "ra", "số", "sơ", "sửa", "ta", "tên", "thẻ", "thôn"),
        *("thông", "thủ", "tiền", "tin", "tìm", "tôi", "trên", "tục", "vào", "việc", "xã", "xem", "xin"),
    )
)  # fmt: skip


def phrases(text: str) -> list[str]:
    """Return the lines of a field in NFC without superfluous blanks and control characters; empty and repeated ones left out."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        shown = "".join(
            " " if unicodedata.category(char) in {"Cc", "Cf"} else char for char in vietnamese.to_nfc(line)
        )
        if shown := " ".join(shown.split()):
            found.setdefault(shown.lower(), shown)
    return list(found.values())


def folded(phrase: str) -> str:
    """Return the words of a phrase as a question without marks has them: ``"Khai-sinh"`` → ``"khai sinh"``."""
    return " ".join(token.folded for token in vietnamese.tokens(phrase))


def problems(said: list[str], means: list[str], *, is_abbreviation: bool, same: bool) -> dict[str, list[str]]:
    """Return sentences by field (``said``, ``means``), empty for a good entry.

    Args:
        said: what people type, see ``phrases``.
        means: what the pages say.
        is_abbreviation: whether ``said`` are abbreviations.
        same: whether it works in both directions, so that ``means`` must be as good as ``said``.
    """
    found: dict[str, list[str]] = {"said": [], "means": []}
    for field, rows in (("said", said), ("means", means)):
        found[field] += _about_length(rows)
    found["said"] += _about_typed(said)
    if is_abbreviation:
        found["said"] += _about_abbreviations(said)
    elif same:
        found["means"] += _about_typed(means)
    known = {folded(phrase): phrase for phrase in said}
    for phrase in means:
        if folded(phrase) and folded(phrase) in known:
            found["means"].append(
                _("“%(a)s” and “%(b)s” are the same for the search, which passes over marks and capitals.")
                % {"a": known[folded(phrase)], "b": phrase}
            )
    return {field: sentences for field, sentences in found.items() if sentences}


def _about_length(rows: list[str]) -> list[str]:
    if not rows:
        return [_("Write at least one phrase.")]
    if len(rows) > MAX_PHRASES:
        return [
            _("That are too many lines: at most %(count)d. Make a second entry.") % {"count": MAX_PHRASES}
        ]
    found = []
    for phrase in rows:
        if len(phrase) > MAX_PHRASE:
            found.append(
                _("“%(phrase)s…” is too long: a phrase has at most %(count)d characters.")
                % {"phrase": phrase[:30], "count": MAX_PHRASE}
            )
        elif not folded(phrase):
            found.append(_("“%(phrase)s” holds no letter and no digit.") % {"phrase": phrase})
    return found


def _about_typed(rows: list[str]) -> list[str]:
    found = []
    for phrase in rows:
        tokens = vietnamese.tokens(phrase)
        words = [token.folded for token in tokens]
        if len(words) == 1 and (len(words[0]) < 2 or words[0] in COMMON):
            found.append(
                _(
                    "“%(phrase)s” alone is too common: nearly every search would change. Add a word, for example “mất căn cước” "
                    "instead of “mất”."
                )
                % {"phrase": phrase}
            )
        elif words and all(token.exact in _FILLERS for token in tokens):
            found.append(_("“%(phrase)s” is made of filler words only.") % {"phrase": phrase})
    return found


_FILLERS = frozenset(token.exact for word in vietnamese.STOP_WORDS for token in vietnamese.tokens(word))


def _about_abbreviations(rows: list[str]) -> list[str]:
    found = []
    for phrase in rows:
        if (" " in phrase and phrase != phrase.upper()) or len(phrase) > MAX_ABBREVIATION:
            found.append(
                _(
                    "“%(phrase)s” is no abbreviation: write it in capitals, at most %(count)d characters. For whole phrases "
                    "choose “Words with the same meaning”."
                )
                % {"phrase": phrase, "count": MAX_ABBREVIATION}
            )
    return found
