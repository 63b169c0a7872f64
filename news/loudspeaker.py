"""The script for the village loudspeaker: how long it takes to read and its plain text."""

import math

from django.utils.translation import gettext, ngettext

#: Syllables that a practised voice reads aloud in a second, pauses included. Our own measure, taken with a clock; a
#: commune that reads more slowly should plan more. Vietnamese writes one syllable per word, so words are counted.
SYLLABLES_PER_SECOND = 3


def reading_seconds(script: str) -> int:
    """Return how many seconds it takes to read ``script`` aloud, rounded up to ten; 0 for an empty script."""
    syllables = len(script.split())
    return math.ceil(syllables / SYLLABLES_PER_SECOND / 10) * 10


def reading_label(script: str) -> str:
    """Return the reading time in words: ``khoảng 2 phút`` or, below a minute, ``khoảng 40 giây``."""
    seconds = reading_seconds(script)
    if not seconds:
        return ""
    if seconds < 60:
        return gettext("about %(count)d seconds") % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes}


def paragraphs(script: str) -> list[str]:
    """Return the paragraphs of ``script``: an empty line parts them, single line ends are spaces."""
    found: list[str] = []
    lines: list[str] = []
    for line in [*script.splitlines(), ""]:
        if line.strip():
            lines.append(line.strip())
        elif lines:
            found.append(" ".join(lines))
            lines = []
    return found


def text_file(head: list[str], script: str) -> bytes:
    """Return the script as a text file that old Windows programs read rightly (UTF-8 with a mark, CRLF).

    Args:
        head: lines above the script (office, bulletin, reading time); empty ones are left out.
        script: the script.
    """
    blocks = ["\r\n".join(line for line in head if line), *paragraphs(script)]
    return ("\r\n\r\n".join(blocks) + "\r\n").encode("utf-8-sig")
