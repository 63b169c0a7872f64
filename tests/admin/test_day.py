"""The first page of the admin, the reports, and what a new page begins with."""

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.models import Leader, LeadersPage, StandardPage
from home.models.standing import Duty
from home.required import State, rows_for
from home.today import today_for
from tests.admin.conftest import Office
from tests.factories.core import home_of, make_locale, make_topic

TODAY = datetime.date(2026, 11, 24)


def make_standing(office: Office, duty: Duty, **values: Any) -> StandardPage:
    """Return a live page with this duty and a paragraph."""
    usual = {
        "title": str(duty.label),
        "locale": make_locale("vi"),
        "body": [("paragraph", "<p>Nội dung.</p>")],
        "published_on": TODAY,
        "last_reviewed_on": TODAY,
    }
    page = StandardPage(duty=duty, **{**usual, **values})
    home_of(office.site).add_child(instance=page)
    return page


def states(office: Office, user: Any) -> dict[str, State]:
    """Return the state of each requirement by its label."""
    return {row.label: row.state for row in rows_for([office.site], user, TODAY)}


@pytest.fixture
def user(commune: Office, publisher: Client) -> Any:
    """The commune's publisher."""
    return commune.groups.publishers.user_set.get()


class TestRequiredContent:
    """Decree 224/2026 art. 9(1)(c): what a commune must publish."""

    def test_everything_is_missing_at_first(self, commune: Office, user: Any) -> None:
        found = states(commune, user)
        assert set(found.values()) == {State.MISSING}
        assert {"Bản đồ địa giới hành chính", "Lịch sử", "Điều kiện tự nhiên", "Kênh chính thức"} <= set(
            found
        )

    def test_a_live_page_counts_until_it_is_a_year_old(self, commune: Office, user: Any) -> None:
        make_standing(commune, Duty.HISTORY)
        make_standing(commune, Duty.CULTURE, last_reviewed_on=TODAY - datetime.timedelta(days=366))
        make_standing(commune, Duty.PRIVACY, live=False)
        make_standing(commune, Duty.BOUNDARY_MAP, body=[])
        found = states(commune, user)
        assert found["Lịch sử"] is State.GOOD
        assert found["Văn hóa và danh thắng"] is State.DUE
        assert found["Quyền riêng tư"] is State.DRAFT
        assert found["Bản đồ địa giới hành chính"] is State.INCOMPLETE

    def test_leaders_need_duties_and_a_biography(self, commune: Office, user: Any) -> None:
        page = LeadersPage(title="Lãnh đạo", locale=make_locale("vi"), last_reviewed_on=TODAY)
        page.leaders = [Leader(name="Nguyễn Văn A (mẫu)", position="Chủ tịch", locale=make_locale("vi"))]
        home_of(commune.site).add_child(instance=page)
        label = "Tổ chức bộ máy, lãnh đạo (nhiệm vụ, tiểu sử tóm tắt)"
        row = next(row for row in rows_for([commune.site], user, TODAY) if row.label == label)
        assert (row.state, row.note) == (State.INCOMPLETE, "Số lãnh đạo chưa có nhiệm vụ hoặc tiểu sử: 1")
        page.leaders.update(duties="Điều hành chung.", biography="Sinh năm 1970 (mẫu).")
        assert states(commune, user)[label] is State.GOOD

    def test_missing_content_leads_to_the_form_that_creates_it(
        self, publisher: Client, commune: Office, user: Any
    ) -> None:
        for row in rows_for([commune.site], user, TODAY):
            assert publisher.get(row.url).status_code == 200

    def test_the_report_can_be_taken_along(self, publisher: Client, commune: Office) -> None:
        make_standing(commune, Duty.HISTORY)
        url = reverse("home_required_content")
        assert "còn thiếu" in publisher.get(url).content.decode()
        answer = publisher.get(url, {"export": "csv"})
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert len(rows) == 9
        assert {row["Cơ quan"] for row in rows} == {"Xã Thử"}
        assert publisher.get(url, {"export": "xlsx"}).getvalue()[:2] == b"PK"


