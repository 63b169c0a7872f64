"""Vietnamese text: the one place that knows about composed and decomposed marks, đ, and slugs.

Pure functions, no Django models: slugs, search, sorting and duplicate names all build on these.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

#: đ and Đ are letters of their own in Unicode: no normalisation form turns them into d + mark.
_D_BAR = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
#: The alphabet's own order (Quốc ngữ), then the five tones in dictionary order.
_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def to_nfc(text: str) -> str:
    """Return ``text`` in Unicode NFC, the form in which the site stores everything."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return ``text`` in lower case without any Vietnamese mark: ``"Đăng ký"`` → ``"dang ky"``.

    Accepts NFC, NFD and mixtures; other characters (digits, punctuation, emoji) stay as they are.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_BAR))
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).lower()


class _BareLetters(dict[int, str]):
    """Code point → the letter without marks, worked out once; the letter itself where that would be none or several."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = fold(char)
        self[code] = found = folded if len(folded) == 1 else char
        return found


_BARE_LETTERS = _BareLetters()


class _BarePieces(dict[str, str]):
    """What stands between two blanks → the same without marks. Most come again and again: faster than letter for letter."""

    def __missing__(self, piece: str) -> str:
        found = piece.translate(_BARE_LETTERS)
        if len(piece) < _LONG_PIECE:
            if len(self) >= _MOST_PIECES:
                self.clear()
            self[piece] = found
        return found


#: Pieces of so many characters are no words, and not kept; so many are kept.
_LONG_PIECE, _MOST_PIECES = 32, 40_000
_BARE_PIECES = _BarePieces()


def fold_letters(text: str) -> str:
    """Return ``text`` (NFC) in lower case without marks, letter for letter: places in both are the same."""
    return " ".join([_BARE_PIECES[piece] for piece in text.split(" ")])


def slugify(text: str, *, max_length: int = 80, fallback: str = "trang") -> str:
    """Return an ASCII slug of ``text``, at most ``max_length`` characters, cut at a word.

    Never empty and never made of dashes only: a text without a letter or digit gives ``fallback``.
    """
    slug = _NOT_SLUG.sub("-", fold(unicodedata.normalize("NFKC", text))).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rsplit("-", 1)[0]
        slug = (cut if len(cut) <= max_length else slug[:max_length]).strip("-")
    return slug or fallback


def sort_key(text: str) -> tuple[tuple[int, ...], ...]:
    """Return a key that sorts words as a Vietnamese dictionary does (a, ă, â … d, đ …, then tones)."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text.lower()):
        base, tone = "", 0
        for part in unicodedata.normalize("NFD", char):
            if part in _TONES:
                tone = _TONES[part]
            else:
                base += part
        letter = unicodedata.normalize("NFC", base)
        letters.append(
            _LETTERS.get(letter, 1000 + ord(letter[0]) if letter else 0) if letter.isalpha() else -1
        )
        tones.append(tone)
    return tuple(letters), tuple(tones)


# --- search analysis: one for every engine ---

#: A word: letters and digits, with the combining marks that normalisation could not compose.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
#: Marks of a letter as the VNI input method numbers them; tones go to the end of the word.
_VNI_LETTERS = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
_VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
#: Longer "words" are no words (a pasted key, a line of one letter); cut so that an index stays sane.
_MAX_WORD = 40
#: Words that carry no meaning of their own in a question. With their marks: unmarked "cho" may be "chợ".
STOP_WORDS = frozenset(
    (
        *(
            "và",
            "của",
            "là",
            "các",
            "những",
            "được",
            "trong",
            "với",
            "tại",
            "thì",
            "mà",
            "để",
            "này",
            "đó",
            "như",
            "thế",
        ),
        *(
            "nào",
            "sao",
            "gì",
            "ạ",
            "ơi",
            "nhé",
            "hả",
            "rằng",
            "bị",
            "bởi",
            "đã",
            "đang",
            "sẽ",
            "rất",
            "vì",
            "nên",
            "hay",
        ),
        *("hoặc", "cũng", "có", "cho", "ở", "từ", "về", "khi", "một", "không", "phải", "muốn", "đâu", "ai"),
    )
)


class Token(NamedTuple):
    """A word as search sees it. ``exact`` equals ``folded`` for a word without marks; else it spells the marks out."""

    exact: str
    folded: str


class Span(NamedTuple):
    """A word in a text: its place (character offsets) and its token."""

    start: int
    end: int
    token: Token


@lru_cache(maxsize=32_768)
def _analyse(word: str) -> Token:
    """Return the token of one lower-case word.

    ``exact`` is ASCII for Vietnamese words: letter marks as VNI digits, the tone last, so that ``hoà`` and ``hòa`` are one.
    """
    folded = fold(word)[:_MAX_WORD]
    letters, tone, marked = [], "", False
    for char in unicodedata.normalize("NFD", word.replace("đ", "d9")):
        if char in _VNI_TONES:
            tone = _VNI_TONES[char]
        elif char in _VNI_LETTERS:
            letters.append(_VNI_LETTERS[char])
        elif unicodedata.category(char) != "Mn":
            letters.append(char)
            continue
        marked = True
    if not marked and "đ" not in word:
        return Token(folded, folded)
    return Token(fold("".join(letters))[:_MAX_WORD] + tone, folded)


@lru_cache(maxsize=32_768)
def word_token(word: str) -> Token | None:
    """Return the token of a word as it stands in a text, None where normalisation leaves no word or several."""
    found = tokens(word)
    return found[0] if len(found) == 1 else None


def tokens(text: str) -> list[Token]:
    """Return the words of ``text`` in order, each with its exact and its folded form.

    NFC and NFD, upper and lower case, full-width letters and either placement of a tone give the same tokens. Any text is
    accepted; what is neither letter nor digit separates words.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return [
        found
        for word in _WORD.findall(unicodedata.normalize("NFC", plain))
        if (found := _analyse(word)).folded
    ]


def words(text: str) -> list[tuple[int, int]]:
    """Return the places (character offsets) of the words of ``text``, which should be in NFC."""
    return [match.span() for match in _WORD.finditer(text)]


def spans(text: str) -> list[Span]:
    """Return the words of ``text`` with their places in it and their tokens. ``text`` should be in NFC."""
    return [Span(start, end, token) for start, end in words(text) if (token := word_token(text[start:end]))]
