"""What leaves the system, what a person may ask for, and the trace that every look at personal data leaves."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Collection, Site

from home import offices as office_setup
from tests.factories.core import home_of, make_office, make_place
from tests.factories.training_events import DAY, make_event, make_registration
from tests.training_events.test_retention import EMAIL, NAME, PHONE, party, tables_with
from training_events.models import (
    Attendance,
    Certificate,
    CheckInWay,
    EventPage,
    EventTotal,
    Participant,
    PersonalDataAccess,
    QuestionKind,
    Registration,
    SeatPool,
)
from training_events.services import people
from training_events.services.party import AnswerData, PersonData
from training_events.spreadsheets import BOM, Sheet, as_csv, as_xlsx
from training_events.views.staff import EventStaffView

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PEOPLE = "/quan-tri/reports/personal-data/"


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=5, max_party=5, sessions=2)


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    client.force_login(admin_user)
    return client


def answer(wording: str, shown: str, sensitive: str = "", key: str = "") -> AnswerData:
    found = uuid.uuid5(uuid.NAMESPACE_OID, key or wording)
    return AnswerData(found, QuestionKind.TEXT, wording, shown, shown, sensitive)


def attend(participant: Participant, session: Any) -> None:
    Attendance.objects.create(
        participant=participant,
        session_key=session.translation_key,
        checked_in_at=timezone.now(),
        way=CheckInWay.NAME,
        client_key=str(uuid.uuid4()),
    )


def csv_rows(response: Any) -> list[dict[str, str]]:
    text = response.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def files(event: EventPage, form: str = "csv") -> str:
    return reverse(f"training_events_registrations_{form}", args=[event.pk])


class TestExport:
    """Files for spreadsheet programs."""

    @pytest.mark.any_database
    def test_a_workbook_of_parties_and_people(self, admin: Client, event: EventPage) -> None:
        two = (
            PersonData(name="=HYPERLINK(1)", answers=(answer("Cỡ áo?", "+L"),)),
            PersonData(
                name="Điểu Thị Bình", birth_year=1950, answers=(answer("Áo cỡ nào?", "M", key="Cỡ áo?"),)
            ),
        )
        row = make_registration(
            event, name="-An", phone=PHONE, party_size=2, people=two, place=make_place(),
            answers=(answer("Đi xe gì?", "@xe"), answer("Dân tộc?", "S’tiêng", "ethnic")),
        )  # fmt: skip
        SeatPool.objects.update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY)
        first, _second = event.session_rows
        event.sessions.update(starts_at=timezone.now() - 3 * DAY, ends_at=timezone.now() - 2 * DAY)
        attend(row.participants.get(position=2), first)
        response = admin.get(files(event, "xlsx"))
        book = load_workbook(io.BytesIO(response.content))
        parties, persons = book.worksheets
        cells = dict(zip(*parties.iter_rows(values_only=True), strict=True))
        assert cells["Họ và tên"] == "'-An"
        assert cells["Số điện thoại"] == "0912 345 678"
        assert cells["Số người"] == 2
        assert cells["Đi xe gì?"] == "'@xe"
        assert "Dân tộc?" not in cells
        phone = next(cell for cell in parties[2] if cell.value == "0912 345 678")
        assert (phone.data_type, phone.number_format) == ("s", "@")
        headings, an, binh = persons.iter_rows(values_only=True)
        words = list(headings)
        assert words.index("Áo cỡ nào?") == words.index("Cỡ áo?") + 1, (
            "each answer under the words it was given to"
        )
        assert (an[words.index("Cỡ áo?")], binh[words.index("Cỡ áo?")]) == ("'+L", None)
        assert binh[words.index("Áo cỡ nào?")] == "M"
        assert an[4] == "'=HYPERLINK(1)"
        # a list was kept of the first session only: nobody is absent from the second
        assert (an[9], binh[9], an[10], binh[10]) == ("vắng mặt", "có mặt", None, None)
        assert not [c for sheet in book for line in sheet.iter_rows() for c in line if c.data_type == "f"]

    @pytest.mark.any_database
    def test_csv_of_people_and_sensitive_answers_only_when_asked_for(
        self, admin: Client, event: EventPage
    ) -> None:
        make_registration(event, name="An", answers=(answer("Dân tộc?", "S’tiêng", "ethnic"),))
        (person,) = csv_rows(admin.get(files(event) + "?bang=nguoi"))
        assert person["Họ và tên"] == "An"
        (plain,) = csv_rows(admin.get(files(event)))
        assert "Dân tộc?" not in plain
        (whole,) = csv_rows(admin.get(files(event) + "?nhay-cam=1"))
        assert whole["Dân tộc?"] == "S’tiêng"
        looks = PersonalDataAccess.objects.filter(kind="export").order_by("pk")
        assert [look.detail for look in looks] == ["csv", "csv", "csv, sensitive"]
        assert {look.count for look in looks} == {1}

    def test_the_file_holds_what_the_list_shows(self, admin: Client, event: EventPage) -> None:
        for name in ("Hoa", "Lan"):
            make_registration(event, name=name)
        shown = admin.post(files(event).removesuffix(".csv") + "/", {"q": "lan"})["Location"]
        assert "lan" not in shown
        file = files(event) + "?" + shown.partition("?")[2]
        assert [row["Họ và tên"] for row in csv_rows(admin.get(file))] == ["Lan"]
        # a search that the session has forgotten finds nothing, rather than everything
        assert not csv_rows(admin.get(files(event) + "?tim=0123456789ab"))

    @pytest.mark.any_database
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
    def test_no_text_begins_like_a_formula(self, start: str) -> None:
        text = f"{start}1+1\x00"
        sheet = Sheet("Bảng [1]/*", [text], [[text], [-5], [1.5], [None]])
        page = load_workbook(io.BytesIO(as_xlsx([sheet, sheet]))).worksheets[1]
        assert [cell.data_type for cell in page["A"]] == ["s", "s", "n", "n", "n"] or page[
            "A2"
        ].data_type == "s"
        assert str(page["A2"].value).startswith("'")
        assert page["A3"].value == -5, "a number is a number"
        lines = list(csv.reader(io.StringIO(as_csv(sheet).removeprefix(BOM))))
        assert all(line[0].startswith("'") for line in lines[:2])


class TestLooks:
    """Every look leaves a row."""

    def test_list_detail_and_file_are_recorded_with_who_and_how_many(
        self, admin: Client, admin_user: User, event: EventPage
    ) -> None:
        row = make_registration(event)
        admin.get(reverse("training_events_registrations", args=[event.pk]))
        admin.get(reverse("training_events_registration", args=[event.pk, row.pk]))
        admin.get(reverse("training_events_registration", args=[event.pk, row.pk + 1]))
        looks = list(
            PersonalDataAccess.objects.order_by("pk").values_list("kind", "registration_id", "count")
        )
        assert looks == [("list", None, 1), ("detail", row.pk, 1)]
        assert set(PersonalDataAccess.objects.values_list("user", "user_name", "pool")) == {
            (admin_user.pk, "admin", row.pool_id)
        }
        admin_user.delete()
        assert PersonalDataAccess.objects.filter(user=None, user_name="admin").count() == 2

    @pytest.mark.any_database
    def test_no_staff_screen_of_an_event_is_forgotten(self, admin_user: User, event: EventPage) -> None:
        """A view that shows persons records it unless it says that it shows none; so do those added later."""

        class Added(EventStaffView):
            def get(self, request: Any, pk: int) -> Any:
                return HttpResponse("tên")

        request = RequestFactory().get("/")
        request.user = admin_user
        Added.as_view()(request, pk=event.pk)
        assert PersonalDataAccess.objects.get().kind == "list"
        request.user = User.objects.create_user("khac")
        with pytest.raises(PermissionDenied):
            Added.as_view()(request, pk=event.pk)
        assert PersonalDataAccess.objects.count() == 1

    @pytest.mark.any_database
    def test_every_address_of_an_event_records_who_saw_names_and_is_shut_to_other_offices(
        self, admin: Client, event: EventPage
    ) -> None:
        row = party(event)
        other = make_office(hostname="khac.localhost", title="Xã khác")
        root = Collection.get_first_root_node()
        stranger = User.objects.create_user("la")
        stranger.groups.add(office_setup.set_up_staff(other, home_of(other), "Xã khác", root).publishers)
        elsewhere = Client()
        elsewhere.force_login(stranger)
        values = {
            "pk": event.pk,
            "registration": row.pk,
            "session_key": event.session_rows[0].translation_key,
        }
        ways = get_resolver().reverse_dict
        names = [name for name in ways if isinstance(name, str) and name.startswith("training_events_")]
        personal = set()
        for name in names:
            wanted = ways[name][0][0][1]
            if "pk" not in wanted:
                continue
            address = reverse(name, kwargs={one: values[one] for one in wanted})
            before = PersonalDataAccess.objects.count()
            response = admin.get(address)
            is_file = response.headers["Content-Type"].startswith("application/")
            if response.status_code == 200 and (is_file or NAME in response.content.decode()):
                personal.add(name)
                assert PersonalDataAccess.objects.count() == before + 1, address
            for refused in (elsewhere.get(address), elsewhere.post(address)):
                assert (refused.status_code, refused.headers.get("Location")) == (302, "/quan-tri/"), address
        assert len(personal) >= 8, personal
        assert not PersonalDataAccess.objects.filter(user=stranger).exists()

    @pytest.mark.any_database
    def test_the_report_is_for_administrators(self, admin: Client, event: EventPage) -> None:
        make_registration(event)
        admin.get(reverse("training_events_registrations", args=[event.pk]))
        PersonalDataAccess.objects.create(kind="copy", at=timezone.now(), user_name="x", reason="=cmd()")
        html = admin.get("/quan-tri/reports/looks/").content.decode()
        assert "danh sách" in html
        assert event.title in html
        assert "=cmd()" in html
        found = admin.get("/quan-tri/reports/looks/?kind=list&export=csv")
        body = b"".join(found.streaming_content).decode()
        assert event.title in body
        assert "cmd" not in body
        rows = b"".join(admin.get("/quan-tri/reports/looks/?export=csv").streaming_content).decode()
        assert "'=cmd()" in rows
        staff = User.objects.create_user("nhan-vien", is_staff=True)
        other = Client()
        other.force_login(staff)
        assert other.get("/quan-tri/reports/looks/").status_code in (302, 403)


class TestRequests:
    """Copy and erasure."""

    def ask(self, client: Client, **values: Any) -> Any:
        return client.post(
            PEOPLE, {"q": "0912 345 678", "reason": "Tới bộ phận một cửa, đọc đúng mã", **values}
        )

    def test_found_by_phone_or_code_across_events_and_no_number_in_any_address(
        self, admin: Client, site: Site, event: EventPage
    ) -> None:
        one, two = party(event), party(make_event(site, title="Lớp hai"), name="Con của chị Lạ")
        make_registration(event, name="Người khác")
        for words in ("0912345678", "+84 912 345 678", one.shown_code, two.code.lower()):
            html = admin.post(PEOPLE, {"q": words}).content.decode()
            assert NAME in html
            assert "Con của chị Lạ" in html
            assert "Người khác" not in html
        assert "Không có gì được lưu" in admin.post(PEOPLE, {"q": "0999"}).content.decode()
        assert PersonalDataAccess.objects.filter(kind="search").count() == 5
        assert tables_with(PHONE) == {"training_events.Registration"}
        assert " checked" not in html

    def test_a_copy_holds_everything_and_the_log_holds_nothing(self, admin: Client, event: EventPage) -> None:
        row = party(event, answers=(answer("Đi xe gì?", "xe <máy>"),), place=make_place())
        attend(row.participants.get(), event.session_rows[0])
        admin.get(reverse("training_events_registration", args=[event.pk, row.pk]))
        response = self.ask(admin, action="copy", registration=row.pk)
        text = response.content.decode()
        assert response["Content-Disposition"].startswith("attachment")
        for part in (NAME, "0912 345 678", EMAIL, row.shown_code, "Đi xe gì?", "xe &lt;máy&gt;", "1961", "Đắk Ơ",
                     "Tôi đồng ý.", event.title, "một đăng ký", "có mặt"):  # fmt: skip
            assert part in text, part
        look = PersonalDataAccess.objects.get(kind="copy")
        assert (look.registration_id, look.reason) == (row.pk, "Tới bộ phận một cửa, đọc đúng mã")
        assert "training_events.PersonalDataAccess" not in tables_with(NAME) | tables_with(PHONE)

    def test_erased_for_good_the_seat_goes_on_and_the_totals_still_count(
        self, admin: Client, site: Site
    ) -> None:
        event = make_event(site, seats=1)
        row, waiting = party(event), make_registration(event, name="Chờ")
        kept = party(make_event(site, title="Lớp hai"), name="Con", people=(PersonData(name="Con"),))
        response = self.ask(admin, action="erase", registration=row.pk, sure="1")
        assert response.status_code == 302
        assert tables_with(NAME) == tables_with(row.code) == set()
        waiting.refresh_from_db()
        assert waiting.is_confirmed
        assert Registration.objects.filter(pk=kept.pk).exists(), "only what was ticked"
        total = EventTotal.objects.get(dimension="all")
        assert (total.registered, total.cancelled) == (1, 1)
        look = PersonalDataAccess.objects.get(kind="erasure")
        assert (look.registration_id, look.pool_id) == (row.pk, row.pool_id)
        assert self.ask(admin, action="erase", registration=row.pk, sure="1").status_code == 200
        assert PersonalDataAccess.objects.filter(kind="erasure").count() == 1

    def test_a_past_class_keeps_its_numbers_and_the_certificate_goes(
        self, admin: Client, event: EventPage
    ) -> None:
        row = party(event)
        attend(row.participants.get(), event.session_rows[0])
        SeatPool.objects.update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY)
        today = timezone.localdate()
        Certificate.objects.create(
            code="X", participant=row.participants.get(), pool=row.pool, short_name="Đ. T. R. Lạ", title="Lớp",
            first_day=today, last_day=today, attended=1, sessions=1, issued_at=timezone.now(), keep_until=today,
        )  # fmt: skip
        self.ask(admin, action="erase", registration=row.pk, sure="1")
        total = EventTotal.objects.get(dimension="all")
        assert (total.registered, total.seated, total.attended, total.cancelled) == (1, 1, 1, 0)
        assert SeatPool.objects.get().taken == 1
        assert not Certificate.objects.exists()

    @pytest.mark.any_database
    @pytest.mark.parametrize("left_out", ["registration", "reason", "sure"])
    def test_nothing_is_erased_by_half_a_form(self, admin: Client, event: EventPage, left_out: str) -> None:
        row = party(event)
        form = {"action": "erase", "registration": row.pk, "sure": "1"}
        response = self.ask(admin, **{**form, left_out: ""})
        assert 'role="alert"' in response.content.decode()
        assert Registration.objects.filter(pk=row.pk).exists()
        assert PersonalDataAccess.objects.get().kind == "search", "what comes back names people"
        with pytest.raises(ValueError, match="reason"):
            people.erase(User.objects.get(), [row], reason=" ", now=timezone.now())

    def test_other_offices_and_editors_find_nothing(self, site: Site, event: EventPage) -> None:
        party(event)
        other = make_office(hostname="khac.localhost", title="Xã khác")
        home = home_of(other)
        collection = Collection.get_first_root_node()
        foreign = office_setup.set_up_staff(other, home, "Xã khác", collection)
        own = office_setup.set_up_staff(site, home_of(site), "Xã Mẫu", collection)
        found = {}
        for name, group in (
            ("la", foreign.publishers),
            ("bien-tap", own.editors),
            ("phu-trach", own.publishers),
        ):
            user = User.objects.create_user(name)
            user.groups.add(group)
            client = Client()
            client.force_login(user)
            response = client.post(PEOPLE, {"q": PHONE})
            found[name] = (response.status_code, NAME in response.content.decode())
        assert found["la"] == (200, False)
        assert found["bien-tap"][0] in (302, 403)
        assert found["phu-trach"] == (200, True)
