"""Typst, shut in: its own fonts, its own folder, no packages from a network, and all words as data.

A document is a template of ours and one JSON value. A name like ``#read("/etc/passwd")`` is a string in that value, which Typst
shows and never evaluates.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
#: Signs that no font of ours has and that would vanish or break lines: controls and directional marks.
_BAD = dict.fromkeys((*range(9), *range(11, 32), 127, *range(8234, 8239), *range(8294, 8298)))
#: Emoji and other pictures with what joins and colours them: no font of ours has them, and they would print as gaps.
_PICTURES = re.compile(
    r"[\u200d\u20e3\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\ue000-\uf8ff\ufe00-\ufe0f"
    r"\U0001f000-\U0001fbff\U000e0000-\U0010ffff]+"
)

_ENDLESS = re.compile(r"\S{20}(?=\S{4})")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FOLDER / "fonts")]
    )


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that ``templates/<template>.typ`` makes of ``data``.

    Args:
        template: name of one of our templates.
        data: JSON-able; the template reads it as ``data``.

    Raises:
        typst.TypstError: when the template itself is wrong.
    """
    main = (_FOLDER / "templates" / f"{template}.typ").read_bytes()
    text = json.dumps(_clean(data), ensure_ascii=False)
    # a root of its own: a template could read no file of the program even if it wanted to
    with tempfile.TemporaryDirectory(prefix="site-typst-") as root:
        return typst.compile(  # type: ignore[type-var]
            main,
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            package_path=root,
            package_cache_path=root,
        )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_pictures(value.translate(_BAD))
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def without_pictures(text: str) -> str:
    """Return ``text`` without emoji; nothing is left of one that has no other sign."""
    plain = _PICTURES.sub("", text)
    return text if plain == text else " ".join(plain.split())


def breakable(text: str) -> str:
    """Return what somebody wrote as paper can show it: without emoji, with places to break in "words" longer than any line."""
    return _ENDLESS.sub(lambda match: f"{match[0]}\u200b", without_pictures(text))
