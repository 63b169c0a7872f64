"""What stands around the list of results: filters, order, how a question was read, ways on. The engine says what it is told."""

import datetime
import re
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Site

from home.models import HelpPointsPage
from search import nothing, periods, popular, promoted, services, views
from search.engines.base import Counts, Filters, FoundFile, SearchResults
from search.models import AskedQuestion
from tests.factories.core import make_audience, make_office, make_pillar, make_place, make_topic
from tests.search.helpers import add, past
from tests.search.stub import StubEngine, result, results

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_office(
        languages=("vi", "en"),
        organisation_name="UBND xã Mẫu",
        hotline="0900 000 111",
        email="lienhe@example.vn",
    )


@pytest.fixture
def stub(site: Site, monkeypatch: pytest.MonkeyPatch) -> StubEngine:
    engine = StubEngine(results(3))
    monkeypatch.setattr(services, "engine", lambda: engine)
    return engine


def soup(client: Client, query: str, path: str = "/tim-kiem/", status: int = 200) -> BeautifulSoup:
    response = client.get(f"{path}{query}")
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def options(page: BeautifulSoup, name: str) -> list[str]:
    return [text(option) for option in page.select(f"select[name={name}] option")]


def text(element: Any) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def links(page: BeautifulSoup, selector: str) -> dict[str, str]:
    return {text(link): unescape(link["href"]) for link in page.select(f"{selector} a[href]")}


# --- filters ---


def test_every_filter_reaches_the_engine(client: Client, stub: StubEngine) -> None:
    topic, place = make_topic("An toàn trực tuyến"), make_place("Đa Kia")
    pillar, audience = make_pillar("Xã hội số"), make_audience("Nông dân")
    soup(
        client,
        "?q=a&loai=tap-huan&linh-vuc=an-toan-truc-tuyen&dia-ban=da-kia&tru-cot=xa-hoi-so&doi-tuong=nong-dan"
        "&tu=1/2/2024&den=2024-03-31&con-nhan=1",
    )
    assert stub.last.filters == Filters(
        kind="tap-huan",
        topic=topic.pk,
        place=place.pk,
        pillar=pillar.pk,
        audience=audience.pk,
        since=datetime.date(2024, 2, 1),
        until=datetime.date(2024, 3, 31),
        open=True,
    )


def test_each_choice_says_how_many_results_it_has(client: Client, stub: StubEngine) -> None:
    topics = [make_topic("An toàn trực tuyến"), make_topic("Bưu chính"), make_topic("Canh tác")]
    stub.answer = results(
        3, counts=Counts(kind={"huong-dan": 1_250}, topic={topics[0].pk: 2, topics[2].pk: 1}, open=2)
    )
    page = soup(client, "?q=a&tru-cot=&linh-vuc=buu-chinh")
    assert options(page, "loai") == ["Tất cả", "Hướng dẫn (1.250)"]
    # none is left of the chosen one, so it shows that; of a choice without results nothing is shown
    assert options(page, "linh-vuc") == ["Tất cả", "An toàn trực tuyến (2)", "Bưu chính (0)", "Canh tác (1)"]
    assert page.select("select[name=dia-ban]") == []
    assert text(page.select("label[for=loc-con-nhan]")[0]) == "Đang nhận đăng ký (2)"


def test_registration_is_no_filter_where_no_class_takes_any(client: Client, stub: StubEngine) -> None:
    assert soup(client, "?q=a").select("[name=con-nhan]") == []
    assert soup(client, "?q=a&con-nhan=1").select("[name=con-nhan][checked]")


def test_each_filter_in_force_can_be_lifted_alone_and_all_together(client: Client, stub: StubEngine) -> None:
    make_topic("An toàn trực tuyến")
    page = soup(
        client, "?trang=1&q=a+b&loai=huong-dan&linh-vuc=an-toan-truc-tuyen&ngay=30-ngay&xep=moi-nhat&dung=1"
    )
    chips = links(page, ".active-filters li")
    rest = "&xep=moi-nhat&dung=1"
    assert chips == {
        "Hướng dẫn (bỏ lọc mục này)": f"/tim-kiem/?q=a+b&linh-vuc=an-toan-truc-tuyen&ngay=30-ngay{rest}",
        "An toàn trực tuyến (bỏ lọc mục này)": f"/tim-kiem/?q=a+b&loai=huong-dan&ngay=30-ngay{rest}",
        "30 ngày qua (bỏ lọc mục này)": f"/tim-kiem/?q=a+b&loai=huong-dan&linh-vuc=an-toan-truc-tuyen{rest}",
    }
    assert links(page, ".active-filters")["Bỏ lọc tất cả"] == f"/tim-kiem/?q=a+b{rest}"


