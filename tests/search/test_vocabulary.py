"""Words are counted in what everybody may read, and only there."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from wagtail.models import PageViewRestriction, Site

from search import services, vocabulary
from search.analysis import EXACT, PAIR
from search.engines.affordable import POSTINGS, affordable
from search.engines.base import SearchQuery
from search.understanding.reading import plain_plan
from search.vocabulary import Words
from tests.factories.core import make_office
from tests.search.helpers import article, past

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def site() -> Site:
    vocabulary.forget()
    return make_office()


def documents(term: str) -> int:
    return vocabulary.words().documents.get(term, 0)


def test_words_and_neighbours_are_counted_by_page(site: Site) -> None:
    article(site, "Chợ phiên", "Chợ phiên họp ngày rằm.")
    article(site, "Chợ đêm")
    vocabulary.refresh()
    assert (documents("cho"), documents(EXACT + "cho75"), documents("phien")) == (2, 2, 1)
    assert vocabulary.pairs([PAIR + "chophien", PAIR + "chodem", PAIR + "phienday"]) == {
        PAIR + "chophien": 1,
        PAIR + "chodem": 1,
    }
    assert vocabulary.words().usual["cho"] == "cho75"


def test_what_is_not_public_gives_no_words_away(site: Site) -> None:
    article(site, "Bản nháp khoailang", live=False)
    article(site, "Hết hạn sauriengxx", expire_at=past())
    secret = article(site, "Riêng matkhauxx")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    vocabulary.refresh()
    assert not {"khoailang", "sauriengxx", "matkhauxx"} & vocabulary.words().folded
    found = services.search(SearchQuery("khoailanf", site, "vi"))
    assert not found.asked_instead
    assert not found.did_you_mean


def test_a_word_that_is_gone_is_forgotten_and_nothing_else_changes(site: Site) -> None:
    page = article(site, "Chợ phiên")
    article(site, "Chợ đêm")
    vocabulary.refresh()
    page.delete()
    vocabulary.refresh()
    assert documents("phien") == 0
    assert documents("dem") == 1


def test_a_slip_is_mended_to_what_pages_say_and_can_be_refused(site: Site) -> None:
    article(site, "Đăng ký khai sinh", "Hướng dẫn đăng ký khai sinh cho con.")
    article(site, "Đăng ký kết hôn")
    vocabulary.refresh()
    found = services.search(SearchQuery("đăng ký khai sihn", site, "vi"))
    assert found.asked_instead == "đăng ký khai sinh"
    assert found.results[0].card.title == "Đăng ký khai sinh"
    exactly = services.search(SearchQuery("khai sihn", site, "vi", corrected=False))
    assert exactly.asked_instead == ""
    assert exactly.did_you_mean == "khai sinh"


def test_common_words_are_left_out_before_rare_ones_and_one_always_stays() -> None:
    plan = plain_plan("dịch vụ công trực tuyến")
    few = Words(100, dict.fromkeys(plan.terms, 10), frozenset())
    assert affordable(plan, few.documents) == plan.terms
    many = Words(
        100_000, {term: POSTINGS * 2 for term in plan.terms if not term.startswith(PAIR)}, frozenset()
    )
    kept = [term for term in affordable(plan, many.documents) if term]
    assert [term for term in kept if term.startswith(PAIR)] == [
        term for term in plan.terms if term.startswith(PAIR)
    ]
    assert len([term for term in kept if not term.startswith(PAIR)]) == 1


def test_a_rebuild_counts_the_words(site: Site) -> None:
    article(site, "Chợ phiên")
    call_command("rebuild_index", verbosity=0)
    assert documents("phien") == 1
