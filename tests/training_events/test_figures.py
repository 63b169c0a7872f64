"""Figures for staff: they add up before and after the purge, cost the same however many events there are, and read everywhere."""

from __future__ import annotations

import datetime
import io
import json
import re
import uuid
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission, Site

from core.models import Audience, Place, SkillGroup
from tests.factories.core import home_of, make_audience, make_locale, make_office, make_place
from tests.factories.training_events import DAY, make_event, make_registration
from training_events import exports
from training_events.figures import answers, charts, periods, report
from training_events.figures.counts import Counts
from training_events.figures.report import Report, Row
from training_events.models import (
    Attendance,
    CheckInWay,
    EventPage,
    Participant,
    PersonalDataAccess,
    Question,
    QuestionKind,
    Registration,
    SeatPool,
)
from training_events.services import purge, totals
from training_events.services.party import AnswerData, PersonData
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


def build() -> Report:
    return report.build(list(SeatPool.objects.order_by("pk")), now=timezone.now())


def lines(figures: Report, slug: str) -> dict[str, int]:
    """Return the people registered by label of one breakdown."""
    return next(
        (
            {row.label: row.counts.registered for row in one.rows}
            for one in figures.breakdowns
            if one.slug == slug
        ),
        {},
    )


def fill(site: Site, events: int = 1) -> list[EventPage]:
    """Make classes with everything that is counted."""
    skill = SkillGroup.objects.create(
        name="An toàn số", slug="an-toan-so", number=6, locale=make_locale("vi")
    )
    residents, elders = make_audience(), make_audience("Người cao tuổi")
    venue, other = make_place("Phú Nghĩa"), make_place("Đắk Ơ")
    made = []
    for _number in range(events):
        event = make_event(
            site,
            seats=5,
            ask_birth_year=True,
            venue_place=venue,
            audiences=[residents, elders],
            skill_groups=[skill],
        )
        made.append(event)
        people = (PersonData(name="An", birth_year=1950), PersonData(name="Bình"), PersonData(name="Chi"))
        make_registration(event, place=other, party_size=3, people=people)
        make_registration(event, place=venue, source=Registration.Source.PHONE)
        make_registration(event, place=venue, party_size=4)
        cancel(make_registration(event, place=venue), now=timezone.now())
    return made


def test_everything_is_counted_once(site: Site) -> None:
    fill(site, events=2)
    figures = build()
    whole = figures.whole
    assert (whole.parties, whole.registered, whole.seated, whole.waiting, whole.cancelled) == (8, 18, 8, 8, 2)
    assert lines(figures, "place") == {"Phú Nghĩa": 12, "Đắk Ơ": 6}
    assert lines(figures, "venue") == {"Phú Nghĩa": 18}
    assert lines(figures, "skill") == {"An toàn số": 18}
    assert lines(figures, "audience") == {"Người dân": 18, "Người cao tuổi": 18}
    assert sum(lines(figures, "age").values()) == 18
    assert sum(lines(figures, "source").values()) == 18
    assert sum(lines(figures, "month").values()) == 18


def test_figures_of_past_years_add_up_after_the_purge(site: Site) -> None:
    fill(site, events=2)
    before = build()
    one = SeatPool.objects.order_by("pk")[0]
    Registration.objects.filter(pool=one).update(keep_until=datetime.date(2026, 1, 1))
    # seats given back to a class to come do not concern what was counted
    purge.purge(now=timezone.now(), say=lambda line: None)
    after = build()
    numbers = [(two.parties, two.registered, two.seated, two.waiting) for two in (before.whole, after.whole)]
    assert numbers[0] == numbers[1]
    for slug in ("venue", "skill", "audience", "month"):
        assert lines(after, slug) == lines(before, slug)
    for slug in ("place", "age", "source"):
        assert sum(lines(after, slug).values()) == sum(lines(before, slug).values())
    EventPage.objects.all().delete()
    assert lines(build(), "skill") == {"An toàn số": 9}, "the totals outlive the page"


