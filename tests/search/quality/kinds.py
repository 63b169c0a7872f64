"""The ways in which residents type one question, made from its full spelling. Independent of what the product decodes.

Every form is the same on every run: choices follow from the words themselves. A form that does not change the question
(UPPER of digits, glued of one word) is left out.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
CIRCUMFLEX, BREVE, HORN, STROKE = "\u0302", "\u0306", "\u031b", "đ"
VOWELS = set("aeiouy")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter taken apart: base letter, mark (circumflex, breve, horn, stroke of đ) and tone, "" where there is none."""

    base: str
    mark: str = ""
    tone: str = ""

    @property
    def plain(self) -> str:
        return self.base.lower()


def letters(word: str) -> list[Letter]:
    """Take a word apart."""
    found = []
    for char in unicodedata.normalize("NFC", word):
        if char in "đĐ":
            found.append(Letter("d" if char == "đ" else "D", STROKE))
            continue
        base, *signs = list(unicodedata.normalize("NFD", char))
        tone = next((sign for sign in signs if sign in TONES), "")
        mark = next((sign for sign in signs if sign in (CIRCUMFLEX, BREVE, HORN)), "")
        found.append(Letter(base, mark, tone))
    return found


def spell(parts: list[Letter]) -> str:
    """Put a word together again (NFC)."""
    text = "".join(
        ("đ" if part.base == "d" else "Đ") if part.mark == STROKE else part.base + part.mark + part.tone
        for part in parts
    )
    return unicodedata.normalize("NFC", text)


def each_word(text: str, change: Callable[[str, int], str]) -> str:
    """Change every word; ``change`` is given the word and its number."""
    return " ".join(change(word, number) for number, word in enumerate(text.split()))


def unaccented(text: str) -> str:
    """Leave out every mark and tone; đ becomes d."""
    return "".join(part.base for part in letters(text))


def partial(text: str) -> str:
    """Leave out the marks and tones of every second word, and the tones only of every fourth."""

    def change(word: str, number: int) -> str:
        if number % 2 == 0:
            return unaccented(word)
        return spell([Letter(p.base, p.mark) for p in letters(word)]) if number % 4 == 3 else word

    return each_word(text, change)


def misplaced(text: str) -> str:
    """Set the tone on another vowel of its word: hoà for hòa, tòan for toàn, cuả for của."""

    def change(word: str, _number: int) -> str:
        parts = letters(word)
        start = next((i for i, p in enumerate(parts) if p.tone), None)
        if start is None:
            return word
        vowels = [i for i, p in enumerate(parts) if p.plain in VOWELS]
        if len(vowels) > 1 and parts[0].plain == "q":
            vowels = [i for i in vowels if i != 1]
        if len(vowels) > 1 and parts[0].plain == "g" and parts[1].plain == "i":
            vowels = [i for i in vowels if i != 1]
        others = [i for i in vowels if abs(i - start) == 1]
        if not others:
            return word
        end = others[-1]
        tone = parts[start].tone
        parts[start] = Letter(parts[start].base, parts[start].mark)
        parts[end] = Letter(parts[end].base, parts[end].mark, tone)
        return spell(parts)

    return each_word(text, change)


def nfd(text: str) -> str:
    """Decompose, as some phones and Macs do."""
    return unicodedata.normalize("NFD", text)


def upper(text: str) -> str:
    """Write in capitals."""
    return text.upper()


def _telex_mark(part: Letter) -> str:
    """Return the key that gives a letter its mark."""
    if part.mark == STROKE:
        return part.base
    return part.base if part.mark == CIRCUMFLEX else "w" if part.mark else ""


def telex_word(word: str, *, marks: str = "inline", tone: str = "end") -> str:
    """Return the keys of a word in Telex.

    ``marks``: "inline" behind their letters (``uo`` with two horns as ``uow``), "late" behind the last letter (as ``dangdw``);
    ``tone``: "end" of the word or "inline" behind its vowel.
    """
    keys, late, last = "", "", ""
    parts = letters(word)
    for number, part in enumerate(parts):
        keys += part.base
        key = _telex_mark(part)
        following = parts[number + 1] if number + 1 < len(parts) else Letter("")
        pair = part.mark == HORN and part.plain == "u" and following.mark == HORN
        if key and not pair:
            if marks == "inline":
                keys += key
            else:
                late += key
        if part.tone:
            if tone == "inline" and not pair:
                keys += TONES[part.tone]
            else:
                last = TONES[part.tone]
    return keys + late + last


def telex(text: str) -> str:
    """Return what stands there when Telex is not switched on: ``dichj vuj coong``, ``ddawng kys``."""
    return each_word(text, lambda word, _number: telex_word(word))


def telex_free(text: str) -> str:
    """Telex in other orders that people use: the tone behind the vowel, marks behind the last letter."""

    def change(word: str, number: int) -> str:
        if number % 2:
            return telex_word(word, marks="late")
        return telex_word(word, tone="inline")

    return each_word(text, change)


