"""What staff read about questions, what they do about one, and how they build the index anew."""

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from home.today import today_for
from search import index_runs, index_state, log, log_reports
from search.admin import index as index_screen
from search.analysis import VERSION
from search.breaker import Outage
from search.models import AskedQuestion, HiddenQuestion, IndexRun, IndexState, LexiconEntry, PromotedResult
from tests.admin.conftest import Office

URL = "search_questions:index"


def ask(site: Site, text: str, *, days_ago: int = 0, language: str = "vi", **values: Any) -> AskedQuestion:
    """Store a day of a question."""
    usual = {"asked": 2, "total": 3, "clicks": 0}
    return AskedQuestion.objects.create(
        site=site,
        language=language,
        day=timezone.localdate() - datetime.timedelta(days=days_ago),
        key=log.question_key(text),
        text=text,
        **{**usual, **values},
    )


def texts(client: Client, **data: str) -> list[str]:
    """Return the questions that the report lists, in order."""
    answer = client.get(reverse(URL), data)
    assert answer.status_code == 200
    return [row.text for row in answer.context["table"].data]


@pytest.fixture
def questions(commune: Office, province: Office) -> None:
    """Questions of two offices."""
    ask(commune.site, "khai sinh", asked=9, clicks=4, ranks=6)
    ask(commune.site, "Khai sinh", days_ago=8, asked=5, clicks=1, ranks=4)
    ask(commune.site, "cúp điện", asked=7, total=0)
    ask(commune.site, "nhà văn hóa", asked=3)
    ask(commune.site, "nhiều năm trước", days_ago=200, asked=50)
    ask(province.site, "chuyện của tỉnh", asked=99, total=0)


@pytest.mark.database
class TestReport:
    def test_the_most_asked_of_the_own_office_over_a_period(self, editor: Client, questions: None) -> None:
        assert texts(editor) == ["khai sinh", "cúp điện", "nhà văn hóa"]
        assert texts(editor, days="365")[0] == "nhiều năm trước"
        row = editor.get(reverse(URL)).context["table"].data[0]
        assert (row.asked, row.clicks, row.rank, row.days) == (14, 5, 2.0, 2)
        row = editor.get(reverse(URL), {"days": "7"}).context["table"].data[0]
        assert (row.asked, row.clicks) == (9, 4)

    def test_without_result_and_without_click(self, editor: Client, questions: None) -> None:
        assert texts(editor, show="nothing") == ["cúp điện"]
        assert texts(editor, show="unopened") == ["nhà văn hóa"]

    def test_what_finds_something_again_leaves_the_list(
        self,
        editor: Client,
        commune: Office,
        questions: None,
    ) -> None:
        AskedQuestion.objects.filter(key="cup dien").update(
            day=timezone.localdate() - datetime.timedelta(days=1)
        )
        log.record(commune.site, "vi", "cúp điện", 2, client="192.0.2.1")
        assert texts(editor, show="nothing") == []

    def test_searched_whatever_the_marks(self, editor: Client, questions: None) -> None:
        assert texts(editor, q="VAN HOA") == ["nhà văn hóa"]
        assert texts(editor, q="%") == texts(editor)

    @pytest.mark.any_database
    def test_another_office_is_not_even_a_choice(
        self,
        editor: Client,
        province: Office,
        questions: None,
    ) -> None:
        shown = editor.get(reverse(URL), {"office": str(province.site.pk)}).content.decode()
        assert "chuyện của tỉnh" not in shown
        assert "Tỉnh Mẫu" not in shown

    def test_an_administrator_sees_all_offices_or_one(
        self,
        sign_in: Callable[..., Client],
        commune: Office,
        questions: None,
    ) -> None:
        admin = sign_in()
        assert texts(admin)[0] == "chuyện của tỉnh"
        assert "Tỉnh Mẫu" in admin.get(reverse(URL)).content.decode()
        assert texts(admin, office=str(commune.site.pk))[0] == "khai sinh"

    def test_marks_are_shown_if_anybody_typed_them(self, editor: Client, commune: Office) -> None:
        ask(commune.site, "đổi bằng lái", days_ago=2)
        ask(commune.site, "doi bang lai")
        assert texts(editor) == ["đổi bằng lái"]

    @pytest.mark.any_database
    def test_files_open_in_a_spreadsheet_with_nothing_that_runs(
        self,
        editor: Client,
        commune: Office,
        questions: None,
    ) -> None:
        ask(commune.site, "=HYPERLINK(1)", asked=1)
        answer = editor.get(reverse(URL), {"export": "csv"})
        raw = answer.getvalue()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        assert rows[0]["Câu tìm"] == "khai sinh"
        assert rows[0]["Số lần tìm"] == "14"
        assert rows[0]["Cơ quan"] == "Xã Thử"
        assert rows[-1]["Câu tìm"] == "'=HYPERLINK(1)"
        assert "chuyện của tỉnh" not in raw.decode()
        book = openpyxl.load_workbook(io.BytesIO(editor.get(reverse(URL), {"export": "xlsx"}).getvalue()))
        cells = [row[0] for row in book.active.iter_rows(min_row=2)]
        assert {cell.data_type for cell in cells} == {"s"}

    def test_a_constant_number_of_queries(
        self,
        editor: Client,
        commune: Office,
        django_assert_max_num_queries: Callable[..., Any],
    ) -> None:
        editor.get(reverse(URL))
        for number in range(45):
            ask(commune.site, f"câu số {number}")
        with django_assert_max_num_queries(40):
            assert len(texts(editor)) == 45

    @pytest.mark.parametrize(
        "data", [{"days": "9"}, {"show": "x"}, {"p": "99"}, {"q": "\x00😀"}, {"office": "x"}]
    )
    def test_odd_addresses_do_no_harm(self, editor: Client, questions: None, data: dict[str, str]) -> None:
        assert editor.get(reverse(URL), data).status_code == 200