def test_the_number_of_queries_does_not_depend_on_the_number_of_events(site: Site) -> None:
    counts = []
    for events in (1, 4):
        SkillGroup.objects.all().delete()
        Audience.objects.all().delete()
        Place.objects.all().delete()
        fill(site, events=events)
        pools = list(SeatPool.objects.all())
        with CaptureQueriesContext(connection) as queries:
            report.build(pools, now=timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_who_came_and_who_did_not_is_counted_where_a_list_was_kept(site: Site) -> None:
    event, unlisted = fill(site)[0], make_event(site)
    make_registration(unlisted)
    first = event.session_rows[0]
    rows = list(Participant.objects.filter(registration__pool__event_key=event.translation_key))
    for one in rows[:2]:
        Attendance.objects.create(
            participant=one, session_key=first.translation_key, checked_in_at=timezone.now(),
            way=CheckInWay.NAME, client_key=f"{one.pk}",
        )  # fmt: skip
    assert (build().whole.attended, build().whole.absent) == (2, 0), "nobody is absent before the end"
    SeatPool.objects.update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY)
    figures = build()
    assert (figures.whole.attended, figures.whole.absent) == (2, 2)
    (session,) = next(one.rows for one in figures.breakdowns if one.slug == "session")
    assert (session.counts.attended, session.counts.absent) == (2, 2)
    assert session.label.endswith("Buổi 1")
    ages = next(one.rows for one in figures.breakdowns if one.slug == "age")
    assert sum(row.counts.attended for row in ages) == 2
    Registration.objects.update(keep_until=datetime.date(2026, 1, 1))
    purge.purge(now=timezone.now(), say=lambda line: None)
    assert not Participant.objects.exists()
    assert (build().whole.attended, build().whole.absent) == (2, 2)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("slug", "first", "after"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-q4", "2026-10-01", "2027-01-01"),
        ("2026-q1", "2026-01-01", "2026-04-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
    ],
)
def test_periods(slug: str, first: str, after: str) -> None:
    period = periods.read(slug)
    assert period
    assert (period.first.isoformat(), period.after.isoformat()) == (first, after)
    assert timezone.localtime(period.moments[0]).hour == 0


@pytest.mark.any_database
@pytest.mark.parametrize(
    "slug", ["", "26", "2026-13", "2026-q5", "1899", "2026-1", "２０２６", "x", "2026-00"]
)
def test_no_periods(slug: str) -> None:
    assert periods.read(slug) is None


@pytest.mark.any_database
def test_a_chart_is_sound_and_can_be_read_aloud() -> None:
    rows = [
        Row('<script>"&', Counts(registered=10, seated=8, attended=4)),
        Row("Đắk Ơ", Counts(registered=5)),
    ]
    svg = ElementTree.fromstring(str(charts.bars("hinh-a", "Theo xã", rows)))
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "hinh-a-t hinh-a-d"
    assert svg.findtext(f"{space}title") == "Theo xã"
    assert "Đắk Ơ: 5" in (svg.findtext(f"{space}desc") or "")
    widths = [float(str(rect.get("width")).rstrip("%")) for rect in svg.iter(f"{space}rect")]
    assert widths == [99.0, 79.2, 39.6, 49.5]
    colours = {str(node.get("fill")) for node in svg.iter() if node.get("fill")}
    assert colours == {"currentColor", "none"}, "light and dark alike"


def test_staff_see_the_figures_of_their_event_and_nobody_elses(
    client: Client, admin_user: User, site: Site
) -> None:
    event = fill(site)[0]
    url = f"/quan-tri/training-events/{event.pk}/figures/"
    assert client.get(url).status_code == 302
    client.force_login(admin_user)
    html = client.get(url).content.decode()
    assert html.count("<svg role=") >= 6
    assert html.count("<table") >= 6
    assert not re.search(r"Nguyễn Văn \d|\+84900", html), "numbers only"
    assert not PersonalDataAccess.objects.exists()
    other = User.objects.create_user("khac", password="x")
    client.force_login(other)
    assert client.get(url).status_code in (302, 403)
    assert client.get("/quan-tri/reports/training-events/").status_code in (302, 403)


