"""The passage of a text that answers a question, with the matches marked, whatever marks they bear. Always safe HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core import vietnamese
from core.vietnamese import Span
from search.understanding.plan import Plan

#: Words of a passage, and of a text that are looked at.
PASSAGE_WORDS = 40
MAX_TEXT = 20_000
#: Characters around the best place of a long text that are read word by word, and places that are compared.
NEAR = 260
MAX_PLACES = 400
#: What stands before the first word of a sentence.
_ENDS = {".", "!", "?", ";", "·"}


def matching(spans: Sequence[Span], plan: Plan) -> dict[int, int]:
    """Return index of a span → number of the word of the question that it matches.

    A word with marks matches the same word with other marks only where the text does not have the very word. Other ways of
    saying a part of the question match as whole phrases.
    """
    exact = {word.exact: number for number, word in enumerate(plan.words)}
    folded = {word.folded: number for number, word in enumerate(plan.words)}
    found: dict[int, int] = {}
    present: set[int] = set()
    loose: list[tuple[int, int]] = []
    for place, span in enumerate(spans):
        if span.token.exact in exact:
            found[place] = exact[span.token.exact]
            present.add(exact[span.token.exact])
        elif span.token.folded in folded:
            loose.append((place, folded[span.token.folded]))
    for place, number in loose:
        unmarked = plan.words[number].exact == plan.words[number].folded
        if unmarked or number not in present:
            found[place] = number
    found = _without_strays(found, spans, plan)
    for overlay in plan.overlays:
        phrase = [word.folded for word in overlay.words]
        if len(phrase) == 1 and overlay.words[0].exact == phrase[0] and len(phrase[0]) < 3:
            continue
        for place in range(len(spans) - len(phrase) + 1):
            if all(spans[place + i].token.folded == word for i, word in enumerate(phrase)):
                for i in range(len(phrase)):
                    found.setdefault(place + i, overlay.start)
    return found


def _without_strays(found: dict[int, int], spans: Sequence[Span], plan: Plan) -> dict[int, int]:
    """Leave out a word without its neighbour where it stands with it elsewhere: "đang" says nothing beside "đăng ký"."""
    pairs = set(plan.pairs)
    paired = {place for place in found if (found[place], found.get(place + 1)) in pairs}
    paired |= {place + 1 for place in paired}
    together = {found[place] for place in paired}
    return {place: number for place, number in found.items() if place in paired or number not in together}


def _best_window(spans: Sequence[Span], found: dict[int, int]) -> int:
    """Return the place where the window of PASSAGE_WORDS with the most different words, then the most matches, begins."""
    best, best_score = 0, (-1, -1)
    places = sorted(found)
    for i, first in enumerate(places):
        inside = [place for place in places[i : i + PASSAGE_WORDS] if place < first + PASSAGE_WORDS]
        neighbours = sum(1 for a, b in pairwise(inside) if b == a + 1)
        score = (len({found[place] for place in inside}), neighbours)
        if score > best_score:
            best, best_score = first, score
    return best


def marked(text: str, plan: Plan) -> SafeString:
    """Return the whole ``text`` as safe HTML with every match in ``<mark>``; neighbours share one mark."""
    spans = vietnamese.spans(text)
    return _render(text, spans, matching(spans, plan), 0, len(text))


def _render(text: str, spans: Sequence[Span], found: dict[int, int], start: int, end: int) -> SafeString:
    pieces: list[str] = []
    at = start
    places = [place for place in sorted(found) if spans[place].start >= start and spans[place].end <= end]
    while places:
        first = last = places.pop(0)
        while places and places[0] == last + 1 and text[spans[last].end : spans[places[0]].start].isspace():
            last = places.pop(0)
        pieces.append(escape(text[at : spans[first].start]))
        pieces.append(f"<mark>{escape(text[spans[first].start : spans[last].end])}</mark>")
        at = spans[last].end
    pieces.append(escape(text[at:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def _flowing(text: str, *, parted: bool) -> str:
    """Return the lines of a text as one, with a dot between lines that no punctuation parts where lines mean something."""
    if not parted:
        return " ".join(text.split())
    lines = [flat for line in text.splitlines() if (flat := " ".join(line.split()))]
    return "".join(
        line if place == len(lines) else f"{line} " if line[-1] in ".!?:;,…" else f"{line} · "
        for place, line in enumerate(lines, start=1)
    )


def passage(text: str, plan: Plan, *, parted: bool = False) -> SafeString:
    """Return the passage of ``text`` around the best matches, empty where nothing matches.

    Args:
        text: plain text in NFC.
        plan: what is looked for.
        parted: lines are titles, cells and paragraphs of a page, not just where a line of a file was full.
    """
    text, cut_before, cut_after = _neighbourhood(_flowing(text[:MAX_TEXT], parted=parted), plan)
    spans = vietnamese.spans(text)
    found = matching(spans, plan)
    if not found:
        return SafeString("")
    first = _best_window(spans, found)
    # begin with the sentence where it begins near, else some words before the match
    begin = max(0, first - 8)
    for place in range(first, begin - 1, -1):
        if place == 0 or text[spans[place - 1].end : spans[place].start].strip()[:1] in _ENDS:
            begin = place
            break
    last = min(len(spans), begin + PASSAGE_WORDS) - 1
    start = 0 if begin == 0 else spans[begin].start
    end = len(text) if last == len(spans) - 1 else spans[last].end
    html = _render(text, spans, found, start, min(end, start + 600))
    before = "… " if start or cut_before else ""
    after = " …" if end < len(text) or cut_after else ""
    return mark_safe(before + html + after)  # noqa: S308 - escaped


def _neighbourhood(text: str, plan: Plan) -> tuple[str, bool, bool]:
    """Return the part of a long text with the most different words near together, and whether it was cut on either side.

    Reading every word of a long text takes longer than the whole search; looking for letters does not.
    """
    if len(text) <= 2 * NEAR:
        return text, False, False
    asked = {word.folded: number for number, word in enumerate(plan.words)}
    for number, overlay in enumerate(plan.overlays, len(plan.words)):
        asked.setdefault(" ".join(word.folded for word in overlay.words), number)
    letters = re.compile(
        r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(asked, key=len, reverse=True))) + r")(?!\w)"
    )
    places = [
        (match.start(), asked[match[0]])
        for match in islice(letters.finditer(vietnamese.fold_letters(text)), MAX_PLACES)
    ]
    best, most = 0, 0
    inside: Counter[int] = Counter()
    left = 0
    for at, number in places:
        inside[number] += 1
        while places[left][0] < at - NEAR // 2:
            inside[places[left][1]] -= 1
            left += 1
        kinds = sum(1 for count in inside.values() if count)
        if kinds > most:
            best, most = places[left][0], kinds
    start = 0 if best < NEAR else text.find(" ", best - NEAR // 2) + 1
    end = len(text) if len(text) - best < NEAR * 3 // 2 else text.rfind(" ", best, best + NEAR * 3 // 2)
    return text[start:end], start > 0, end < len(text)
