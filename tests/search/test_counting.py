"""What is found, counted and offered: one truth, which nothing that a reader may not see can change. On every engine."""

import dataclasses
import datetime
import itertools
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction, Site
from wagtail.search.backends import get_search_backend

from search import services
from search.engines.base import Filters, SearchQuery, SearchResults
from search.models import PageText
from tests.factories.core import make_audience, make_office, make_pillar, make_place, make_topic
from tests.factories.training_events import make_event, publish
from tests.search.conftest import Weighing
from tests.search.helpers import add, article, past

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("weighing")]

PAGES = {
    "Đăng ký khai sinh": "Cha mẹ mang giấy chứng sinh đến bộ phận một cửa.",
    "Hỏi về khai sinh cho trẻ": "Bà con liên hệ công chức hộ tịch. Đăng ký trước khi đến.",
    "Nộp hồ sơ trực tuyến": "Cổng dịch vụ công nhận hồ sơ cả ngày nghỉ.",
    "Vay tín dụng học sinh, sinh viên": "Vốn của ngân hàng chính sách.",
    "Bản tin tuần": "Trẻ em được khai sinh ngay tại trạm y tế. Mở lớp trực tuyến.",
    "Giá hạt điều": "Thu mua tại vườn.",
}
QUESTIONS = [
    "đăng ký khai sinh trực tuyến trẻ",
    "dang ky khai sinh cho con",
    "vay vốn sinh viên",
    "trẻ em học trực tuyến",
    "khai sihn",
    "dichj vuj coong",
    "xin giấy xác nhận nuôi con nuôi",
]


@pytest.fixture
def site() -> Site:
    return make_office(
        languages=("vi", "en")
    )  # as in test_engine.py: both are asked on servers from one module


def ask(site: Site, text: str, sort: str = "relevance", **filters: Any) -> SearchResults:
    return services.search(SearchQuery(text, site, "vi", Filters(**filters), sort=sort))


def titles(found: SearchResults) -> list[str]:
    return [result.card.title for result in found.results]


def answers(site: Site) -> list[tuple[Any, ...]]:
    """What readers are told about the questions, but for scores."""
    return [
        (text, sort, titles(found), found.total, found.counts, found.asked_instead, found.did_you_mean)
        for text in QUESTIONS
        for sort in ("relevance", "date")
        for found in [ask(site, text, sort)]
    ]


def hidden_copies(site: Site) -> None:
    """Pages of which each answers a question better than any other, none to be seen."""
    for number, text in enumerate(QUESTIONS):
        hidden = [{"live": False}, {"expire_at": past()}, {}][number % 3]
        page = article(site, text, text, **hidden)
        if not hidden:
            PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
            page.save()


