"""The passage of a text that answers a question, with the matches marked, whatever marks they bear. Always safe HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from html import escape
from itertools import islice, pairwise

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
#: Characters of a long text that are looked through first: most answers stand in the title or the lead.
SOON = 3_000
#: What stands before the first word of a sentence.
_ENDS = {".", "!", "?", ";", "·"}


class Highlighter:
    """Marks the matches of one question in many texts: what can be prepared from the question is prepared once.

    A word with marks matches the same word with other marks only where the text does not have the very word. Other ways of
    saying a part of the question match as whole phrases.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._exact = {word.exact: number for number, word in enumerate(plan.words)}
        self._folded = {word.folded: number for number, word in enumerate(plan.words)}
        self._bare = [word.exact == word.folded for word in plan.words]
        self._pairs = set(plan.pairs)
        #: first word of another way of saying → (the whole phrase, number of the word that it stands for)
        self._phrases: dict[str, list[tuple[list[str], int]]] = {}
        for overlay in plan.overlays:
            phrase = [word.folded for word in overlay.words]
            if len(phrase) == 1 and overlay.words[0].exact == phrase[0] and len(phrase[0]) < 3:
                continue
            self._phrases.setdefault(phrase[0], []).append((phrase, overlay.start))

    @cached_property
    def _asked(self) -> dict[str, int]:
        asked = {word.folded: number for number, word in enumerate(self._plan.words)}
        for number, overlay in enumerate(self._plan.overlays, len(self._plan.words)):
            asked.setdefault(" ".join(word.folded for word in overlay.words), number)
        return asked

    @cached_property
    def _letters(self) -> re.Pattern[str]:
        longest_first = sorted(self._asked, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def matching(self, spans: Sequence[Span]) -> dict[int, int]:
        """Return index of a span → number of the word of the question that it matches."""
        found: dict[int, int] = {}
        present: set[int] = set()
        loose: list[tuple[int, int]] = []
        phrases: list[tuple[int, list[str], int]] = []
        for place, (_start, _end, (exact, folded)) in enumerate(spans):
            number = self._exact.get(exact)
            if number is not None:
                found[place] = number
                present.add(number)
            elif (number := self._folded.get(folded)) is not None:
                loose.append((place, number))
            for phrase, stands_for in self._phrases.get(folded, ()):
                phrases.append((place, phrase, stands_for))
        for place, number in loose:
            if self._bare[number] or number not in present:
                found[place] = number
        found = self._without_strays(found)
        for place, phrase, number in phrases:
            if all(
                span.token.folded == word
                for span, word in zip(spans[place : place + len(phrase)], phrase, strict=False)
            ) and place + len(phrase) <= len(spans):
                for i in range(len(phrase)):
                    found.setdefault(place + i, number)
        return found

    def _without_strays(self, found: dict[int, int]) -> dict[int, int]:
        """Leave out a word without its neighbour where it stands with it elsewhere: "đang" says nothing beside "đăng ký"."""
        paired = {place for place in found if (found[place], found.get(place + 1)) in self._pairs}
        paired |= {place + 1 for place in paired}
        together = {found[place] for place in paired}
        return {place: number for place, number in found.items() if place in paired or number not in together}

    def marked(self, text: str) -> SafeString:
        """Return the whole ``text`` as safe HTML with every match in ``<mark>``; neighbours share one mark."""
        spans = vietnamese.spans(text)
        return _render(text, spans, self.matching(spans), 0, len(text))

    def passage(self, text: str, *, parted: bool = False) -> SafeString:
        """Return the passage of ``text`` around the best matches, empty where nothing matches.

        Args:
            text: plain text in NFC.
            parted: lines are titles, cells and paragraphs of a page, not just where a line of a file was full.
        """
        if not self._plan:
            return SafeString("")
        text, cut_before, cut_after = self._neighbourhood(_flowing(text[:MAX_TEXT], parted=parted))
        spans = vietnamese.spans(text)
        found = self.matching(spans)
        if not found:
            return SafeString("")
        first = _best_window(found)
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

    def _neighbourhood(self, text: str) -> tuple[str, bool, bool]:
        """Return the part of a long text with the most different words near together, and whether it was cut on either side.

        Reading every word of a long text takes longer than the whole search; looking for letters does not.
        """
        if len(text) <= 2 * NEAR:
            return text, False, False
        for much in (SOON, len(text)):
            best, kinds = self._densest(text[:much])
            # what all of the question stands near together in needs no comparing with what comes later
            if much >= len(text) or kinds >= len(self._plan.words):
                break
        start = 0 if best < NEAR else text.find(" ", best - NEAR // 2) + 1
        end = len(text) if len(text) - best < NEAR * 3 // 2 else text.rfind(" ", best, best + NEAR * 3 // 2)
        return text[start:end], start > 0, end < len(text)

    def _densest(self, text: str) -> tuple[int, int]:
        """Return the place from which most different words stand near together, and how many do."""
        places = [
            (match.start(), self._asked[match[0]])
            for match in islice(self._letters.finditer(vietnamese.fold_letters(text)), MAX_PLACES)
        ]
        best, most = 0, 0
        inside = [0] * (len(self._plan.words) + len(self._plan.overlays))
        left = kinds = 0
        for at, number in places:
            kinds += not inside[number]
            inside[number] += 1
            while places[left][0] < at - NEAR // 2:
                gone = places[left][1]
                inside[gone] -= 1
                kinds -= not inside[gone]
                left += 1
            if kinds > most:
                best, most = places[left][0], kinds
        return best, most


def _best_window(found: dict[int, int]) -> int:
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
