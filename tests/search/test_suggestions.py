"""Suggestions while typing: what is offered, what never is, and that it costs the same however many pages there are."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction, Site

from core.models import ContentPage, OfficeSettings
from search import popular, suggest, suggestion_index, suggestion_signals, suggestions, vocabulary_signals
from search.models import LexiconEntry, Suggestion, SwitchedOff
from search.shipped import shipped_entries
from search.suggestion_keys import key_of, starts, typed_keys
from tests.factories.core import home_of, make_office, make_place, make_topic
from tests.search.helpers import add, past
from tests.search.test_admin_search import WEIRD

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


#: Tasks that wait for the end of the transaction, which a test rolls back.
_waiting: list[Callable[[], Any]] = []


@pytest.fixture(autouse=True)
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    _waiting.clear()
    monkeypatch.setattr(
        suggestion_signals, "_later", lambda task, *keys: _waiting.append(partial(task.enqueue, *keys))
    )


def run_tasks() -> None:
    while _waiting:
        _waiting.pop(0)()


def rows() -> Any:
    """Return the rows of the table after all tasks."""
    run_tasks()
    return Suggestion.objects.all()


def publish(page: Page) -> Page:
    """Publish as an editor does."""
    page.save_revision().publish()
    run_tasks()
    return page


def new(site: Site, title: str, **values: Any) -> Page:
    """Return a page that an editor has published."""
    return publish(add(site, title, **values))


def texts(site: Site, typed: str, language: str = "vi") -> list[str]:
    run_tasks()
    cache.clear()
    return [row.text for row in suggestions.find(site, language, typed)]


# --- keys ---


def test_a_text_is_entered_at_each_of_its_first_words() -> None:
    assert starts("Đăng ký khai sinh") == ["dangkykhaisinh", "kykhaisinh", "khaisinh", "sinh"]
    assert starts("Cách của tôi") == ["cachcuatoi", "toi"]
    assert len(starts("một hai ba bốn năm sáu bảy tám chín mười")) <= 8
    assert starts("!!!") == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("dich vu c", "dichvuc"),
        ("Dịch vụ", "dichvu"),
        ("di\u0323ch vu\u0323", "dichvu"),
        ("dichvu", "dichvu"),
        ("dichj vuj coo", "dichvuco"),
        ("dich5 vu5", "dichvu"),
        ("ddawng kys", "dangky"),
        ("ddang kyf", "dangky"),
        ("duwow", "duo"),
    ],
)
def test_what_is_typed_is_read_with_and_without_an_input_method(typed: str, key: str) -> None:
    assert key in typed_keys(typed)


@given(st.text(max_size=80))
def test_keys_are_letters_and_digits_whatever_is_typed(typed: str) -> None:
    for key in (*typed_keys(typed), *starts(typed), key_of(typed)):
        assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())
        assert len(key) <= 48


# --- what is offered ---


@pytest.mark.parametrize(
    "typed", ["khai s", "khai si", "KHAI SINH", "khái sinh", "dang ky k", "khaisinh", "khai sinhf"]
)
def test_a_page_is_offered_from_the_middle_of_its_title(site: Site, typed: str) -> None:
    new(site, "Đăng ký khai sinh")
    assert texts(site, typed) == ["Đăng ký khai sinh"]


def test_the_very_marks_come_first(site: Site) -> None:
    for title in ("Dạy chữ cho trẻ", "Đầy đủ giấy tờ", "Dây điện"):
        new(site, title)
    assert texts(site, "đầy")[0] == "Đầy đủ giấy tờ"
    assert texts(site, "dây")[0] == "Dây điện"


def test_topics_and_places_are_offered_where_they_have_pages(site: Site) -> None:
    place = make_place("Xã Đắk Ơ", aliases="Đak Ơ")
    new(site, "Thương lái", topics=[make_topic("Thương mại điện tử")], places=[place])
    make_topic("Thương binh")
    suggestion_index.rebuild_all()
    assert texts(site, "thuong") == ["Thương mại điện tử", "Thương lái"]
    assert texts(site, "dak o") == ["Xã Đắk Ơ"]
    found = suggestions.find(site, "vi", "thuong")[0]
    assert (found.kind, found.label, found.url) == (
        "topic",
        "Lĩnh vực",
        "/tim-kiem/?linh-vuc=thuong-mai-dien-tu",
    )


def test_everyday_phrases_are_offered_where_they_lead_somewhere(site: Site) -> None:
    new(site, "Đăng ký khai sinh")
    suggestion_index.rebuild_all()
    phrases = Suggestion.objects.filter(kind=Suggestion.Kind.PHRASE)
    said = set(phrases.values_list("text", flat=True))
    assert any("khai sinh" in text for text in said)
    assert not any("bán hàng" in text for text in said)
    assert not phrases.filter(language="en")


def test_words_of_staff_are_offered_where_they_lead_somewhere(site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia")
    for office in (site, commune):
        new(office, "Lịch mở kho lương thực")
    row = LexiconEntry.objects.create(site=site, said="khui khò lúa\nkhui", means="lịch mở kho")
    LexiconEntry.objects.create(site=site, said="khui khò muối", means="lịch bán muối")
    assert texts(site, "khui") == ["khui khò lúa"]
    assert texts(commune, "khui") == []
    row.active = False
    row.save()
    assert texts(site, "khui") == []


def test_what_an_office_does_not_use_is_not_offered(site: Site) -> None:
    new(site, "Đăng ký khai sinh")
    suggestion_index.rebuild_all()
    assert "làm khai sinh" in texts(site, "lam khai")
    key = next(entry.key for entry in shipped_entries() if "làm khai sinh" in entry.said)
    off = SwitchedOff.objects.create(site=site, key=key)
    assert "làm khai sinh" not in texts(site, "lam khai")
    off.delete()
    assert "làm khai sinh" in texts(site, "lam khai")


def test_spellings_by_ear_are_read_but_not_offered(site: Site) -> None:
    new(site, "Đăng ký khai sinh")
    assert any("làm khai sanh" in entry.said for entry in shipped_entries())
    LexiconEntry.objects.create(
        site=site, said="đi khai sanh trễ\nđi khai sinh trễ", means="đăng ký khai sinh"
    )
    assert "đi khai sinh trễ" in texts(site, "di khai")
    said = Suggestion.objects.filter(kind=Suggestion.Kind.PHRASE).values_list("text", flat=True)
    assert "làm khai sinh" in said
    assert [text for text in said if "khai sanh" in text or suggestion_index.is_by_ear(text)] == []


def test_phrases_come_and_go_with_what_pages_say(site: Site) -> None:
    page = new(site, "Đăng ký khai sinh")
    vocabulary_signals.count_words_task.call()
    assert "làm khai sinh" in texts(site, "lam khai")
    page.refresh_from_db()
    page.unpublish()
    vocabulary_signals.count_words_task.call()
    assert texts(site, "lam khai") == []


def test_popular_questions_are_offered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popular, "questions", lambda *_args: ["mất căn cước thì làm sao"])
    assert texts(site, "mat can") == ["mất căn cước thì làm sao"]
    assert texts(site, "can cuoc") == ["mất căn cước thì làm sao"]


def test_a_page_and_a_question_of_the_same_words_are_one_line(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(site, "Mất căn cước")
    monkeypatch.setattr(popular, "questions", lambda *_args: ["mat can cuoc"])
    assert [(row.text, row.kind) for row in suggestions.find(site, "vi", "mat can")] == [
        ("Mất căn cước", "page")
    ]


def test_many_ways_to_ask_do_not_push_out_the_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [
        f"{way} vneid"
        for way in ("cài", "tải", "app", "cài đặt", "tải app", "phần mềm", "ứng dụng", "dùng", "mở")
    ]
    monkeypatch.setattr(popular, "questions", lambda *_args: ways)
    new(site, "Kích hoạt tài khoản VNeID mức 2")
    found = texts(site, "vneid")
    assert found[:3] == ways[:3]
    assert found[3] == "Kích hoạt tài khoản VNeID mức 2"
    # the others where there is room
    assert set(found[4:]) < set(ways)
    assert len(found) == 8


def test_at_most_eight_are_offered(site: Site) -> None:
    for number in range(12):
        new(site, f"Lớp học {number}")
    for typed in ("lo", "lop", "lop h", "lop hoc"):
        assert len(texts(site, typed)) == 8


@pytest.mark.any_database
@pytest.mark.parametrize("typed", ["", "l", " ", "?", "\x00"])
def test_less_than_two_letters_give_nothing(site: Site, typed: str) -> None:
    new(site, "Lớp học")
    assert texts(site, typed) == []


# --- in step ---


def test_a_new_title_replaces_the_old_one(site: Site) -> None:
    page = new(site, "Tên cũ")
    page.title = "Nhan đề mới"
    publish(page)
    assert texts(site, "ten cu") == []
    assert texts(site, "nhan de") == ["Nhan đề mới"]


def test_drafts_unpublished_and_deleted_pages_are_not_offered(site: Site) -> None:
    page = add(site, "Bản nháp", live=False)
    page.save_revision()
    assert texts(site, "ban nhap") == []
    publish(page)
    assert texts(site, "ban nhap") == ["Bản nháp"]
    page.refresh_from_db()
    page.unpublish()
    assert texts(site, "ban nhap") == []
    assert not rows().exists()
    publish(page)
    page.delete()
    assert not rows().exists()


def test_private_pages_are_not_offered_and_come_back(site: Site) -> None:
    new(site, "Lịch họp nội bộ")
    restriction = PageViewRestriction.objects.create(page=home_of(site), restriction_type="login")
    assert texts(site, "lich hop") == []
    assert not rows().exists()
    restriction.delete()
    assert texts(site, "lich hop") == ["Lịch họp nội bộ"]


def test_moving_to_another_office_moves_the_suggestion(site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia")
    page = new(site, "Giá hạt điều")
    page.move(home_of(commune), pos="last-child")
    assert texts(site, "hat dieu") == []
    assert texts(commune, "hat dieu") == ["Giá hạt điều"]


def test_sharing_offers_the_pages_of_the_other_office(site: Site) -> None:
    commune = make_office("da-kia.localhost", title="Xã Đa Kia")
    new(site, "Giá hạt điều", shared=True)
    new(site, "Giá hạt tiêu")
    assert texts(commune, "gia hat") == []
    office = OfficeSettings.for_site(commune)
    office.shares_from = site
    office.save()
    assert texts(commune, "gia hat") == ["Giá hạt điều"]
    assert suggestions.find(commune, "vi", "gia hat")[0].url.startswith("http://localhost/")


def test_a_new_name_of_a_topic_is_offered(site: Site) -> None:
    topic = make_topic("Thương mại điện tử")
    new(site, "Hạt điều", topics=[topic])
    topic.name = "Buôn bán qua mạng"
    topic.save()
    assert texts(site, "buon ban") == ["Buôn bán qua mạng"]


def test_the_table_is_no_permission(site: Site) -> None:
    """Rows that are out of date (a task still waits, a page expired in this minute) show nothing."""
    expired, private, draft = (new(site, f"Robot {name}") for name in ("hết hạn", "riêng", "nháp"))
    before = list(rows())
    Page.objects.filter(pk=expired.pk).update(expire_at=past())
    Page.objects.filter(pk=draft.pk).update(live=False)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    Suggestion.objects.bulk_create(before, ignore_conflicts=True)
    assert Suggestion.objects.filter(page=draft).exists()
    for typed in ("ro", "rob", "robot", "robot n"):
        assert texts(site, typed) == []


def test_a_kept_answer_is_forgotten_when_a_page_goes(site: Site) -> None:
    page = new(site, "Robot")
    assert [row.text for row in suggestions.find(site, "vi", "rob")] == ["Robot"]
    ContentPage.objects.filter(pk=page.pk).update(live=False)  # nobody is told: the answer is kept
    with CaptureQueriesContext(connection) as queries:
        assert [row.text for row in suggestions.find(site, "vi", "rob")] == ["Robot"]
    assert len(queries) == 0
    ContentPage.objects.filter(pk=page.pk).update(live=True)
    page.unpublish()  # and the task still waits
    assert suggestions.find(site, "vi", "rob") == []


@pytest.mark.any_database
def test_tasks_begin_when_the_page_is_stored(
    site: Site, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    monkeypatch.undo()
    page = add(site, "Giá hạt điều", live=False)
    with django_capture_on_commit_callbacks() as callbacks:
        page.save_revision().publish()
        assert not Suggestion.objects.exists()
    for callback in callbacks:
        callback()
    assert Suggestion.objects.filter(page=page, key="giahatdieu").exists()


def test_offices_and_languages_are_apart(site: Site) -> None:
    commune = make_office("da-kia.localhost", languages=("vi", "en"), title="Xã Đa Kia")
    new(site, "Robot ở huyện")
    new(site, "Robot in the district", language="en")
    new(commune, "Robot ở xã")
    assert texts(site, "robot") == ["Robot ở huyện"]
    assert texts(site, "robot", "en") == ["Robot in the district"]
    assert texts(commune, "robot") == ["Robot ở xã"]


def test_the_command_mends_the_table(site: Site) -> None:
    new(site, "Giá hạt điều", topics=[make_topic("Nông nghiệp số")])
    call_command("search_suggestions", verbosity=0)
    good = set(Suggestion.objects.values_list("key", "text"))
    assert ("hatdieu", "Giá hạt điều") in good
    assert ("nongnghiepso", "Nông nghiệp số") in good
    Suggestion.objects.get(key="hatdieu", text="Giá hạt điều").delete()
    Suggestion.objects.filter(key="dieu", text="Giá hạt điều").update(text="Sai")
    call_command("search_suggestions", verbosity=0)
    assert set(Suggestion.objects.values_list("key", "text")) == good
    with CaptureQueriesContext(connection) as queries:
        call_command("search_suggestions", verbosity=0)
    assert not [row["sql"] for row in queries if row["sql"].startswith(("INSERT", "DELETE FROM", "UPDATE"))]


# --- over HTTP ---


def get(client: Client, typed: str, path: str = "/tim-kiem/goi-y/", **more: str) -> Any:
    response = client.get(path, {"q": typed, **more})
    assert response.status_code == 200
    return json.loads(response.content)


@pytest.mark.any_database
def test_the_answer_is_small_and_may_be_kept(client: Client, site: Site) -> None:
    new(site, "Giá hạt điều", slug="gia-hat-dieu")
    response = client.get("/tim-kiem/goi-y/?q=hat")
    assert json.loads(response.content) == {
        "q": "hat",
        "suggestions": [
            {"text": "Giá hạt điều", "url": "/gia-hat-dieu/", "kind": "page", "label": "Trang thông tin"}
        ],
    }
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.post("/tim-kiem/goi-y/").status_code == 405


@pytest.mark.any_database
def test_browsers_have_their_own_format(client: Client, site: Site) -> None:
    new(site, "Giá hạt điều", slug="gia-hat-dieu")
    assert get(client, "hat", dang="opensearch") == [
        "hat",
        ["Giá hạt điều"],
        ["Trang thông tin"],
        ["http://testserver/gia-hat-dieu/"],
    ]


@pytest.mark.any_database
def test_the_address_is_in_the_language(client: Client, site: Site) -> None:
    new(site, "Cashew prices", language="en")
    assert [row["text"] for row in get(client, "cash", "/en/search/suggest/")["suggestions"]] == [
        "Cashew prices"
    ]
    assert get(client, "cash")["suggestions"] == []


@pytest.mark.any_database
def test_too_many_are_refused_in_silence(client: Client, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "A_MINUTE", 1)
    get(client, "hat")
    response = client.get("/tim-kiem/goi-y/?q=hat")
    assert (response.status_code, json.loads(response.content)["suggestions"]) == (429, [])
    assert response["Retry-After"] == "60"


@pytest.mark.parametrize("typed", WEIRD)
def test_weird_input_is_answered(client: Client, site: Site, typed: str) -> None:
    assert isinstance(get(client, typed)["suggestions"], list)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(["", "opensearch", "x"]))
def test_anything_typed_is_answered(client: Client, site: Site, typed: str, form: str) -> None:
    cache.clear()  # the limiter counts every example
    get(client, typed.encode("utf-8", "replace").decode(), dang=form)


# --- cost ---


def fill(site: Site, pages: int) -> None:
    """Add rows as of so many pages whose titles begin alike."""
    page = Page.objects.filter(depth__gt=2).last() or home_of(site)
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                site=site, language="vi", tier=1, key=key_of(f"chuyển đổi số {n}"), head="chu", weight=40 + n % 20,
                kind="page", text=f"Chuyển đổi số {n}", page=page,
            )
            for n in range(pages)
        ]
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["ch", "chu", "chuy", "chuyen doi so", "chuyen doi so 1"])
def test_the_cost_does_not_grow_with_the_pages(site: Site, typed: str) -> None:
    new(site, "Chuyển đổi số")
    new(site, "Xyz")
    read = []
    for pages in (50, 4_000):
        fill(site, pages)
        cache.clear()
        assert suggestions.find(site, "vi", "xyz")  # what all questions need, but not the answer to this one
        with CaptureQueriesContext(connection) as queries:
            assert suggestions.find(site, "vi", typed)
        read.append(len(queries))
        statements = [row["sql"] for row in queries if "search_suggestion" in row["sql"]]
        assert len(statements) == 2
        assert all("LIMIT" in sql for sql in statements)
        for sql in statements:
            plan = explain(sql)
            assert "search_suggestion_" in plan, plan
            if '"tier" = 1' in sql:
                # no sorting of what may be thousands of rows
                assert "TEMP B-TREE" not in plan, plan
                assert "Sort" not in plan, plan
    assert read[0] == read[1] <= 4


def explain(sql: str) -> str:
    """Return how the database reads: names of indexes, and whether it sorts."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return " ".join(str(row[3]) for row in cursor.fetchall())
        # among few rows PostgreSQL reads them all and sorts, whatever indexes there are: what it does when it can do without
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}")
        return " ".join(str(row[0]) for row in cursor.fetchall())