def test_the_form_keeps_question_and_order_but_not_the_page(client: Client, stub: StubEngine) -> None:
    stub.answer = results(30)
    page = soup(client, "?q=a&xep=moi-nhat&dung=1&loai=huong-dan&trang=2")
    hidden = {row["name"]: row["value"] for row in page.select(".filters__form input[type=hidden]")}
    assert hidden == {"q": "a", "xep": "moi-nhat", "dung": "1"}
    assert "open" not in page.select(".filters__toggle")[0].attrs


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2024-02-29", (2024, 2, 29)),
        ("5/8/2024", (2024, 8, 5)),
        ("05.08.2024", (2024, 8, 5)),
        (" 5 - 8 - 2024 ", (2024, 8, 5)),
        ("31/2/2024", None),
        ("2023-02-29", None),
        ("0001-01-01", None),
        ("5/8/24", None),
        ("hôm qua", None),
        ("٢٠٢٤-٠٢-٠٢", None),
        ("9" * 99, None),
    ],
)
def test_days_are_read_as_people_write_them(raw: str, day: tuple[int, int, int] | None) -> None:
    assert periods.read_day(raw) == (datetime.date(*day) if day else None)


@pytest.mark.parametrize(
    ("slug", "since", "until"),
    [
        ("30-ngay", "2024-01-30", "2024-02-29"),
        ("12-thang", "2023-02-28", "2024-02-29"),
        ("2023", "2023-01-01", "2023-12-31"),
    ],
)
def test_ready_periods(slug: str, since: str, until: str) -> None:
    found = periods.read_period(slug, datetime.date(2024, 2, 29))
    assert found is not None
    assert (str(found.since), str(found.until)) == (since, until)


def test_what_is_still_to_come_is_not_of_the_last_days() -> None:
    today = timezone.localdate()
    counted = periods.CountedDays({today + datetime.timedelta(days=60): 5, today: 2})
    assert [counted.within(slug) for slug in ("30-ngay", "12-thang")] == [2, 2]


def test_years_that_only_pages_whose_time_is_over_have_are_not_offered(site: Site) -> None:
    add(site, "Nay", published_on=datetime.date(2024, 8, 1))
    add(site, "Xưa", published_on=datetime.date(2019, 8, 1), expire_at=past())
    assert periods.offered(site, "vi")[-1] == "2024"


@pytest.mark.parametrize("slug", ["", "9999", "12", "abcd", "２０２３", "30-ngày"])
def test_other_words_are_no_period(slug: str) -> None:
    assert periods.read_period(slug) is None


def test_two_days_win_over_a_period_and_stand_in_the_right_order(client: Client, stub: StubEngine) -> None:
    page = soup(client, "?q=a&ngay=2023&tu=31/3/2024&den=1/2/2024")
    assert stub.last.filters == Filters(since=datetime.date(2024, 2, 1), until=datetime.date(2024, 3, 31))
    assert list(links(page, ".active-filters li")) == [
        "Từ 1/2/2024 (bỏ lọc mục này)",
        "Đến 31/3/2024 (bỏ lọc mục này)",
    ]
    assert page.select("#loc-tu")[0]["value"] == "2024-02-01"
    assert "open" in page.select(".filters__days")[0].attrs


def test_a_day_that_cannot_be_read_does_not_hide_the_results(client: Client, stub: StubEngine) -> None:
    page = soup(client, "?q=a&tu=31/2/2024&loai=huong-dan")
    assert "Ngày chưa đúng" in text(page.select(".message--warning")[0])
    assert len(page.select(".search-result")) == 3
    assert stub.last.filters == Filters(kind="huong-dan")


@pytest.mark.database
def test_years_are_offered_in_which_something_was_found(client: Client, site: Site) -> None:
    add(site, "Cũ", published_on=datetime.date(2021, 5, 1))
    add(site, "Mới", published_on=datetime.date(2023, 5, 1))
    add(site, "Cũ và mới", published_on=timezone.localdate())
    found = options(soup(client, "?q=cu"), "ngay")
    this_year = timezone.localdate().year
    assert found[1:] == ["30 ngày qua (1)", "12 tháng qua (1)", f"Năm {this_year} (1)", "Năm 2021 (1)"]
    # a year of an old link is still shown where it is chosen
    assert "Năm 1999 (0)" in options(soup(client, "?q=cu&ngay=1999"), "ngay")


