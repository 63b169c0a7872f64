"""The shipped lexicon (search/data): written as agreed, without contradictions, and broad."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

import search
from core import vietnamese
from search.understanding.syllables import is_folded_syllable

DATA = Path(search.__file__).parent / "data"
FILES = ("thesaurus.yaml", "abbreviations.yaml", "dialect.yaml", "stop_phrases.yaml")
#: Everyday words of one syllable that no other Vietnamese word folds to often enough to matter.
SINGLE_WORDS = {"heo"}
#: What the issue asks for at least, and the least number of sets a theme is worth its own head for.
LEAST_SETS, LEAST_ABBREVIATIONS, LEAST_DIALECT, LEAST_STOP_PHRASES = 600, 250, 200, 150
LEAST_THEMES, LEAST_SETS_OF_A_THEME = 35, 8
#: Without these the list is of no use to a commune.
NEEDED = {
    *("DVC", "DVCTT", "TMĐT", "CĐS", "NTM", "CCCD", "BHYT", "OCOP", "HTX", "UBND", "HĐND", "TTHC", "BHXH", "BHTN", "GPLX"),
    *("QSDĐ", "GTGT", "TNCN", "ĐKKD", "HKD", "MST", "BVTV", "CNTT", "KCB", "THPT", "THCS", "GDĐT", "PAKN", "TCNSCĐ"),
}  # fmt: skip


def rows(name: str) -> list[Any]:
    """Return the rows of a file."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


THESAURUS, ABBREVIATIONS, DIALECT, STOP_PHRASES = (rows(name) for name in FILES)


def exact(phrase: str) -> str:
    """Return a phrase as it is compared with its marks, whichever way they are typed."""
    return " ".join(token.exact for token in vietnamese.tokens(phrase))


def folded(phrase: str) -> str:
    """Return a phrase as it is compared without marks."""
    return " ".join(token.folded for token in vietnamese.tokens(phrase))


def phrases() -> Iterator[tuple[str, str]]:
    """Yield (file, phrase) for everything that stands in the files."""
    for row in THESAURUS:
        yield from (("thesaurus.yaml", phrase) for phrase in (*row["said"], *row["means"]))
    for row in ABBREVIATIONS:
        yield from (("abbreviations.yaml", phrase) for phrase in (row["short"], *row["long"]))
    for row in DIALECT:
        yield from (("dialect.yaml", phrase) for phrase in (*row["said"], row["means"]))
    yield from (("stop_phrases.yaml", phrase) for phrase in STOP_PHRASES)


# --- how it is written ---


