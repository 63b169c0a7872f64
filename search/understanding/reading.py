"""From a question as typed to its plan: decode, find other words, mend and part, leave out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from core import vietnamese
from core.vietnamese import Token
from search.analysis import EXACT, MAX_QUERY_LENGTH, MAX_QUERY_WORDS
from search.understanding import keyboard, spelling
from search.understanding.lexicon import Lexicon, Match
from search.understanding.plan import Overlay, Plan
from search.vocabulary import Words

#: What a page counts that holds a word as typed where it was read as another.
AS_TYPED = 0.9


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as people see it, its token, and the token as typed where it was read as another."""

    text: str
    token: Token
    typed: Token | None = None


def words_of(text: str) -> list[Word]:
    """Return the words of a question as typed; anything may stand in it."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:MAX_QUERY_LENGTH])).lower()
    return [Word(plain[span.start : span.end], span.token) for span in vietnamese.spans(plain)]


def plain_plan(text: str) -> Plan:
    """Return the plan of a question taken as typed, without any data: for the staff's own search."""
    words = words_of(text)
    return _plan(words, _meaningless(words), [])


def understand(
    text: str,
    *,
    lexicon: Lexicon,
    words: Words,
    pairs: Callable[[Iterable[str]], dict[str, int]],
    corrected: bool = True,
    eager: bool = False,
) -> Plan:
    """Return the plan of a question.

    Args:
        text: as typed.
        lexicon: other ways of saying things.
        words: what stands in public pages.
        pairs: pair terms → pages that hold them.
        corrected: whether it may be read otherwise than typed.
        eager: whether slips are mended with less to speak for it, for a question to offer.
    """
    read = words_of(text)[: 4 * MAX_QUERY_WORDS]
    typed = [word.token for word in read]
    if corrected:
        read = _decode(read, words)
    read = _standard(read, lexicon, words)
    matches = _matches(read, lexicon, words)
    left_out = _meaningless(read) | lexicon.empty([word.token for word in read])
    doubted = False
    if corrected:
        margin = spelling.EAGER if eager else spelling.MARGIN
        mended = _mend(read, words, pairs, _places(matches) | left_out, margin)
        if mended is not None:
            read, doubted = mended
            matches = _matches(read, lexicon, words)
            left_out = _meaningless(read) | lexicon.empty([word.token for word in read])
    left_out -= _places(matches)
    plan = _plan(read, left_out, matches)
    tokens = [word.token for word in read]
    if [t.folded for t in tokens] != [t.folded for t in typed] or _gained_marks(tokens, typed):
        plan = replace(plan, read_as=" ".join(word.text for word in read), doubted=doubted)
    return plan


def _places(matches: Iterable[Match]) -> set[int]:
    return {place for match in matches for place in range(match.start, match.end)}


def _gained_marks(read: Sequence[Token], typed: Sequence[Token]) -> bool:
    return len(read) == len(typed) and any(a.exact != b.exact for a, b in zip(read, typed, strict=True))


# --- the steps ---


def _decode(read: list[Word], words: Words) -> list[Word]:
    """Read raw Telex and VNI. A word that stands in some page is taken as it is, unless others show the raw input."""
    decoded = [keyboard.decoded(word.text) for word in read]
    raw = [
        place
        for place, (word, meant) in enumerate(zip(read, decoded, strict=True))
        if meant and word.token.folded not in words.folded and _known(meant, words)
    ]
    if not raw:
        return read
    found = []
    for word, meant in zip(read, decoded, strict=True):
        # among raw words, one that could also be a rare syllable ("coong") is raw as well
        other = meant or (
            keyboard.from_telex(word.text)
            if word.token.folded not in words.folded or "oo" in word.text
            else None
        )
        if other and (_known(other, words) or (len(raw) > 1 and _token(other).folded in words.folded)):
            keep = word.token if word.token.folded in words.folded else None
            found.append(Word(other, _token(other), keep))
        else:
            found.append(word)
    return found


def _token(text: str) -> Token:
    return vietnamese.tokens(text)[0]


def _known(text: str, words: Words) -> bool:
    """Whether the very word stands in some page. Where nothing has been counted yet, all do."""
    token = _token(text)
    if token.exact == token.folded or not words.folded:
        return not words.folded or token.folded in words.folded
    return EXACT + token.exact in words.documents


def _standard(read: list[Word], lexicon: Lexicon, words: Words) -> list[Word]:
    """Replace spellings by ear that no page has by the usual ones, word for word."""
    found = list(read)
    for match in lexicon.matches([word.token for word in read]):
        if match.source != "dialect" or len(match.words) != match.end - match.start:
            continue
        for place, token in zip(range(match.start, match.end), match.words, strict=True):
            if read[place].token.folded != token.folded and read[place].token.folded not in words.folded:
                found[place] = Word(readable(token), token)
    return found