class TestButtons:
    def test_a_question_becomes_an_entry_or_a_promoted_result(
        self,
        publisher: Client,
        commune: Office,
        questions: None,
    ) -> None:
        shown = publisher.get(reverse(URL), {"show": "nothing"}).content.decode()
        for name, label in (
            ("search_words", "Thêm vào từ đồng nghĩa"),
            ("search_promoted", "Đề xuất kết quả"),
        ):
            assert label in shown
            url = next(part.split('"')[0] for part in shown.split('href="') if reverse(f"{name}:add") in part)
            form = publisher.get(url.replace("&amp;", "&"))
            assert "cúp điện" in form.content.decode()
            assert str(form.context["form"]["site"].value()) == str(commune.site.pk)

    def test_a_promoted_result_is_saved_with_own_pages_only(
        self,
        publisher: Client,
        commune: Office,
        province: Office,
    ) -> None:
        def data(page: Any) -> dict[str, Any]:
            return {
                "questions": "cúp điện", "match": "whole", "active": "on", "site": commune.site.pk, "note": "",
                "pages-TOTAL_FORMS": 1, "pages-INITIAL_FORMS": 0, "pages-MIN_NUM_FORMS": 1,
                "pages-MAX_NUM_FORMS": 3, "pages-0-page": page.pk, "pages-0-ORDER": 1, "pages-0-id": "",
            }  # fmt: skip

        url = reverse("search_promoted:add")
        for page in (province.article, province.draft):
            assert "Hãy chọn trang của cơ quan mình" in publisher.post(url, data(page)).content.decode()
        assert not PromotedResult.objects.exists()
        answer = publisher.post(url, data(commune.article), follow=True)
        assert "Đã lưu" in answer.content.decode()
        row = PromotedResult.objects.get()
        assert [item.page_id for item in row.pages.all()] == [commune.article.pk]
        assert row.created_by == commune.groups.publishers.user_set.get()
        listed = publisher.get(reverse("search_promoted:index")).content.decode()
        assert "Bài đã đăng Xã Thử" in listed
        assert "đang áp dụng" in listed

    def test_promoted_results_of_another_office_are_shut(
        self,
        publisher: Client,
        province: Office,
    ) -> None:
        row = PromotedResult.objects.create(site=province.site, questions="chuyện của tỉnh")
        for view in ("edit", "delete", "copy", "history", "usage"):
            url = reverse(f"search_promoted:{view}", args=[row.pk])
            assert publisher.get(url).status_code in (302, 403), view
            assert publisher.post(url).status_code in (302, 403, 405), view
        assert PromotedResult.objects.filter(pk=row.pk).exists()
        assert "chuyện của tỉnh" not in publisher.get(reverse("search_promoted:index")).content.decode()

    def test_editors_have_no_buttons(self, editor: Client, questions: None) -> None:
        shown = editor.get(reverse(URL)).content.decode()
        assert "Thêm vào từ đồng nghĩa" not in shown
        assert "Không gợi ý" not in shown

    def test_a_question_is_hidden_and_shown_again(
        self,
        publisher: Client,
        commune: Office,
        questions: None,
    ) -> None:
        url = reverse("search_questions:hide")
        data = {"site": commune.site.pk, "language": "vi", "key": "khai sinh"}
        publisher.post(url, data)
        publisher.post(url, data)
        assert HiddenQuestion.objects.get().key == "khai sinh"
        assert "không gợi ý cho người khác" in publisher.get(reverse(URL)).content.decode()
        publisher.post(url, {**data, "hidden": "0"})
        assert not HiddenQuestion.objects.exists()

    def test_only_of_the_own_office(
        self,
        publisher: Client,
        editor: Client,
        province: Office,
        commune: Office,
    ) -> None:
        data = {"language": "vi", "key": "khai sinh"}
        url = reverse("search_questions:hide")
        for raw in (province.site.pk, "", "x", "9" * 30):
            assert publisher.post(url, {**data, "site": raw}).status_code in (302, 403)
        assert editor.post(url, {**data, "site": commune.site.pk}).status_code in (302, 403)
        assert publisher.get(url).status_code == 405
        assert not HiddenQuestion.objects.exists()