@pytest.mark.parametrize("name", FILES)
def test_file_is_nfc_with_a_head_per_theme(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert "\t" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert len(re.findall(r"^# --- .+ ---$", text, re.MULTILINE)) >= 6


def test_rows_have_the_agreed_keys_and_kinds() -> None:
    wrong = [row for row in THESAURUS if set(row) - {"same"} != {"theme", "said", "means"}]
    wrong += [row for row in THESAURUS if row.get("same", True) is not True]
    wrong += [row for row in ABBREVIATIONS if set(row) - {"weak"} != {"short", "long"}]
    wrong += [row for row in ABBREVIATIONS if row.get("weak", True) is not True]
    wrong += [row for row in DIALECT if set(row) != {"said", "means"}]
    wrong += [row for row in (*THESAURUS, *DIALECT) if not row["said"] or not row["means"]]
    assert wrong == []
    assert [phrase for _, phrase in phrases() if not isinstance(phrase, str)] == []


def test_phrases_are_clean_and_hold_words() -> None:
    wrong = [
        (file, phrase)
        for file, phrase in phrases()
        if phrase != " ".join(phrase.split())
        or phrase != unicodedata.normalize("NFC", phrase)
        or not vietnamese.tokens(phrase)
        or len(phrase) > 120
    ]
    assert wrong == []


def test_phrases_are_in_lower_case_and_abbreviations_are_not() -> None:
    shorts = {row["short"] for row in ABBREVIATIONS}
    assert [phrase for _, phrase in phrases() if phrase not in shorts and phrase != phrase.lower()] == []
    assert [short for short in shorts if short == short.lower()] == []


def test_tones_stand_where_the_press_puts_them() -> None:
    """`hòa`, not `hoà`: the search takes both, but people read these files beside the pages."""
    old = re.compile(r"\w(?:o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])\b")
    assert [
        phrase for _, phrase in phrases() if any(word for word in old.findall(phrase) if word[0] not in "qQ")
    ] == []


# --- thesaurus ---


def test_thesaurus_is_broad() -> None:
    themes = Counter(row["theme"] for row in THESAURUS)
    assert len(THESAURUS) >= LEAST_SETS
    assert sum(len(row["said"]) for row in THESAURUS) >= 4 * LEAST_SETS
    assert len(themes) >= LEAST_THEMES
    assert {theme: sets for theme, sets in themes.items() if sets < LEAST_SETS_OF_A_THEME} == {}


def test_sets_of_a_theme_stand_together() -> None:
    runs = Counter(theme for theme, _ in groupby(row["theme"] for row in THESAURUS))
    assert {theme for theme, count in runs.items() if count > 1} == set()
    assert [theme for theme in runs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", theme)] == []


def test_no_phrase_is_said_in_two_sets() -> None:
    said = Counter(exact(phrase) for row in THESAURUS for phrase in dict.fromkeys(row["said"]))
    twice_in_one = [
        row["said"] for row in THESAURUS if len({exact(p) for p in row["said"]}) != len(row["said"])
    ]
    assert {phrase for phrase, count in said.items() if count > 1} == set()
    assert twice_in_one == []


def test_nothing_means_itself() -> None:
    wrong = [
        row
        for row in THESAURUS
        if {folded(p) for p in row["said"]} & {folded(p) for p in row["means"]}
        or len({exact(p) for p in row["means"]}) != len(row["means"])
    ]
    assert wrong == []


def test_nothing_insults_and_nothing_is_misspelled() -> None:
    """What is said may be shown: the box suggests everyday phrases. Spellings by ear stand in dialect.yaml."""
    insults = re.compile(r"\b(?:đĩ|điếm|khùng|điên|ngu|mọi|xì ke|thằng ngu|gái gọi|què)\b")
    by_ear = {exact(phrase) for row in DIALECT for phrase in row["said"]}
    said = [phrase for row in THESAURUS for phrase in row["said"]]
    assert [phrase for phrase in said if insults.search(phrase)] == []
    assert [phrase for phrase in said if exact(phrase) in by_ear] == []


def test_no_two_sets_say_the_opposite_ways() -> None:
    """A → B in one set and B → A in another is one set with `same: true`, or a mistake."""
    ways = {(exact(a), exact(b)) for row in THESAURUS for a in row["said"] for b in row["means"]}
    assert {(a, b) for a, b in ways if (b, a) in ways} == set()


def test_nothing_said_or_meant_is_a_single_common_syllable() -> None:
    def common(phrase: str) -> bool:
        words = vietnamese.tokens(phrase)
        return len(words) == 1 and is_folded_syllable(words[0].folded) and phrase not in SINGLE_WORDS

    assert [p for row in THESAURUS for p in (*row["said"], *row["means"]) if common(p)] == []


def test_official_phrases_are_short_enough_to_be_looked_up() -> None:
    """Each pair of neighbours is a term, and a question has room for 62: long titles would crowd out other readings."""
    assert [p for row in THESAURUS for p in row["means"] if len(vietnamese.tokens(p)) > 12] == []
    assert [row["said"][0] for row in THESAURUS if len(row["means"]) > 4] == []
    assert [
        row["said"][0] for row in THESAURUS if row.get("same") and len(row["said"]) + len(row["means"]) > 5
    ] == []


# --- abbreviations ---


def test_abbreviations_are_many_and_hold_the_needed_ones() -> None:
    assert len(ABBREVIATIONS) >= LEAST_ABBREVIATIONS
    assert NEEDED - {row["short"] for row in ABBREVIATIONS} == set()


def test_each_abbreviation_stands_once_with_all_it_stands_for() -> None:
    shorts = Counter(exact(row["short"]) for row in ABBREVIATIONS)
    assert {short for short, count in shorts.items() if count > 1} == set()
    assert [row for row in ABBREVIATIONS if len({exact(p) for p in row["long"]}) != len(row["long"])] == []
    assert [row for row in ABBREVIATIONS if any(folded(p) == folded(row["short"]) for p in row["long"])] == []


def test_an_abbreviation_that_may_be_a_word_is_weak() -> None:
    wrong = []
    for row in ABBREVIATIONS:
        words = vietnamese.tokens(row["short"])
        if len(words) == 1 and is_folded_syllable(words[0].folded) and not row.get("weak"):
            wrong.append(row)
    assert wrong == []


# --- spellings by ear ---


def test_dialect_is_broad_and_reads_each_spelling_one_way() -> None:
    said = Counter(exact(phrase) for row in DIALECT for phrase in row["said"])
    assert len(DIALECT) >= LEAST_DIALECT
    assert {phrase for phrase, count in said.items() if count > 1} == set()
    assert [row for row in DIALECT if exact(row["means"]) in {exact(p) for p in row["said"]}] == []


def test_no_spelling_leads_round_in_a_circle() -> None:
    means = {exact(phrase): exact(row["means"]) for row in DIALECT for phrase in row["said"]}
    assert {said for said, meant in means.items() if means.get(meant) == said} == set()


def test_no_bare_syllable_is_taken_for_another_word() -> None:
    """`hong` without marks is `hồng` or `hỏng` more often than `hổng`: only what bears marks, or is no syllable, may stand."""
    bare = [
        phrase
        for row in DIALECT
        for phrase in row["said"]
        if len(words := vietnamese.tokens(phrase)) == 1
        and words[0].exact == words[0].folded
        and is_folded_syllable(words[0].folded)
    ]
    assert bare == []


# --- frames of questions ---


def test_stop_phrases_are_many_and_stand_once() -> None:
    counted = Counter(exact(phrase) for phrase in STOP_PHRASES)
    assert len(STOP_PHRASES) >= LEAST_STOP_PHRASES
    assert {phrase for phrase, count in counted.items() if count > 1} == set()


def test_a_stop_phrase_means_nothing_elsewhere() -> None:
    meant = {exact(phrase) for row in THESAURUS for phrase in (*row["said"], *row["means"])}
    meant |= {exact(row["short"]) for row in ABBREVIATIONS}
    assert {phrase for phrase in STOP_PHRASES if exact(phrase) in meant} == set()


def test_no_bare_syllable_is_left_out_of_a_question() -> None:
    """`nha` without marks is `nhà` more often than the particle."""
    bare = [
        phrase
        for phrase in STOP_PHRASES
        if len(words := vietnamese.tokens(phrase)) == 1
        and words[0].exact == words[0].folded
        and is_folded_syllable(words[0].folded)
        and phrase != "ko"  # k never stands before o: nothing but a shortened "không"
    ]
    assert bare == []


def test_the_fee_is_asked_for_in_the_thesaurus() -> None:
    """`bao nhiêu tiền` asks for the fee; as a frame it would be left out."""
    said = {phrase: row["means"] for row in THESAURUS for phrase in row["said"]}
    assert "lệ phí" in said["bao nhiêu tiền"]
    assert "bao nhiêu tiền" not in STOP_PHRASES