# --- order, reading ---


def test_the_order_is_chosen_by_links(client: Client, stub: StubEngine) -> None:
    page = soup(client, "?q=a&loai=huong-dan")
    assert stub.last.sort == "relevance"
    assert links(page, ".search-order") == {
        "Phù hợp nhất": "/tim-kiem/?q=a&loai=huong-dan",
        "Mới nhất": "/tim-kiem/?q=a&loai=huong-dan&xep=moi-nhat",
    }
    page = soup(client, "?q=a&xep=moi-nhat")
    assert stub.last.sort == "date"
    assert text(page.select(".search-order [aria-current]")[0]) == "Mới nhất"
    soup(client, "?q=a&xep=xyz")
    assert stub.last.sort == "relevance"


def test_a_question_read_otherwise_says_so_and_can_be_taken_as_typed(
    client: Client, stub: StubEngine
) -> None:
    stub.answer = results(3, asked_instead="dịch vụ <công>")
    page = soup(client, "?q=dichj+vuj+coong&loai=huong-dan")
    assert text(page.select(".search-reading")[0]) == (
        "Đây là kết quả cho dịch vụ <công> . Tìm đúng “dichj vuj coong”"
    )
    assert links(page, ".search-reading") == {
        "Tìm đúng “dichj vuj coong”": "/tim-kiem/?q=dichj+vuj+coong&loai=huong-dan&dung=1"
    }
    assert stub.last.corrected
    soup(client, "?q=dichj+vuj+coong&dung=1")
    assert not stub.last.corrected


@pytest.mark.parametrize("number", [0, 3])
def test_another_question_is_offered(client: Client, stub: StubEngine, number: int) -> None:
    stub.answer = results(number, did_you_mean="căn cước")
    page = soup(client, "?q=can+cuo&dung=1")
    found = links(page, ".search-reading" if number else ".search-nothing")
    assert found["căn cước"] == "/tim-kiem/?q=c%C4%83n+c%C6%B0%E1%BB%9Bc"


def test_a_passage_in_a_file_names_the_file(client: Client, stub: StubEngine) -> None:
    file = FoundFile(7, "Mẫu đơn <1>.pdf", "/documents/7/mau-don.pdf", "PDF", "120 kB")
    stub.answer = SearchResults(results=[result(1, excerpt="nộp <mark>đơn</mark>", file=file)], total=1)
    page = soup(client, "?q=don")
    assert text(page.select(".search-result__file")[0]) == "Trong tệp Mẫu đơn <1>.pdf – PDF, 120 kB"
    assert links(page, ".search-result__file") == {"Mẫu đơn <1>.pdf": "/documents/7/mau-don.pdf"}


def test_a_note_says_that_the_engine_is_down(client: Client, stub: StubEngine) -> None:
    assert not soup(client, "?q=a").select(".message--warning")
    stub.answer = results(1, degraded=True)
    assert soup(client, "?q=a").select(".message--warning")


# --- above the list ---


@pytest.mark.parametrize(
    "typed",
    ["Thương mại điện tử", "thuong mai dien tu", "THƯƠNG MẠI ĐIỆN TỬ", "thương mại điền tử", "tmđt", "TMDT"],
)
def test_the_name_of_a_topic_offers_its_pages(
    client: Client, stub: StubEngine, site: Site, typed: str
) -> None:
    topic = make_topic("Thương mại điện tử")
    for number in range(2):
        add(site, f"Bán hạt điều {number}", topics=[topic])
    cache.clear()
    page = soup(client, f"?q={typed}")
    if typed == "thương mại điền tử":  # a mark that contradicts is another word
        assert not page.select(".search-term")
        return
    assert links(page, ".search-term") == {
        "Lĩnh vực: Thương mại điện tử – xem tất cả 2 trang": "/tim-kiem/?linh-vuc=thuong-mai-dien-tu"
    }


def test_a_place_is_known_by_its_other_names(client: Client, stub: StubEngine, site: Site) -> None:
    place = make_place("Xã Đắk Ơ", aliases="Đăk Ơ\nĐak Ơ")
    add(site, "Lớp học ở xã", places=[place])
    cache.clear()
    assert "Địa bàn: Xã Đắk Ơ" in text(soup(client, "?q=dak+o").select(".search-term")[0])


def test_a_topic_without_pages_is_not_offered(client: Client, stub: StubEngine, site: Site) -> None:
    add(site, "Bản nháp", topics=[make_topic("Thương mại điện tử")], live=False)
    cache.clear()
    assert not soup(client, "?q=thuong+mai+dien+tu").select(".search-term")


