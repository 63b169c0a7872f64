"""What makes one page answer better than another, on words that stand here in full."""

from __future__ import annotations

import pytest

from search.analysis import PAIR, section_lines
from search.ranking import FLOOR, Coverage, Group, Scale, counted, rarity
from search.scoring import Scorer
from search.understanding.lexicon import Lexicon, Row, entries
from search.understanding.plan import Plan
from search.understanding.reading import plain_plan, understand
from search.vocabulary import Words

LEXICON = Lexicon.build(entries([Row("thesaurus", ("bán hàng trên mạng",), ("thương mại điện tử",))]))


def plan_of(text: str) -> Plan:
    return understand(
        text, lexicon=LEXICON, words=Words(0, {}, frozenset()), pairs=lambda _terms: {}, corrected=False
    )


def score(
    question: str, title: str, body: str = "", *, lead: str = "", files: str = "", size: int = 1000
) -> float:
    plan = plan_of(question)
    scorer = Scorer(plan, Scale.of(plan, {}, size))
    return scorer(*section_lines([[title], [lead], [body], [files]]))


def test_the_very_marks_are_worth_more_than_others() -> None:
    assert score("chợ phiên", "Chợ phiên") > score("chợ phiên", "Chó phiền") > 0


def test_the_title_is_worth_more_than_the_lead_the_lead_more_than_the_body_the_body_more_than_a_file() -> (
    None
):
    words = "đăng ký khai sinh"
    rest = "một trang khác hẳn"
    scores = [
        score(words, words, rest),
        score(words, rest, rest, lead=words),
        score(words, rest, words),
        score(words, rest, rest, files=words),
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_neighbours_are_worth_more_than_words_apart() -> None:
    together = score("hạt điều", "Tin", "giá hạt điều hôm nay")
    apart = score("hạt điều", "Hạt giống", "các điều khoản của hợp đồng")
    assert together > apart


def test_a_short_page_is_worth_more_than_a_long_one_with_the_same_words() -> None:
    assert score("hạt điều", "Tin", "giá hạt điều") > score(
        "hạt điều", "Tin", "giá hạt điều " + "và nhiều chuyện " * 300
    )


def test_other_words_for_it_count_and_both_together_count_more() -> None:
    one = score("bán hàng trên mạng", "Thương mại điện tử")
    both = score("bán hàng trên mạng", "Thương mại điện tử", "cách bán hàng trên mạng")
    assert both > one > 0


def test_words_that_stand_about_by_themselves_are_no_answer() -> None:
    assert score("siêu nhân gao đỏ", "Luật", "nhân dân giữ lá cờ đỏ, siêu thị") == 0
    assert score("con khủng long biết bay", "Chăn nuôi", "một con bò") == 0


def test_a_page_without_any_word_is_none() -> None:
    assert score("hạt điều", "Chợ phiên") == 0


@pytest.mark.parametrize("documents", [0, 1, 500, 999])
def test_rarer_is_worth_more_and_nothing_is_worth_less_than_nothing(documents: int) -> None:
    assert rarity(documents, 1000) > rarity(documents + 1, 1000) > 0


def test_coverage_lies_between_nothing_and_everything() -> None:
    plan = plain_plan("dịch vụ công trực tuyến")
    coverage = Coverage(plan, Scale.of(plan, {}, 10))
    everything = (1 << len(plan.terms)) - 1
    assert coverage(0) == 0
    assert coverage(everything) == pytest.approx(1)
    assert 0 < coverage(1 << plan.numbers["dich"]) < FLOOR


def test_postings_are_counted_by_term() -> None:
    plan = plain_plan("dịch vụ")
    pair = 1 << plan.numbers[PAIR + "dichvu"]
    word = 1 << plan.numbers["dich"]
    found = counted(plan, [Group(pair | word, 0, 3, "1,2,3"), Group(word, 0, 2, "4,5")])
    assert found["dich"] == 5
    assert found[PAIR + "dichvu"] == 3
    assert found["vu"] == 0
