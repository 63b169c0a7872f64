"""Counting questions: nothing personal, nothing lost under load, nothing slow or fatal."""

import datetime
import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from wagtail.models import Site

from core import limits
from search import log
from search.models import AskedQuestion
from tests.conftest import on_postgresql
from tests.factories.core import make_office
from tests.factories.news import make_article, make_news_index
from tests.search.helpers import ask


@pytest.fixture
def site(db: None) -> Site:
    return make_office("localhost")


def record(site: Site, text: str, total: int = 3, *, language: str = "vi", client: str = "") -> None:
    """Record a question of somebody who has not asked before, or of ``client``."""
    log.record(site, language, text, total, client=client or uuid.uuid4().hex)


class TestPrivacy:
    @pytest.mark.parametrize(
        "text",
        [
            "0912345678",
            "gọi 0912 345 678",
            "gọi 112 113",
            "sđt 0912.345.678 của ai",
            "(0271) 3 123 456",
            "căn cước 070085001234",
            "cccd 070 085 001 234",
            "mã hồ sơ H12-230815-0042",
            "số ０９１２３４５６７８",
            "số 09\u200b12\u200b34\u200b56\u200b78",
            "nguyen.van.a@example.vn",
            "thư cho a @ example.vn",
            "Trần Thị B sinh 01/02/1990",
            "sinh ngày 1-2-90",
            "xe 93P2-12345",
            "biển số 93A-123.45",
            "https://example.vn/ho-so?id=9",
            "câu rất dài " * 12,
        ],
    )
    def test_what_may_be_personal_is_not_stored(self, site: Site, text: str) -> None:
        record(site, text, 3)
        assert not AskedQuestion.objects.exists()

    @pytest.mark.parametrize(
        "text",
        [
            "nghị định 224/2026/NĐ-CP",
            "tuyển sinh lớp 10 năm học 2026-2027",
            "nghị quyết 57",
            "bản tin số 05/2026",
            "mạng 4G 5G",
            "định danh mức 2",
            "dang9 ky1 ket61 hon6",
        ],
    )
    def test_numbers_of_everyday_questions_are(self, site: Site, text: str) -> None:
        record(site, text, 3)
        assert AskedQuestion.objects.get().text == text.strip()

    def test_the_row_knows_no_person_and_no_hour(self) -> None:
        names = {field.name for field in AskedQuestion._meta.get_fields()}
        assert names == {
            "id", "site", "language", "day", "key", "text", "asked", "total", "clicks", "ranks", "page",
        }  # fmt: skip


