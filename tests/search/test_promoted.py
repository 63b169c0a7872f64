"""Results that staff put first: when they apply, and that they never show what a reader may not see."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from core.models import OfficeSettings
from core.offices import forget
from search.models import PromotedPage, PromotedResult
from search.promoted import for_question
from tests.factories.core import make_office
from tests.factories.news import make_article, make_news_index


@pytest.fixture
def site(db: None) -> Site:
    return make_office("localhost", languages=("vi", "en"))


@pytest.fixture
def pages(site: Site) -> list[Any]:
    news = make_news_index(site)
    return [make_article(news, title=f"Bài {number}") for number in range(4)]


def promote(site: Site, questions: str, *pages: Any, **values: Any) -> PromotedResult:
    """Return a saved set."""
    row = PromotedResult(site=site, questions=questions, **values)
    row.pages = [PromotedPage(page=page, sort_order=number) for number, page in enumerate(pages)]
    row.full_clean(exclude=["created_by"])
    row.save()
    return row


@pytest.mark.database
def test_pages_come_in_the_order_of_staff(site: Site, pages: list[Any]) -> None:
    promote(site, "Lịch cắt điện\ncúp điện", pages[2], pages[0])
    for text in ("cúp điện", "CUP DIEN", "lich cat dien?", "cúp điện".encode().decode()):
        assert for_question(site, "vi", text) == [pages[2].pk, pages[0].pk]
    for text in ("", "điện", "bao giờ hết cúp điện", "cúp điện tử", "😀", "\x00"):
        assert for_question(site, "vi", text) == []


def test_the_question_may_only_have_to_contain_the_line(site: Site, pages: list[Any]) -> None:
    promote(site, "cúp điện", pages[0], match=PromotedResult.Match.PART)
    assert for_question(site, "vi", "bao giờ hết cup dien vậy") == [pages[0].pk]
    assert for_question(site, "vi", "điện cúp") == []


def test_one_word_alone_must_not_contradict_its_marks(site: Site, pages: list[Any]) -> None:
    promote(site, "chợ", pages[0])
    assert for_question(site, "vi", "cho") == for_question(site, "vi", "Chợ") == [pages[0].pk]
    assert for_question(site, "vi", "chó") == []


def test_several_sets_give_three_pages_at_most(site: Site, pages: list[Any]) -> None:
    promote(site, "cúp điện", pages[0], pages[1])
    promote(site, "cúp điện", pages[1], pages[2], pages[3])
    found = for_question(site, "vi", "cúp điện")
    assert len(found) == len(set(found)) == 3


def test_a_set_has_its_days(site: Site, pages: list[Any]) -> None:
    today = timezone.localdate()
    row = promote(site, "cúp điện", pages[0], starts_on=today, ends_on=today)
    assert for_question(site, "vi", "cúp điện") == [pages[0].pk]
    row.starts_on = row.ends_on = today + datetime.timedelta(days=1)
    row.save()
    assert for_question(site, "vi", "cúp điện") == []
    row.starts_on, row.ends_on = None, today - datetime.timedelta(days=1)
    row.save()
    assert for_question(site, "vi", "cúp điện") == []
    row.ends_on, row.active = None, False
    row.save()
    assert for_question(site, "vi", "cúp điện") == []
    row.active = True
    row.save()
    assert for_question(site, "vi", "cúp điện") == [pages[0].pk]
    row.delete()
    assert for_question(site, "vi", "cúp điện") == []


@pytest.mark.database
def test_only_what_the_reader_may_see(site: Site, pages: list[Any]) -> None:
    draft, private, expired, seen = pages
    promote(site, "cúp điện", draft, private, expired)
    promote(site, "mất điện", seen)
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    expired.expire_at = timezone.now() - datetime.timedelta(minutes=1)
    expired.save()
    forget()
    assert for_question(site, "vi", "cúp điện") == []
    assert for_question(site, "vi", "mất điện") == [seen.pk]


@pytest.mark.database
def test_another_office_has_its_own(site: Site, pages: list[Any]) -> None:
    other = make_office("xa.localhost")
    promote(site, "cúp điện", pages[0])
    assert for_question(other, "vi", "cúp điện") == []
    promote(other, "cúp điện", pages[0])
    assert for_question(other, "vi", "cúp điện") == []  # not its page
    OfficeSettings.objects.filter(site=other).update(shares_from=site)
    pages[0].shared = True
    pages[0].save()
    forget()
    assert for_question(other, "vi", "cúp điện") == [pages[0].pk]


def test_a_page_stands_for_its_translation(site: Site, pages: list[Any]) -> None:
    from wagtail.models import Locale

    english = pages[0].copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    promote(site, "power cut", pages[0])
    assert for_question(site, "en", "power cut") == []  # not published yet
    english.live = True
    english.save()
    assert for_question(site, "en", "power cut") == [english.pk]
    assert for_question(site, "vi", "power cut") == [pages[0].pk]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"questions": " \n?!"}, "questions"),
        ({"questions": "\n".join(f"câu {number}" for number in range(31))}, "questions"),
        ({"questions": "có", "match": "part"}, "questions"),
        ({"starts_on": datetime.date(2026, 2, 2), "ends_on": datetime.date(2026, 2, 1)}, "ends_on"),
    ],
)
def test_a_set_that_cannot_work_is_refused_in_words(site: Site, values: dict[str, Any], field: str) -> None:
    row = PromotedResult(**{"site": site, "questions": "cúp điện", **values})
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.message_dict) == {field}


def test_nothing_is_read_where_no_set_applies(
    site: Site, pages: list[Any], django_assert_num_queries: Any
) -> None:
    promote(site, "cúp điện", pages[0])
    for_question(site, "vi", "cúp điện")
    with django_assert_num_queries(0):
        for_question(site, "vi", "đăng ký kết hôn")