def _matches(read: Sequence[Word], lexicon: Lexicon, words: Words) -> list[Match]:
    """Return the lexicon's matches, also those that words without a meaning of their own interrupt.

    A single word that stands in pages is no spelling by ear of another.
    """
    tokens = [word.token for word in read]
    found = lexicon.matches(tokens)
    empty = _meaningless(read)
    if empty:
        places = [place for place in range(len(read)) if place not in empty]
        for match in lexicon.matches([tokens[place] for place in places]):
            moved = Match(
                places[match.start], places[match.end - 1] + 1, match.words, match.source, match.weight
            )
            if moved not in found and match.end - match.start > 1:
                found.append(moved)
    return [
        match
        for match in found
        if match.source != "dialect"
        or match.end - match.start > 1
        or tokens[match.start].folded not in words.folded
    ]


def _meaningless(read: Sequence[Word]) -> set[int]:
    """Return the places of words without a meaning of their own, where marks show that they are meant: "cho" may be "chợ"."""
    marked = sum(word.token.exact != word.token.folded for word in read) * 3 >= len(read)
    found = {place for place, word in enumerate(read) if marked and word.token.exact in _STOP_TOKENS}
    return found if len(found) < len(read) else set()


def _mend(
    read: list[Word],
    words: Words,
    pairs: Callable[[Iterable[str]], dict[str, int]],
    certain: set[int],
    margin: float,
) -> tuple[list[Word], bool] | None:
    """Return the words with slips mended and glued words parted, and whether a slip was mended; None: nothing to do."""
    folded = [word.token.folded for word in read][:MAX_QUERY_WORDS]
    if not words.folded or not folded:
        return None
    language = spelling.Language(words.size, lambda term: words.documents.get(term, 0), words.likely, pairs)
    better = spelling.mend(folded, language, fixed=certain, margin=margin)
    if better is None:
        return None
    marked = any(word.token.exact != word.token.folded for word in read)
    found: list[Word] = []
    mended = False
    for word, meant in zip(read, better, strict=False):
        if meant == (word.token.folded,):
            found.append(word)
        elif "".join(meant) == word.token.folded and len(word.text) == len(word.token.folded):
            found += _cut(word.text, meant)
        else:
            mended = True
            known = word.token if word.token.folded in words.folded and len(meant) == 1 else None
            for piece in meant:
                shown = readable(Token(words.usual.get(piece, piece), piece)) if marked else piece
                found.append(Word(shown, Token(piece, piece), known))
    return [*found, *read[len(better) :]], mended


def _cut(text: str, pieces: Sequence[str]) -> list[Word]:
    """Part a word as typed, with the marks that it has."""
    found, at = [], 0
    for piece in pieces:
        part = text[at : at + len(piece)]
        at += len(piece)
        found.append(Word(part, _token(part)))
    return found


def readable(token: Token) -> str:
    """Return the word of a token as people write it."""
    if token.exact == token.folded:
        return token.folded
    return keyboard.from_vni(token.exact) or token.folded


def _plan(read: Sequence[Word], left_out: set[int], matches: Sequence[Match]) -> Plan:
    """Number the different words that are looked up, and hang the other ways of saying on them."""
    words: list[Token] = []
    number: dict[int, int] = {}
    overlays: list[Overlay] = []
    kept = [place for place in range(len(read)) if place not in left_out] or list(range(len(read)))
    for place in kept:
        token = read[place].token
        if token in words:
            number[place] = words.index(token)
        elif len(words) < MAX_QUERY_WORDS:
            number[place] = len(words)
            words.append(token)
            typed = read[place].typed
            if typed is not None:
                overlays.append(Overlay(number[place], number[place] + 1, (typed,), AS_TYPED))
    beside = ((number.get(place), number.get(place + 1)) for place in range(len(read) - 1))
    pairs = tuple(dict.fromkeys((a, b) for a, b in beside if a is not None and b is not None and a != b))
    for match in matches:
        inside = [number[place] for place in range(match.start, match.end) if place in number]
        if inside and max(inside) - min(inside) < match.end - match.start:
            overlays.append(Overlay(min(inside), max(inside) + 1, match.words, match.weight))
    return Plan(tuple(words), pairs, tuple(dict.fromkeys(overlays)))


_STOP_TOKENS = frozenset(token.exact for word in vietnamese.STOP_WORDS for token in vietnamese.tokens(word))