@pytest.mark.database
class TestRecord:
    def test_spellings_of_a_question_are_counted_apart_under_one_key(self, site: Site) -> None:
        for text in ("dang ky ket hon", "Đăng ký kết hôn", "ĐĂNG KÝ  KẾT HÔN?", "dang ky ket hon"):
            record(site, text, 7)
        rows = AskedQuestion.objects.order_by("pk").values_list("key", "text", "asked", "total")
        assert list(rows) == [
            ("dang ky ket hon", "dang ky ket hon", 2, 7),
            ("dang ky ket hon", "Đăng ký kết hôn", 1, 7),
            ("dang ky ket hon", "ĐĂNG KÝ KẾT HÔN?", 1, 7),
        ]

    def test_a_client_counts_once_a_day_however_it_types(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for text in ("trồng bưởi", "trồng buồi", "TRONG BUOI", "trồng bưởi"):
            record(site, text, client="192.0.2.1")
        record(site, "trồng bưởi", client="192.0.2.2")
        record(site, "trồng điều", client="192.0.2.1")
        rows = AskedQuestion.objects.order_by("pk").values_list("text", "asked")
        assert list(rows) == [("trồng bưởi", 2), ("trồng điều", 1)]
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
        record(site, "trồng bưởi", client="192.0.2.1")
        assert AskedQuestion.objects.get(day=tomorrow).asked == 1

    def test_who_asks_is_kept_as_a_digest_of_the_day(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept: list[str] = []
        monkeypatch.setattr(limits.cache, "add", lambda key, *_: kept.append(key) or True)
        for day in (1, 2):
            monkeypatch.setattr(timezone, "localdate", lambda *_, day=day: datetime.date(2026, 11, day))
            record(site, "trồng bưởi", client="192.0.2.1")
        assert len(set(kept)) == 2
        assert "192.0.2.1" not in "".join(kept)
        assert "buoi" not in "".join(kept)

    def test_asked_again_the_number_of_results_is_the_last(self, site: Site) -> None:
        record(site, "cúp điện", 0, client="192.0.2.1")
        record(site, "cúp điện", 4, client="192.0.2.1")
        row = AskedQuestion.objects.get()
        assert (row.asked, row.total) == (1, 4)

    def test_made_up_spellings_are_not_kept_without_end(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log, "SPELLINGS_A_DAY", 2)
        for text in ("bưởi", "buồi", "bươi", "bưởi", "buơi"):
            record(site, text)
        rows = AskedQuestion.objects.order_by("pk").values_list("text", "asked")
        assert list(rows) == [("bưởi", 4), ("buồi", 1)]

    def test_days_offices_and_languages_stand_apart(self, site: Site) -> None:
        other = make_office("xa.localhost")
        ask(site, "khai sinh", days_ago=1)
        record(site, "khai sinh", 1)
        record(site, "khai sinh", 1, language="en")
        record(other, "khai sinh", 1)
        assert AskedQuestion.objects.count() == 4
        assert set(AskedQuestion.objects.values_list("asked", flat=True)) == {1}

    @pytest.mark.any_database
    @pytest.mark.parametrize("text", ["", "   ", "?!…", "😀😀", "\x00", "\u0301\u0301", "\u202e"])
    def test_no_words_no_row(self, site: Site, text: str) -> None:
        record(site, text, 0)
        assert not AskedQuestion.objects.exists()

    @pytest.mark.parametrize(
        "text", ["khai\x00sinh", "ﷺ" * 90, "ấ" * 90, "a\u0301\u0302\u0303" * 20, "x" * 100]
    )
    def test_weird_input_is_stored_or_left_out_but_never_an_error(self, site: Site, text: str) -> None:
        record(site, text, 0, language="vi" * 20)
        for row in AskedQuestion.objects.all():
            assert len(row.text) <= 100
            assert "\x00" not in row.text

    def test_one_statement_for_a_known_question(
        self, site: Site, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        record(site, "khai sinh", 1)
        # three statements set and lift the time limit of SQLite, two the savepoint of the test's own transaction
        with django_assert_max_num_queries(6 if connection.vendor == "sqlite" else 3):
            record(site, "khai sinh", 1)

    def test_a_flood_of_new_questions_is_cut(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log, "QUESTIONS_A_DAY", 3)
        for number in range(6):
            record(site, f"câu hỏi {number}", 1)
        record(site, "câu hỏi 0", 1)
        assert AskedQuestion.objects.count() == 3
        assert AskedQuestion.objects.get(key="cau hoi 0").asked == 2


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    def run(self, work: Callable[[], None], threads: int = 8) -> None:
        start = threading.Barrier(threads)
        errors: list[BaseException] = []

        def one() -> None:
            try:
                start.wait()
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                connections.close_all()

        running = [threading.Thread(target=one) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        assert errors == []

    def test_no_question_is_lost_or_doubled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # the machine of the test may be slow; how long a page waits is another test
        monkeypatch.setattr(log, "PATIENCE_MS", 20_000)
        site = make_office("localhost")

        def work() -> None:
            for number in range(12):
                record(site, f"Câu hỏi {number % 3}", number)

        self.run(work)
        rows = list(AskedQuestion.objects.order_by("key"))
        assert [(row.key, row.asked) for row in rows] == [
            ("cau hoi 0", 32), ("cau hoi 1", 32), ("cau hoi 2", 32),
        ]  # fmt: skip

    def test_clicks_never_exceed_questions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log, "PATIENCE_MS", 20_000)
        site = make_office("localhost")
        page = make_article(make_news_index(site), title="Khai sinh")
        for _ in range(5):
            record(site, "khai sinh", 1)
        self.run(lambda: log.clicked(site, "vi", "khai sinh", page.pk, 2, client=uuid.uuid4().hex))
        row = AskedQuestion.objects.get()
        assert (row.clicks, row.ranks, row.page_id) == (5, 10, page.pk)


@pytest.mark.skipif(
    on_postgresql(), reason="writers of PostgreSQL wait for a row only; SQLite admits one writer"
)
@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_another_writer(caplog: pytest.LogCaptureFixture) -> None:
    site = make_office("localhost")
    record(site, "khai sinh", 1)
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():  # BEGIN IMMEDIATE
            locked.set()
            done.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(30)
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING, "search.log"):
        record(site, "khai sinh", 1)
    waited = time.monotonic() - begun
    done.set()
    holder.join()
    # whoever waits as every other writer does waits for 20 seconds (config.parsers.sqlite)
    assert waited < 10
    assert "was not counted" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] > 1_000  # as before
    record(site, "khai sinh", 1)
    assert AskedQuestion.objects.get().asked == 2


@pytest.mark.database
def test_a_failure_is_logged_and_spoils_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(AskedQuestion._meta, "db_table", "no_such_table")
    with caplog.at_level(logging.WARNING, "search.log"):
        record(site, "khai sinh", 1)
        log.clicked(site, "vi", "khai sinh", 1, 1, client=uuid.uuid4().hex)
    monkeypatch.undo()
    assert "was not counted" in caplog.text
    assert Site.objects.filter(pk=site.pk).exists()  # the transaction of the page goes on


class TestClicks:
    def test_only_what_was_asked_and_is_shown_counts(self, site: Site) -> None:
        news = make_news_index(site)
        page, draft = make_article(news, title="Khai sinh"), make_article(news, title="Nháp", live=False)
        log.clicked(site, "vi", "khai sinh", page.pk, 1, client=uuid.uuid4().hex)
        assert not AskedQuestion.objects.exists()
        record(site, "khai sinh", 2)
        for key, rank in ((draft.pk, 1), (10**9, 1), (10**12, 1), (-1, 1), (page.pk, 0), (page.pk, 10**6)):
            log.clicked(site, "vi", "khai sinh", key, rank, client=uuid.uuid4().hex)
        assert AskedQuestion.objects.get().clicks == 0
        log.clicked(site, "vi", "KHAI SINH", page.pk, 3, client=uuid.uuid4().hex)
        row = AskedQuestion.objects.get()
        assert (row.clicks, row.ranks, row.page_id) == (1, 3, page.pk)

    def test_opened_after_midnight(self, site: Site) -> None:
        page = make_article(make_news_index(site), title="Khai sinh")
        ask(site, "khai sinh", days_ago=1)
        log.clicked(site, "vi", "khai sinh", page.pk, 1, client=uuid.uuid4().hex)
        assert AskedQuestion.objects.get().clicks == 1


@pytest.mark.database
def test_purge_forgets_single_questions_after_a_month_and_all_after_a_year(site: Site, capsys: Any) -> None:
    ask(site, "hỏi một lần", days_ago=31)
    ask(site, "hỏi một lần gần đây", days_ago=30)
    ask(site, "hỏi hai lần", days_ago=31)
    ask(site, "hỏi hai lần", days_ago=200)
    ask(site, "hỏi nhiều", days_ago=365, times=5)
    ask(site, "hỏi nhiều", days_ago=366, times=5)
    call_command("purge_search_log")
    left = sorted((row.text, (timezone.localdate() - row.day).days) for row in AskedQuestion.objects.all())
    assert left == [
        ("hỏi hai lần", 31), ("hỏi hai lần", 200), ("hỏi một lần gần đây", 30), ("hỏi nhiều", 365),
    ]  # fmt: skip
    assert "2 rows" in capsys.readouterr().out
