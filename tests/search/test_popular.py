"""What is offered to others as popular: never one visitor's doing, never words that the office does not publish."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from core.memory import forget
from search import popular, suggestions, vocabulary
from search.models import AskedQuestion, HiddenQuestion
from tests.factories.core import make_office
from tests.search import helpers
from tests.search.helpers import add, article, past

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def site() -> Site:
    vocabulary.forget()
    return make_office("localhost", languages=("vi", "en"))


#: A day of one spelling as two people leave it.
ask = partial(helpers.ask, times=2, clicks=1)


def often(site: Site, text: str, **values: Any) -> None:
    """Store what makes a question popular: two people on each of three days."""
    for day in range(3):
        ask(site, text, days_ago=day, **values)


def shown(site: Site, **values: Any) -> list[str]:
    """Return the popular questions, read anew."""
    forget()
    return popular.questions(site, "vi", **values)


def test_often_on_several_days_with_results_and_clicks(site: Site) -> None:
    article(site, "Khai sinh", "Một người hỏi mãi, hai lần một ngày, không ai bấm, không thấy, đã lâu.")
    often(site, "khai sinh")
    ask(site, "một người hỏi mãi", times=50, clicks=9)
    for day in range(4):
        ask(site, "không ai bấm", days_ago=day, times=9, clicks=0)
        ask(site, "không thấy", days_ago=day, times=9, total=0)
        ask(site, "đã lâu", days_ago=40 + day, times=9)
    assert shown(site) == ["khai sinh"]
    assert popular.questions(site, "en") == []
    assert popular.questions(make_office("xa.localhost"), "vi") == []


def test_one_person_who_asks_every_day_makes_nothing_popular(site: Site) -> None:
    article(site, "Giá hạt điều", "Ông Ba hỏi giá hạt điều, bà Tư hỏi giá tiêu.")
    for day in range(29):
        ask(site, "giá hạt điều ông Ba", days_ago=day, times=1)
        ask(site, "giá tiêu", days_ago=day, times=1)
    assert shown(site) == []
    # somebody else asks as well, on three days
    for day in range(3):
        ask(site, "gia tieu", days_ago=day, times=1, clicks=0)
    assert shown(site) == ["giá tiêu"]


def test_one_visitor_alone_changes_nothing_through_the_website(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = article(site, "Giá hạt điều", "Ông Ba bán hạt điều.")
    visitor, today = Client(), timezone.localdate()
    for days in range(9, -1, -1):
        day = today - datetime.timedelta(days=days)
        monkeypatch.setattr(timezone, "localdate", lambda *_, day=day: day)
        for text in ("giá hạt điều ông Ba", "Giá hạt điều ông Ba", "gia hat dieu ong ba"):
            visitor.get("/tim-kiem/", {"q": text})
            visitor.post(
                "/tim-kiem/da-mo/",
                {"q": text, "page": str(page.pk), "rank": "1"},
                headers={"origin": "http://testserver"},
            )
    assert sum(AskedQuestion.objects.values_list("asked", flat=True)) == 10
    assert sum(AskedQuestion.objects.values_list("clicks", flat=True)) == 10
    assert shown(site) == []


def test_the_spelling_that_most_people_used_is_shown(site: Site) -> None:
    article(site, "Trồng bưởi da xanh", "Trồng buổi sáng.")
    for day in range(3):
        ask(site, "trồng bưởi", days_ago=day, times=50)
        ask(site, "trong buoi", days_ago=day, times=90)
    ask(site, "Trồng bưởi", times=2)
    ask(site, "trồng buổi", times=9)  # the latest, in words of the office as well
    assert shown(site) == ["trồng bưởi"]
    assert [row.text for row in suggestions.find(site, "vi", "trồng b") if row.kind == "question"] == [
        "trồng bưởi"
    ]


@pytest.mark.parametrize("is_counted", [False, True])
def test_only_words_that_the_office_publishes_are_shown(site: Site, is_counted: bool) -> None:
    article(site, "Trồng bưởi da xanh", "Cách chăm cây.")
    article(make_office("xa.localhost"), "Trồng sầu riêng")
    add(site, "Planting durian: trồng mít", language="en")
    article(site, "Bản nháp trồng tiêu", live=False)
    article(site, "Hết hạn trồng chè", expire_at=past())
    secret = article(site, "Riêng trồng sen")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    if is_counted:
        vocabulary.refresh()
    for text in (
        "trồng buồi", "trong buoi", "trồng sầu riêng", "trồng mít", "trồng tiêu", "trồng chè", "trồng sen",
    ):  # fmt: skip
        often(site, text)
    assert shown(site) == []
    often(site, "chăm bưởi")  # from two pages of the office
    assert shown(site) == ["chăm bưởi"]


def test_the_page_that_was_opened_is_looked_at_first(site: Site, django_assert_num_queries: Any) -> None:
    page = article(site, "Đổi bằng lái xe")
    often(site, "đổi bằng lái")
    AskedQuestion.objects.update(page=page)
    popular.questions(site, "en")  # reads which pages the office has
    vocabulary.words()
    with django_assert_num_queries(3):  # sums, spellings, words of the page
        assert popular.questions(site, "vi") == ["đổi bằng lái"]
    with django_assert_num_queries(0):
        assert popular.questions(site, "vi") == ["đổi bằng lái"]


def test_the_most_asked_first_with_marks_and_a_limit(site: Site) -> None:
    article(site, "Đổi bằng lái", "Câu 0 1 2 3 4 5 6 7 8 9")
    for day in range(3):
        ask(site, "Đổi bằng lái" if day == 1 else "doi bang lai", days_ago=day, times=9)
    for number in range(10):
        often(site, f"câu {number}")
    found = shown(site, limit=4)
    assert found[0] == "Đổi bằng lái"
    assert len(found) == 4
    assert len(shown(site)) == 8


def test_what_staff_hide_disappears_at_once(site: Site) -> None:
    article(site, "Khai sinh")
    often(site, "khai sinh")
    assert popular.questions(site, "vi") == ["khai sinh"]
    row = HiddenQuestion.objects.create(site=site, language="vi", key="khai sinh")
    assert popular.questions(site, "vi") == []
    row.delete()
    assert popular.questions(site, "vi") == ["khai sinh"]
