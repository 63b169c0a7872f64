"""The passage of a text that answers a question, with the matches marked, whatever marks they bear. Always safe HTML."""

from __future__ import annotations

from functools import cached_property
from html import escape
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from core import vietnamese
from search.understanding.plan import Plan

#: Words of a passage, and of a text that are looked at.
PASSAGE_WORDS = 40
MAX_TEXT = 20_000
#: Characters around the best place of a long text that are read word by word, and places of a word that are compared.
NEAR = 260
MAX_PLACES = 400
#: So many characters of a long text are looked through first, then so many: most answers stand in the title or the lead.
SOON = (1_200, 4_000, MAX_TEXT)
FAR = SOON[1]
#: What stands before the first word of a sentence.
_ENDS = {".", "!", "?", ";", "·"}


class Text(NamedTuple):
    """A text in NFC, the places of its words (``vietnamese.words``), and these without marks."""

    text: str
    words: list[tuple[int, int]]
    folded: list[str]

    @classmethod
    def of(cls, text: str, folded: str | None = None) -> Text:
        """Return a text as it is compared. ``folded``: ``vietnamese.fold_letters`` of it where that is known."""
        folded = vietnamese.fold_letters(text) if folded is None else folded
        words = vietnamese.words(text)
        bare = [
            word if (word := folded[start:end]).isascii() else _normal(text[start:end])
            for start, end in words
        ]
        return cls(text, words, bare)


def _normal(word: str) -> str:
    """Return a word without marks, of letters that only normalisation makes ours; empty where it leaves none."""
    token = vietnamese.word_token(word)
    return token.folded if token else ""


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

    def matching(self, text: Text) -> dict[int, int]:
        """Return number of a word of ``text`` → number of the word of the question that it matches."""
        found: dict[int, int] = {}
        present: set[int] = set()
        loose: list[tuple[int, int]] = []
        phrases: list[tuple[int, list[str], int]] = []
        asked, others, folded = self._folded, self._phrases, text.folded
        for place, word in enumerate(folded):
            if word in asked:
                start, end = text.words[place]
                token = vietnamese.word_token(text.text[start:end])
                number = self._exact.get(token.exact) if token else None
                if number is not None:
                    found[place] = number
                    present.add(number)
                else:
                    loose.append((place, asked[word]))
            if word in others:
                phrases += [(place, phrase, stands_for) for phrase, stands_for in others[word]]
        for place, number in loose:
            if self._bare[number] or number not in present:
                found[place] = number
        found = self._without_strays(found)
        for place, phrase, number in phrases:
            if folded[place : place + len(phrase)] == phrase:
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
        read = Text.of(text)
        return _render(read, self.matching(read), 0, len(text))

    def passage(self, text: str, bare: str = "") -> SafeString:
        """Return the passage of ``text`` around the best matches, empty where nothing matches.

        Args:
            text: plain text in NFC; the ends of its lines mean nothing (``flowing`` says in dots what they mean in a page).
            bare: ``vietnamese.fold_letters`` of it where that is known and the text is one line (``readable``).
        """
        if not self._plan:
            return SafeString("")
        if not bare or len(bare) != len(text):
            text, bare = " ".join(text[:MAX_TEXT].split()), ""
        read, cut_before, cut_after = self._neighbourhood(text, bare)
        found = self.matching(read)
        if not found:
            return SafeString("")
        text, words = read.text, read.words
        first = _best_window(found)
        # begin with the sentence where it begins near, else some words before the match
        begin = max(0, first - 8)
        for place in range(first, begin - 1, -1):
            if place == 0 or text[words[place - 1][1] : words[place][0]].strip()[:1] in _ENDS:
                begin = place
                break
        last = min(len(words), begin + PASSAGE_WORDS) - 1
        start = 0 if begin == 0 else words[begin][0]
        end = len(text) if last == len(words) - 1 else words[last][1]
        html = _render(read, found, start, min(end, start + 600))
        before = "… " if start or cut_before else ""
        after = " …" if end < len(text) or cut_after else ""
        return mark_safe(before + html + after)  # noqa: S308 - escaped

    def _neighbourhood(self, text: str, bare: str) -> tuple[Text, bool, bool]:
        """Return the part of a long text with the most different words near together, and whether it was cut on either side.

        Reading every word of a long text takes longer than the whole search; looking for letters does not.
        """
        if len(text) <= 2 * NEAR:
            return Text.of(text, bare or None), False, False
        folded, best, asked = "", 0, len(self._plan.words)
        for much in SOON:
            folded = bare[:much] or folded + vietnamese.fold_letters(text[len(folded) : much])
            best, kinds, is_whole = self._densest(folded)
            # what (nearly) all of the question stands near together in needs no comparing with what comes later; far down only
            # what is better than a half is worth a look
            least = 0.5 if much >= FAR else 0.75 if asked > 3 else 1.0
            if much >= len(text) or is_whole or kinds > least * asked:
                break
        start = 0 if best < NEAR else text.find(" ", best - NEAR // 2) + 1
        end = len(text) if len(text) - best < NEAR * 3 // 2 else text.rfind(" ", best, best + NEAR * 3 // 2)
        known = folded[start:end] if end <= len(folded) else None
        return Text.of(text[start:end], known), start > 0, end < len(text)

    def _densest(self, folded: str) -> tuple[int, int, bool]:
        """Return the place from which most of the question stands near together, how many of its parts, and whether all words."""
        places: list[tuple[int, int]] = []
        for phrase, number in self._asked.items():
            size, at, most = len(phrase), folded.find(phrase), MAX_PLACES
            while at >= 0 and most:
                after = at + size
                if not (at and folded[at - 1].isalnum()) and not folded[after : after + 1].isalnum():
                    places.append((at, number))
                    most -= 1
                at = folded.find(phrase, after)
        places.sort()
        best, most, is_whole, asked = 0, 0, False, len(self._plan.words)
        inside = [0] * (asked + len(self._plan.overlays))
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
                best, most, is_whole = places[left][0], kinds, all(inside[:asked])
        return best, most, is_whole


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


def _render(read: Text, found: dict[int, int], start: int, end: int) -> SafeString:
    text, words = read.text, read.words
    pieces: list[str] = []
    at = start
    places = [place for place in sorted(found) if words[place][0] >= start and words[place][1] <= end]
    number = 0
    while number < len(places):
        first = last = places[number]
        number += 1
        while (
            number < len(places)
            and places[number] == last + 1
            and text[words[last][1] : words[last + 1][0]].isspace()
        ):
            last = places[number]
            number += 1
        pieces.append(escape(text[at : words[first][0]]))
        pieces.append(f"<mark>{escape(text[words[first][0] : words[last][1]])}</mark>")
        at = words[last][1]
    pieces.append(escape(text[at:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def readable(text: str) -> tuple[str, str]:
    """Return the text of a page as ``passage`` reads it and its letters without marks: what is kept for every page."""
    text = flowing(vietnamese.to_nfc(text))[:MAX_TEXT]
    return text, vietnamese.fold_letters(text)


def flowing(text: str) -> str:
    """Return the lines of a page (titles, cells, paragraphs) as one, with a dot where no punctuation parts two."""
    lines = [flat for line in text.splitlines() if (flat := " ".join(line.split()))]
    return "".join(
        line if place == len(lines) else f"{line} " if line[-1] in ".!?:;,…" else f"{line} · "
        for place, line in enumerate(lines, start=1)
    )