def test_the_review_report_lists_the_longest_ago_first(publisher: Client, commune: Office) -> None:
    make_standing(commune, Duty.HISTORY, last_reviewed_on=datetime.date(2020, 1, 1))
    url = reverse("home_review")
    assert "01/01/2020" in publisher.get(url).content.decode()
    answer = publisher.get(url, {"export": "csv"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][:3] == ["Trang", "Loại", "Đơn vị phụ trách"]
    dates = [row[4] for row in rows[1:] if row[4]]
    assert dates == sorted(dates)
    narrowed = publisher.get(url, {"last_reviewed_on": "2020-02-01", "export": "csv"}).getvalue().decode()
    assert narrowed.count("\n") == 2


class TestToday:
    """The panel of the first page."""

    def test_buttons_lead_to_forms_of_the_own_office(
        self, publisher: Client, commune: Office, user: Any
    ) -> None:
        office = today_for(user, timezone.now()).offices[0]
        assert {button.label for button in office.buttons} == {
            "Viết bài",
            "Soạn bản tin",
            "Tạo lớp tập huấn",
        }  # the office has no list of guides yet
        for button in office.buttons:
            assert publisher.get(button.url).status_code == 200

    def test_who_may_not_add_gets_no_buttons(self, commune: Office, user: Any) -> None:
        commune.groups.publishers.page_permissions.filter(permission__codename="add_page").delete()
        user = type(user).objects.get(pk=user.pk)
        assert today_for(user, timezone.now()).offices[0].buttons == []

    def test_classes_of_the_next_days_with_their_seats(self, commune: Office, user: Any) -> None:
        (row,) = today_for(user, timezone.now()).events
        assert (row.title, row.seats, row.waiting, row.is_full) == (
            "Lớp Xã Thử",
            "0/10 chỗ đã đăng ký",
            0,
            False,
        )
        assert today_for(user, timezone.now() + datetime.timedelta(days=30)).events == []

    def test_own_drafts_and_stale_pages(self, commune: Office, user: Any) -> None:
        page = commune.draft.specific
        page.save_revision(user=user)
        make_standing(commune, Duty.HISTORY, last_reviewed_on=datetime.date(2020, 1, 1))
        found = today_for(user, timezone.now())
        assert [row.title for row in found.drafts] == ["Bài nháp Xã Thử"]
        assert [row.title for row in found.to_review] == ["lịch sử"]

    def test_the_page_speaks_plain_words(self, publisher: Client) -> None:
        shown = publisher.get(reverse("wagtailadmin_home")).content.decode()
        for words in ("Việc hôm nay", "Bản nháp của tôi", "Lớp Xã Thử", "Nội dung bắt buộc", "Viết bài"):
            assert words in shown

    def test_a_constant_number_of_queries(
        self, commune: Office, user: Any, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        from tests.factories.training_events import make_event

        for number in range(12):
            make_event(commune.site, f"Lớp {number}", days=2)
        today_for(user, timezone.now())
        with django_assert_max_num_queries(60):
            today_for(type(user).objects.get(pk=user.pk), timezone.now())


def test_a_new_page_begins_with_what_is_obvious(publisher: Client, commune: Office) -> None:
    url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", commune.news.pk])
    form = publisher.get(url).context["form"]
    assert form.instance.responsible_unit == "UBND Xã Thử"
    assert form.instance.published_on == timezone.localdate()


def test_a_picture_needs_its_description(publisher: Client, commune: Office) -> None:
    url = reverse("wagtailimages:edit", args=[commune.image.pk])
    data = {"title": "Hình", "collection": commune.collection.pk, "description": ""}
    assert "description" in publisher.post(url, data).context["form"].errors
    assert publisher.post(url, {**data, "description": "Bà con quét mã QR"}).status_code == 302


def test_topics_stand_in_the_order_of_the_alphabet(publisher: Client, commune: Office) -> None:
    for name in ("Y tế số", "Định danh điện tử", "Du lịch", "An toàn trực tuyến"):
        make_topic(name)
    url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", commune.news.pk])
    field = publisher.get(url).context["form"].fields["topics"]
    assert field.label == "Lĩnh vực"
    assert [str(label) for _value, label in field.widget.choices] == [
        "An toàn trực tuyến",
        "Du lịch",
        "Định danh điện tử",
        "Y tế số",
    ]