class TestToday:
    def test_the_first_page_names_what_was_not_found(
        self,
        publisher: Client,
        commune: Office,
        questions: None,
    ) -> None:
        for number in range(4):
            ask(commune.site, f"chưa có trang {number}", asked=number + 1, total=0)
        ask(commune.site, "tuần trước", days_ago=7, asked=60, total=0)
        user = commune.groups.publishers.user_set.get()
        found = today_for(user, timezone.now()).not_found
        assert [(row.text, row.asked) for row in found] == [
            ("cúp điện", 7), ("chưa có trang 3", 4), ("chưa có trang 2", 3),
        ]  # fmt: skip
        assert all(publisher.get(row.word_url).status_code == 200 for row in found)
        shown = publisher.get(reverse("wagtailadmin_home")).content.decode()
        assert "Người dân tìm mà không thấy" in shown
        assert "7 lần tìm trong 7 ngày" in shown

    def test_editors_read_it_without_links(self, editor: Client, commune: Office, questions: None) -> None:
        user = commune.groups.editors.user_set.get()
        assert [row.word_url for row in today_for(user, timezone.now()).not_found] == [""]


class TestIndexScreen:
    URL = "search_index:index"

    def test_what_stands_in_the_index(self, editor: Client) -> None:
        shown = editor.get(reverse(self.URL)).content.decode()
        assert "Trang đã xuất bản có trong chỉ mục" in shown
        assert "cơ sở dữ liệu của website" in shown
        assert "Lập lại chỉ mục</button>" not in shown
        assert editor.post(reverse("search_index:rebuild")).status_code in (302, 403)
        assert not IndexRun.objects.exists()

    def test_an_administrator_builds_it_anew(
        self,
        sign_in: Callable[..., Client],
        commune: Office,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        admin = sign_in()
        with django_capture_on_commit_callbacks(execute=True):
            admin.post(reverse("search_index:rebuild"))
        run = IndexRun.objects.get()
        assert run.state == "done"
        assert run.done == run.total > 0
        assert not index_state.needs_rebuild()
        shown = admin.get(reverse(self.URL)).content.decode()
        assert "Chỉ mục đang khớp" in shown
        assert "Xong lúc" in shown

    def test_it_says_when_a_rebuild_is_needed(
        self,
        editor: Client,
    ) -> None:
        index_state.rebuild_now()
        assert "Cần lập lại chỉ mục." not in editor.get(reverse(self.URL)).content.decode()
        # what another version of the analysis has made
        IndexState.objects.update(version=VERSION - 1)
        shown = editor.get(reverse(self.URL)).content.decode()
        assert "Cần lập lại chỉ mục." in shown
        assert "Hãy báo quản trị viên." in shown

    def test_it_says_when_the_server_does_not_answer(
        self,
        editor: Client,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        class Backend:
            class breaker:
                outage = Outage(since=1_795_500_000.0, until=1_795_500_002.0, pause=2.0)

        monkeypatch.setattr(index_screen, "get_search_backend", lambda _name: Backend)
        shown = editor.get(reverse(self.URL)).content.decode()
        assert "Máy chủ tìm kiếm không trả lời." in shown
        moment = timezone.localtime(datetime.datetime.fromtimestamp(1_795_500_000, datetime.UTC))
        assert f"{moment:%H:%M %d/%m/%Y}" in shown

    def test_one_run_at_a_time_and_its_progress(self, sign_in: Callable[..., Client]) -> None:
        admin, now = sign_in(), timezone.now()
        run = IndexRun.objects.create(started_at=now, heard_at=now, done=20, total=80)
        shown = admin.get(reverse(self.URL)).content.decode()
        assert 'max="80" value="20"' in shown
        assert 'http-equiv="refresh"' in shown
        admin.post(reverse("search_index:rebuild"))
        assert IndexRun.objects.count() == 1
        IndexRun.objects.filter(pk=run.pk).update(heard_at=now - datetime.timedelta(minutes=11))
        assert "Đã dừng giữa chừng" in admin.get(reverse(self.URL)).content.decode()
        assert index_runs.begin(None) is not None

    def test_nobody_takes_it_up(self, sign_in: Callable[..., Client]) -> None:
        IndexRun.objects.create()
        IndexRun.objects.update(asked_at=timezone.now() - datetime.timedelta(minutes=3))
        assert "site-worker" in sign_in().get(reverse(self.URL)).content.decode()

    def test_a_failure_is_told(self, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_values: Any) -> int:
            raise index_state.AlreadyRunning("busy")

        monkeypatch.setattr(index_state, "rebuild_now", fail)
        run = IndexRun.objects.create()
        with pytest.raises(index_state.AlreadyRunning):
            index_runs.rebuild.call(run.pk)
        run.refresh_from_db()
        assert (run.state, run.problem) == ("failed", "AlreadyRunning: busy")
        assert "AlreadyRunning: busy" in sign_in().get(reverse(self.URL)).content.decode()


def test_strangers_and_people_without_pages_see_nothing(commune: Office, questions: None) -> None:
    names = (URL, "search_words:index", "search_shipped:index", "search_promoted:index", "search_index:index")
    assert all(Client().get(reverse(name)).status_code == 302 for name in names)
    nobody = get_user_model().objects.create_user("nobody", "n@example.vn", "x")
    assert log_reports.not_found([]) == []
    client = Client()
    client.force_login(nobody)
    for name in names:
        assert client.get(reverse(name)).status_code in (302, 403), name
    assert not LexiconEntry.objects.exists()