def vni_word(word: str, *, late: bool) -> str:
    """Return the keys of a word in VNI; ``late``: all digits at the end, one 7 for ươ."""
    digits = {CIRCUMFLEX: "6", HORN: "7", BREVE: "8", STROKE: "9"}
    keys, after, tone = "", "", ""
    for part in letters(word):
        keys += part.base
        if part.mark:
            digit = digits[part.mark]
            if not late:
                keys += digit
            elif digit not in after:
                after += digit
        if part.tone:
            tone = VNI_TONES[part.tone]
    return keys + after + tone


def vni(text: str) -> str:
    """Return what stands there when VNI is not switched on: ``dich5 vu5 cong6``, ``d9a8ng ky1``."""
    return each_word(text, lambda word, number: vni_word(word, late=number % 3 != 1))


def half(text: str) -> str:
    """Telex that was converted for a part of the keys: ``đăng kys``, ``viêcj``, ``dịch vuj công``."""

    def change(word: str, number: int) -> str:
        if number % 2 == 0 and any(p.tone for p in letters(word)):
            parts = letters(word)
            tone = next(TONES[p.tone] for p in parts if p.tone)
            return spell([Letter(p.base, p.mark) for p in parts]) + tone
        return telex_word(word) if number % 2 else word

    return each_word(text, change)


def slip(text: str) -> str:
    """Make one slip of a phone keyboard in the longest word: a neighbour's key, a letter left out, doubled or swapped."""
    chance = random.Random(f"slip {text}")
    if chance.random() < 0.5:
        text = unaccented(text)
    words = text.split()
    place = max(range(len(words)), key=lambda i: (len(words[i]), -i))
    words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    kind = chance.choice(("neighbour", "missing", "double", "swapped"))
    at = chance.randrange(len(word))
    if kind == "neighbour":
        plain = [i for i, char in enumerate(word) if char.isascii() and char.isalpha()]
        if plain:
            at = chance.choice(plain)
            row = next(row for row in ROWS if word[at].lower() in row)
            near = [i for i in (row.index(word[at].lower()) + d for d in (-1, 1)) if 0 <= i < len(row)]
            return word[:at] + row[chance.choice(near)] + word[at + 1 :]
    if kind == "missing" and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind == "swapped" and len(word) > 1:
        pairs = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
        at = chance.choice(pairs)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[: at + 1] + word[at] + word[at + 1 :]


def glued(text: str) -> str:
    """Leave out every second blank of the unaccented question: ``dangky thuongtru``; of the accented one now and then."""
    words = (unaccented(text) if random.Random(f"glued {text}").random() < 0.7 else text).split()
    return " ".join("".join(words[start : start + 2]) for start in range(0, len(words), 2))


#: Spellings of the ear: beginnings and ends of syllables that sound alike in the south, the centre or the north.
BEGINNINGS = tuple(
    tuple(pair.split("-")) for pair in ["tr-ch", "ch-tr", "s-x", "x-s", "gi-d", "v-d", "r-d", "d-gi", "l-n"]
)
ENDS = (("ang", "an"), ("an", "ang"), ("at", "ac"), ("ac", "at"), ("inh", "in"))


def dialect(text: str) -> str:
    """Write one word as it is heard: another beginning or end, or hỏi for ngã and the other way round."""
    chance = random.Random(f"dialect {text}")
    words = text.split()
    changed = []
    for number, word in enumerate(words):
        for spoken in _heard(word):
            changed.append((number, spoken))
    if not changed:
        return text
    number, spoken = chance.choice(changed)
    words[number] = spoken
    return " ".join(words)


def _heard(word: str) -> Iterator[str]:
    parts = letters(word)
    plain = "".join(part.plain for part in parts)
    swap = {"\u0309": "\u0303", "\u0303": "\u0309"}
    if any(part.tone in swap for part in parts):
        yield spell([Letter(p.base, p.mark, swap.get(p.tone, p.tone)) for p in parts])
    for written, said in BEGINNINGS:
        if plain.startswith(written) and parts[0].mark != STROKE and len(plain) > len(written):
            if plain[len(written)] in VOWELS:
                yield said + spell(parts[len(written) :])
            break
    for written, said in ENDS:
        if plain.endswith(written) and not parts[-1].mark:
            stem = parts[: len(parts) - len(written) + 1]
            yield spell(stem) + said[1:]
            break


FORMS: dict[str, Callable[[str], str]] = {
    "unaccented": unaccented,
    "partial": partial,
    "misplaced": misplaced,
    "nfd": nfd,
    "upper": upper,
    "telex": telex,
    "telex_free": telex_free,
    "vni": vni,
    "half": half,
    "slip": slip,
    "glued": glued,
    "dialect": dialect,
}
#: Order of the table.
KINDS = ("accented", *FORMS, "abbreviation", "everyday", "question", "nonsense")


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, question as typed) for every way of typing that changes ``text``."""
    for kind, form in FORMS.items():
        typed = form(text)
        if typed != text:
            yield kind, typed