def test_the_report_of_a_year_is_a_workbook_whose_numbers_can_be_summed(
    client: Client, admin_user: User, site: Site
) -> None:
    fill(site)
    make_event(site, title="=1+1", status="cancelled")
    year = timezone.localtime(timezone.now() + 10 * DAY).year
    client.force_login(admin_user)
    page = client.get(f"/quan-tri/reports/training-events/?ky={year}&dia-ban=phu-nghia").content.decode()
    charts_of = [one for one in page.split('<section class="event-table"')[1:] if "<svg role=" in one]
    assert len(charts_of) >= 6
    for section in charts_of:
        chart, _end, table = section.partition("</svg>")
        rows = re.findall(r'<th scope="row">(.*?)</th><td>\d+</td><td>(\d+)</td>', table)
        spoken = chart.partition("<desc")[2]
        assert rows, "under every chart its table"
        assert all(f"{label}: {number} " in spoken for label, number in rows), "with the chart's numbers"
    response = client.get(f"/quan-tri/reports/training-events/?ky={year}&tep=xlsx")
    assert f"so-lieu-tap-huan-{year}.xlsx" in response["Content-Disposition"]
    book = load_workbook(io.BytesIO(response.content))
    overview = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert overview["Số người đăng ký"] == 9
    assert {sheet.title for sheet in book} >= {"Theo đối tượng", "Theo tháng"}
    titles = [str(row[0].value) for row in book.worksheets[1].iter_rows()]
    assert any(title.endswith("=1+1 (hủy)") or "=1+1" in title for title in titles)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    empty = client.get("/quan-tri/reports/training-events/?ky=2001&tep=xlsx")
    assert load_workbook(io.BytesIO(empty.content)).worksheets


@pytest.mark.any_database
def test_addresses_with_nonsense_show_this_year(client: Client, admin_user: User, site: Site) -> None:
    client.force_login(admin_user)
    response = client.get("/quan-tri/reports/training-events/?ky=%00&co-quan=x&dia-ban=khong-co")
    assert str(timezone.localdate().year) in response.content.decode()


def test_erasing_somebody_who_did_not_come_keeps_the_absence_in_the_totals(site: Site) -> None:
    place, residents = make_place("Đắk Ơ"), make_audience()
    skill = SkillGroup.objects.create(
        name="An toàn số", slug="an-toan-so", number=6, locale=make_locale("vi")
    )
    event = make_event(site, seats=9, audiences=[residents], skill_groups=[skill], venue_place=place)
    came = make_registration(event, place=place, party_size=3)
    stayed = make_registration(event, place=place, party_size=3)
    for one in came.participants.all():
        Attendance.objects.create(
            participant=one, session_key=event.session_rows[0].translation_key,
            checked_in_at=timezone.now(), way=CheckInWay.NAME, client_key=f"{one.pk}",
        )  # fmt: skip
    SeatPool.objects.update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY)

    def numbers() -> dict[str, list[tuple[int, int]]]:
        figures = build()
        return {
            "all": [(figures.whole.attended, figures.whole.absent)],
            **{
                one.slug: [(row.counts.attended, row.counts.absent) for row in one.rows]
                for one in figures.breakdowns
            },
        }

    before = numbers()
    for slug in ("all", "session", "place", "venue", "skill", "audience", "source", "registrant"):
        assert before[slug] == [(3, 3)], slug
    pool = SeatPool.objects.get()
    for row in (stayed, came):
        totals.replace_by_numbers(pool, Registration.objects.filter(pk=row.pk), now=timezone.now())
        assert numbers() == before
    assert not Registration.objects.exists()