def test_what_a_reader_may_not_see_changes_no_answer(
    site: Site, weighing: Weighing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ranked", "site"):  # a page must be nearly as good as the best: whose best would show
        monkeypatch.setattr(f"search.engines.{module}.RELATIVE", 0.9, raising=False)
    for title, text in PAGES.items():
        add(site, title, text)
    before = answers(site)
    assert sum(bool(row[2]) for row in before) >= 6
    hidden_copies(site)
    assert answers(site) == before
    weighing.counts = False  # words are counted over all offices, so that a new office knows any
    other = make_office("da-kia.localhost", title="Xã Đa Kia")
    for text in QUESTIONS:
        article(other, text, text)
        article(site, f"{text} (English)", text, language="en")
    assert answers(site) == before


def test_the_page_that_covers_most_decides_only_where_the_reader_may_see_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.site.RELATIVE", 0.95)
    add(site, "Khai sinh cho trẻ", "Bà con hỏi bộ phận một cửa.")
    for number in range(10):
        add(site, f"Trang khác {number}")
    add(make_office("da-kia.localhost"), "Khai sinh cho trẻ trực tuyến")
    assert titles(ask(site, "khai sinh cho trẻ trực tuyến")) == ["Khai sinh cho trẻ"]
    add(site, "Khai sinh cho trẻ trực tuyến (mới)")
    assert titles(ask(site, "khai sinh cho trẻ trực tuyến")) == ["Khai sinh cho trẻ trực tuyến (mới)"]


def test_total_counts_and_orders_agree(site: Site) -> None:
    for title, body in PAGES.items():
        add(site, title, body)
        article(site, f"{title} (tin)", body)
    hidden_copies(site)
    totals = []
    for text in QUESTIONS:
        best, newest = ask(site, text), ask(site, text, "date")
        for found in (best, newest):
            assert found.total == len(found.results) == sum(found.counts.kind.values()), text
        assert sorted(titles(best)) == sorted(titles(newest)), text
        assert best.did_you_mean == newest.did_you_mean, text
        for kind, number in best.counts.kind.items():
            asked = SearchQuery(text, site, "vi", Filters(kind=kind), size=0)
            assert services.search(asked).total == number > 0, text
        totals.append(best.total)
    assert sum(map(bool, totals)) >= 4


def test_what_its_words_say_to_be_none_is_no_result_in_any_order(site: Site) -> None:
    kept, gone = article(site, "Lớp bán hàng trên mạng"), add(site, "Bán hàng trên mạng")
    # as where the index is older than the page
    PageText.objects.filter(page=gone).update(folded=" tin khac \n\n\n", exact=" tin khac \n\n\n")
    for sort in ("relevance", "date"):
        found = ask(site, "bán hàng trên mạng", sort)
        assert [result.page_id for result in found.results] == [kept.pk]
        assert (found.total, found.counts.kind) == (1, {"bai-viet": 1})
        assert ask(site, "bán hàng trên mạng", sort, kind="trang").total == 0


def test_every_choice_is_counted(site: Site) -> None:
    topics, places = (
        [make_topic("Lừa đảo"), make_topic("Mua bán")],
        [make_place("Đa Kia"), make_place("Bù Nho")],
    )
    farmers, pillar = make_audience("Nông dân"), make_pillar()
    article(site, "Cảnh giác khi mua bán", topics=topics, places=places[:1], pillar=pillar)
    article(site, "Mua bán ở chợ", topics=topics[1:], published_on=datetime.date(2023, 5, 1))
    publish(make_event(site, "Lớp mua bán trên mạng", audiences=[farmers]))
    publish(make_event(site, "Lớp mua bán đã xong", days=-30, audiences=[farmers]))
    counts = ask(site, "mua bán").counts
    assert counts.kind == {"bai-viet": 2, "tap-huan": 2}
    assert counts.topic == {topics[0].pk: 1, topics[1].pk: 2}
    assert counts.place == {places[0].pk: 1}
    assert counts.audience == {farmers.pk: 2}
    assert counts.pillar == {pillar.pk: 1}
    assert (counts.date[datetime.date(2023, 5, 1)], sum(counts.date.values()), counts.open) == (1, 4, 1)
    narrowed = ask(site, "mua bán", audience=farmers.pk).counts
    assert (narrowed.kind, narrowed.topic, narrowed.audience) == ({"tap-huan": 2}, {}, {farmers.pk: 2})


def test_every_filter_reaches_beyond_the_best_hits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages that filters and "newest first" are about cover less than all others."""
    monkeypatch.setattr("search.engines.remote.PLANNED_HITS", 4)
    topic, place, pillar, farmers = make_topic(), make_place(), make_pillar(), make_audience()
    for number in range(6):
        add(site, f"Bán nông sản trên mạng nhanh gọn {number}", published_on=datetime.date(2024, 1, 1))
        add(site, f"Trang khác {number}")
    named = article(
        site,
        "Bán nông sản trên mạng",
        topics=[topic],
        places=[place],
        pillar=pillar,
        published_on=datetime.date(2022, 1, 1),
    )
    event = publish(make_event(site, "Lớp bán nông sản trên mạng", audiences=[farmers]))
    text = "bán nông sản trên mạng nhanh"
    for filters in (
        {"topic": topic.pk},
        {"place": place.pk},
        {"pillar": pillar.pk},
        {"kind": "bai-viet"},
        {"since": datetime.date(2022, 1, 1), "until": datetime.date(2022, 12, 31)},
    ):
        for sort in ("relevance", "date"):
            found = ask(site, text, sort, **filters)
            assert ([row.page_id for row in found.results], found.total) == ([named.pk], 1), filters
    for filters in ({"audience": farmers.pk}, {"open": True}):
        assert [row.page_id for row in ask(site, text, **filters).results] == [event.pk], filters
    assert ask(site, text, "date").results[0].page_id == event.pk


def test_a_server_that_has_more_than_it_gives_says_so(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.remote.PLANNED_HITS", 12)
    for number in range(14):
        add(site, f"Bán nông sản trên mạng {number}", published_on=datetime.date(2024, 1, 1))
    article(site, "Bán nông sản trên mạng cho người mới", published_on=datetime.date(2022, 1, 1))
    is_server = getattr(get_search_backend("default"), "is_server", False)
    for sort in ("relevance", "date"):
        found = ask(site, "bán nông sản trên mạng", sort)
        assert (found.total, found.is_cut) == ((12, True) if is_server else (15, False)), sort
        # what a filter leaves is all there
        found = ask(site, "bán nông sản trên mạng", sort, kind="bai-viet")
        assert (found.total, found.is_cut) == (1, False), sort
    page = client.get("/tim-kiem/", {"q": "bán nông sản trên mạng"}).content.decode()
    said = "Hơn <strong>10</strong> kết quả" if is_server else "<strong>15</strong> kết quả"
    assert said in page
    assert client.get("/tim-kiem/api/v1/", {"q": "bán nông sản trên mạng"}).json()["more"] is is_server


def test_the_last_that_a_server_gives_is_no_more_where_it_is_no_result(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many hits, but the last of them covers too little beside the best: nothing that follows is a result."""
    monkeypatch.setattr("search.engines.remote.PLANNED_HITS", 3)
    add(site, "Cách đăng ký khai sinh cho con trên điện thoại", "Đăng ký khai sinh cho con trên điện thoại.")
    for number in range(4):
        add(site, f"Gọi điện thoại {number}", "Khai sinh.")
    found = ask(site, "cách đăng ký khai sinh cho con trên điện thoại")
    assert (found.total, found.is_cut) == (1, False)


def test_words_too_common_to_be_looked_up_still_count_in_what_is_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(site, "Nộp hồ sơ qua Cổng dịch vụ công", "Cả ngày nghỉ.")
    for number in range(4):
        add(site, f"Dịch vụ sửa xe {number}", "Công thợ rẻ, xe cộ đủ loại.")
    before = ask(site, "cổng dịch vụ công")
    monkeypatch.setattr("search.engines.affordable.POSTINGS", 6)
    found = ask(site, "cổng dịch vụ công")
    assert titles(found)[0] == titles(before)[0] == "Nộp hồ sơ qua Cổng dịch vụ công"
    assert found.results[0].score == before.results[0].score


def test_another_question_is_offered_only_where_it_finds_more(site: Site, weighing: Weighing) -> None:
    other = make_office("da-kia.localhost")
    add(other, "Đăng ký khai sinh", "Hướng dẫn đăng ký khai sinh cho con.")
    add(site, "Giá hạt điều", "Thu mua tại vườn.")
    asked = SearchQuery("khai sihn", site, "vi", corrected=False)
    assert services.search(asked).did_you_mean == ""
    assert services.search(dataclasses.replace(asked, corrected=True)).did_you_mean == ""
    offered = services.search(dataclasses.replace(asked, site=other)).did_you_mean
    assert offered == ("khai sinh" if weighing.counts else "")
    if offered:
        assert ask(other, offered).total == 1
        assert (
            services.search(
                dataclasses.replace(asked, site=other, filters=Filters(kind="bai-viet"))
            ).did_you_mean
            == ""
        )


def test_the_usual_abbreviations_find_what_they_stand_for(site: Site) -> None:
    meant = {
        "DVC": "dịch vụ công",
        "DVCTT": "dịch vụ công trực tuyến",
        "TMĐT": "thương mại điện tử",
        "CĐS": "chuyển đổi số",
        "NTM": "nông thôn mới",
        "CCCD": "căn cước công dân",
        "BHYT": "bảo hiểm y tế",
        "OCOP": "mỗi xã một sản phẩm",
        "HTX": "hợp tác xã",
        "UBND": "ủy ban nhân dân",
    }
    for long in meant.values():
        add(site, f"Tìm hiểu {long}", f"Bà con hỏi về {long}.")
    for (short, long), form in itertools.product(meant.items(), (str, str.lower)):
        found = ask(site, form(short))
        assert f"Tìm hiểu {long}" in titles(found)[: 2 if short == "DVC" else 1], short
        assert f"<mark>{long}</mark>" in found.results[0].excerpt or short == "DVC", short