def test_the_pages_of_a_topic_stand_under_its_name(client: Client, site: Site) -> None:
    add(site, "Bán hạt điều", topics=[make_topic("Thương mại điện tử")])
    cache.clear()
    page = soup(client, "?linh-vuc=thuong-mai-dien-tu")
    assert text(page.select("h1")[0]) == "Thương mại điện tử"
    assert [text(row) for row in page.select(".search-result__title")] == ["Bán hạt điều"]


def test_what_the_office_chose_stands_above_and_not_twice(
    client: Client, site: Site, stub: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, draft = add(site, "Trang được chọn"), add(site, "Bản nháp", live=False)
    expired = add(site, "Đã hết hạn", expire_at=past())
    stub.answer = SearchResults(
        results=[result(chosen.pk, "Trang được chọn"), result(9_999, "Khác")], total=2
    )
    monkeypatch.setattr(
        promoted,
        "for_question",
        lambda *_args: [draft.pk, chosen.pk, expired.pk] if _args[2] == "vneid" else [],
    )
    page = soup(client, "?q=vneid")
    assert text(page.select(".search-chosen h2")[0]) == "Cơ quan giới thiệu"
    assert [text(link) for link in page.select(".search-chosen a")] == ["Trang được chọn"]
    assert [text(row) for row in page.select(".search-result__title")] == ["Khác"]
    assert page.select(".search-results [data-page]")[0]["data-rank"] == "2"
    for query in ("?q=khac", "?q=vneid&loai=huong-dan", "?linh-vuc=x"):
        assert not soup(client, query).select(".search-chosen")


def test_the_question_as_it_was_read_has_its_chosen_pages_too(
    client: Client, site: Site, stub: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = add(site, "Trang được chọn")
    stub.answer = results(1, asked_instead="căn cước")
    monkeypatch.setattr(promoted, "for_question", lambda *args: [chosen.pk] if args[2] == "căn cước" else [])
    assert soup(client, "?q=can+cuowcs").select(".search-chosen")


# --- nothing found ---


def test_nothing_found_offers_fewer_words_that_find_something(client: Client, stub: StubEngine) -> None:
    stub.empty = ("cấp lại sổ", "cấp lại")
    page = soup(client, "?q=cấp+lại+sổ")
    assert list(links(page, ".search-nothing")) == ["lại sổ"]
    assert all(query.corrected for query in stub.queries[1:]), "as the links ask"


def test_a_single_word_or_a_long_text_is_not_taken_apart(client: Client, stub: StubEngine) -> None:
    stub.answer = SearchResults()
    for typed in ("xyzzy", "a " * 40):
        before = len(stub.queries)
        soup(client, f"?q={typed}")
        assert len(stub.queries) == before + 1


@pytest.mark.database
def test_nothing_found_names_people_to_ask(client: Client, site: Site) -> None:
    gone = add(site, "Điểm hỗ trợ cũ", model=HelpPointsPage, expire_at=timezone.now())
    assert nothing.help_page(site, "vi") is None
    gone.delete()
    add(site, "Điểm hỗ trợ gần nhà", model=HelpPointsPage, slug="diem-ho-tro")
    page = soup(client, "?q=xyzzy")
    contact = text(page.select(".contact-box")[0])
    assert "UBND xã Mẫu" in contact
    assert "0900 000 111" in contact
    assert page.select('a[href="tel:0900000111"]')
    assert page.select('main a[href="/diem-ho-tro/"]')
    assert nothing.help_page(site, "en") is None


def test_popular_questions_are_offered_at_the_beginning_and_in_need(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        popular, "questions", lambda _site, _language, limit=8: ["mất căn cước", "vneid"][:limit]
    )
    for query in ("", "?q=xyzzy"):
        assert links(soup(client, query), ".tag-list")["mất căn cước"] == (
            "/tim-kiem/?q=m%E1%BA%A5t+c%C4%83n+c%C6%B0%E1%BB%9Bc"
        )


# --- counting, limits ---


@pytest.mark.database
def test_a_question_is_counted_once_and_only_by_itself(client: Client, stub: StubEngine) -> None:
    stub.answer = results(30)
    client.get("/tim-kiem/?q=vneid")
    for query in ("?q=vneid&trang=2", "?q=vneid&loai=huong-dan", "?loai=huong-dan", ""):
        client.get(f"/tim-kiem/{query}")
    client.head("/tim-kiem/?q=vneid")
    row = AskedQuestion.objects.get()
    assert (row.text, row.asked, row.total, row.language) == ("vneid", 1, 30, "vi")


@pytest.mark.parametrize(
    "more", ["xep=moi-nhat", "dung=1", "tu=khong-doc-duoc", "loai=huong-dan", "con-nhan=1"]
)
def test_another_order_another_reading_or_a_filter_counts_nothing(
    client: Client, stub: StubEngine, more: str
) -> None:
    stub.answer = results(30)
    client.get("/tim-kiem/?q=vneid")
    stub.answer = results(0)
    for address in ("192.0.2.1", "192.0.2.2"):
        client.get(f"/tim-kiem/?q=vneid&{more}", REMOTE_ADDR=address)
    row = AskedQuestion.objects.get()
    assert (row.asked, row.total) == (1, 30)


@pytest.mark.usefixtures("open_connection")
def test_the_reader_has_the_answer_before_the_question_is_counted(site: Site, stub: StubEngine) -> None:
    environ = RequestFactory().get("/tim-kiem/?q=vneid").environ
    sent: list[str] = []
    answer = WSGIHandler()(environ, lambda status, _headers: sent.append(status))
    assert b"</html>" in b"".join(answer)
    assert (sent, AskedQuestion.objects.count()) == (["200 OK"], 0)
    answer.close()
    assert AskedQuestion.objects.get().asked == 1


def beacon(client: Client, origin: str = "http://testserver", **sent: str) -> int:
    response = client.post("/tim-kiem/da-mo/", sent, headers={"origin": origin})
    assert response.content == b""
    assert not response.cookies
    return response.status_code


def test_opening_a_result_is_counted(site: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    page = add(site, "Kích hoạt VNeID")
    client.get("/tim-kiem/?q=vneid")
    assert beacon(client, q="vneid", page=str(page.pk), rank="1") == 204
    assert AskedQuestion.objects.get().clicks == 1


def test_opening_the_topic_above_the_results_is_counted(client: Client, site: Site) -> None:
    topic = make_topic("An toàn trực tuyến")
    add(site, "Giữ tài khoản", topics=[topic])
    page = soup(client, "?q=an toan truc tuyen")
    card = page.select(".search-term")[0]
    soup(client, "?q=giu tai khoan")
    for question in ("an toan truc tuyen", "giu tai khoan"):
        beacon(client, q=question, page=card["data-page"], rank=card["data-rank"])
    counted = dict(AskedQuestion.objects.values_list("text", "clicks"))
    assert counted == {"an toan truc tuyen": 1, "giu tai khoan": 0}  # the other names no topic
    assert AskedQuestion.objects.get(clicks=1).page_id is None


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"q": "vneid"},
        {"q": "vneid", "page": "nhom", "rank": "1"},
        {"q": "vneid", "page": "x", "rank": "1"},
        {"q": "vneid", "page": "9" * 40, "rank": "1"},
        {"q": "vneid", "page": "999999", "rank": "1"},
        {"q": "", "page": "1", "rank": "1"},
        {"q": "vneid", "page": "1", "rank": "-1"},
        {"q": "\x00", "page": "１", "rank": "1"},
    ],
)
def test_nonsense_is_not_counted(client: Client, site: Site, sent: dict[str, str]) -> None:
    client.get("/tim-kiem/?q=vneid")
    assert beacon(client, **sent) == 204
    assert AskedQuestion.objects.get().clicks == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_other_websites_count_nothing(client: Client, site: Site, headers: dict[str, str]) -> None:
    page = add(site, "Kích hoạt VNeID")
    client.get("/tim-kiem/?q=vneid")
    client.post("/tim-kiem/da-mo/", {"q": "vneid", "page": str(page.pk), "rank": "1"}, headers=headers)
    assert AskedQuestion.objects.get().clicks == 0
    assert client.get("/tim-kiem/da-mo/").status_code == 405


def test_result_links_carry_no_tracking(client: Client, site: Site) -> None:
    add(site, "Kích hoạt VNeID")
    hrefs = [link["href"] for link in soup(client, "?q=vneid").select(".search-result__title a")]
    assert hrefs
    assert not [href for href in hrefs if re.search(r"[?#]", href)]


def test_too_many_searches_are_asked_to_wait(
    client: Client, stub: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGES_A_MINUTE", 2)
    for _ in range(2):
        soup(client, "?q=a")
    page = soup(client, "?q=<a>", status=429)
    assert "chờ một phút" in text(page.select(".message--warning")[0])
    assert page.select("#tim-kiem")[0]["value"] == "<a>"
    soup(client, "")  # the page itself, with nothing asked, costs nothing