def test_what_is_left_of_a_class_knows_that_a_list_was_kept(site: Site) -> None:
    event = make_event(site, seats=9)
    came, _stayed = make_registration(event, party_size=3), make_registration(event, party_size=3)
    for one in came.participants.all():
        Attendance.objects.create(
            participant=one, session_key=event.session_rows[0].translation_key,
            checked_in_at=timezone.now(), way=CheckInWay.NAME, client_key=f"{one.pk}",
        )  # fmt: skip
    SeatPool.objects.update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY)
    pool = SeatPool.objects.get()
    totals.replace_by_numbers(pool, Registration.objects.filter(pk=came.pk), now=timezone.now())
    assert (build().whole.attended, build().whole.absent) == (3, 3)


def commune_clerk(client: Client, site: Site) -> Client:
    """Return the browser of somebody who may publish the pages of one office."""
    user = User.objects.create_user("can-bo-xa")
    group = Group.objects.create(name="Xã")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=group, page=home_of(site), permission=permission)
    user.groups.add(group)
    client.force_login(user)
    return client


def test_a_commune_sees_neither_the_figures_nor_the_people_of_another(client: Client, site: Site) -> None:
    other = make_office("da-kia.localhost", title="Xã Đa Kia")
    make_registration(make_event(site, "Lớp của mình"), name="Người Mình", phone="+84912000001")
    foreign = make_registration(make_event(other, "Lớp của họ"), name="Người Kia", phone="+84912000002")
    browser = commune_clerk(client, site)
    for query in ("", f"?co-quan={other.pk}", f"?co-quan={site.pk}&co-quan={other.pk}"):
        page = browser.get(f"/quan-tri/reports/training-events/{query}").content.decode()
        assert "Lớp của họ" not in page, query
    address = "/quan-tri/reports/personal-data/"
    assert "Người Mình" in browser.post(address, {"q": "0912000001"}).content.decode()
    for wanted in ("0912000002", foreign.code):
        assert "Người Kia" not in browser.post(address, {"q": wanted}).content.decode()
    form = {"q": "0912000002", "reason": "Gọi điện, đọc đúng mã", "registration": foreign.pk, "sure": "1"}
    for action in ("copy", "erase"):
        assert "Người Kia" not in browser.post(address, {**form, "action": action}).content.decode()
    assert Registration.objects.filter(pk=foreign.pk).exists()
    assert not PersonalDataAccess.objects.filter(registration_id=foreign.pk).exists()


def _options(**texts: str) -> str:
    return json.dumps([{"type": "option", "value": text, "id": key} for key, text in texts.items()])


def test_an_answer_in_another_language_is_the_same_answer(site: Site) -> None:
    event = make_event(site, seats=9)
    key = uuid.uuid4()
    Question.objects.create(
        page_id=event.pk, locale=event.locale, translation_key=key, label="Buổi nào?", kind="choice",
        options=_options(a="Sáng", b="Chiều"),
    )  # fmt: skip
    EventPage.objects.get(pk=event.pk).copy_for_translation(make_locale("en"), copy_parents=True)
    Question.objects.filter(locale__language_code="en").update(
        label="When?", options=_options(a="Morning", b="Afternoon")
    )
    for words, option, text in (
        ("Buổi nào?", "a", "Sáng"), ("When?", "a", "Morning"), ("When?", "b", "Afternoon"), ("Buổi cũ?", "a", "Sáng"),
    ):  # fmt: skip
        data = AnswerData(key, QuestionKind.CHOICE, words, [[option, text]], text)
        make_registration(event, answers=(data,))
    found = answers.by_option(SeatPool.objects.get().pk)
    assert found == [
        {"wording": "Buổi nào?", "options": [("Sáng", 2), ("Chiều", 1)]},
        {"wording": "Buổi cũ?", "options": [("Sáng", 1)]},
    ]
    rows = list(Registration.objects.prefetch_related("answers", "participants").order_by("pk"))
    sheet = exports.registrations(rows)
    assert sheet.headings[-2:] == ["Buổi nào?", "Buổi cũ?"]
    assert [row[-2] for row in sheet.rows] == ["Sáng", "Sáng", "Chiều", ""]
