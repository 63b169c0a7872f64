"""Who has earned a certificate, also in a series; giving, correcting and printing them."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_event_index, make_registration, publish
from training_events import portions, presence
from training_events.models import (
    Attendance,
    Certificate,
    EventPage,
    EventSeriesPage,
    EventSession,
    Participant,
    Registration,
)
from training_events.services import attendance, certificates, change, history, people
from training_events.services.attendance import Tap

pytestmark = pytest.mark.django_db


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Đăk Ơ"}


def attend(row: Registration, user: User, *sessions: EventSession) -> None:
    now = timezone.now()
    for session in sessions:
        for person in row.participants.all():
            tap = Tap(uuid.uuid4().hex, now)
            attendance.check_in(person, session.translation_key, tap, now=now, by=history.staff(user))


@pytest.fixture
def series(site: Site) -> EventSeriesPage:
    """A series of three past classes, two of them on dates that stand on the series as well; the third was cancelled."""
    index = make_event_index(site)
    page = EventSeriesPage(title="Đợt bán hàng", slug="dot", locale=index.locale, seats=9, certificate=True)
    classes = [make_event(site, f"Lớp {number}", days=-7 * number) for number in (3, 2, 1)]
    starts = [one.starts_at for one in classes]
    page.sessions = [  # type: ignore[misc]
        EventSession(starts_at=start, ends_at=start + DAY / 8, sort_order=number)
        for number, start in enumerate(starts[1:])
    ]
    index.add_child(instance=page)
    for one in classes:
        one.move(page, "last-child")
    publish(EventPage.objects.get(pk=classes[2].pk), status="cancelled")
    return EventSeriesPage.objects.get()


def test_of_a_series_each_date_counts_once_and_a_class_that_was_cancelled_not_at_all(
    series: EventSeriesPage, admin_user: User
) -> None:
    first, second, _cancelled = (one.sessions.get() for one in series.classes)
    both = make_registration(series, now=timezone.now() - 60 * DAY)
    one = make_registration(series, now=timezone.now() - 60 * DAY)
    attend(both, admin_user, first, second)
    attend(one, admin_user, second)
    assert [row.pk for row in presence.sessions_of(series.seat_pool)] == [first.pk, second.pk]
    assert [(person.registration, count) for person, count in certificates.earned(series)] == [(both, 2)]
    assert certificates.give(series, user=admin_user, now=timezone.now()) == 1
    row = Certificate.objects.get()
    assert (row.attended, row.sessions) == (2, 2)
    assert row.last_day == timezone.localtime(second.starts_at).date()


def test_who_was_ticked_on_the_dates_of_the_series_was_in_its_class(
    series: EventSeriesPage, admin_user: User
) -> None:
    """The same sitting has two doors there: which of them staff opened makes no difference."""
    first, second, _cancelled = (one.sessions.get() for one in series.classes)
    row = make_registration(series, now=timezone.now() - 60 * DAY)
    attend(row, admin_user, first, series.sessions.first(), second)
    assert [(person.registration, count) for person, count in certificates.earned(series)] == [(row, 2)]
    seen = presence.read(series.seat_pool)
    assert [seen.word(row, row.participants.get(), session) for session in seen.sessions] == ["có mặt"] * 2


def test_a_list_that_was_kept_stays_in_tables_when_its_class_is_cancelled_later(
    site: Site, admin_user: User
) -> None:
    event: Any = make_event(site, days=-7, certificate=True)
    row = make_registration(event, now=timezone.now() - 30 * DAY)
    attend(row, admin_user, event.session_rows[0])
    event = publish(event, status="postponed")
    assert len(presence.read(event.seat_pool).sessions) == 1
    assert presence.sessions_of(event.seat_pool) == []
    assert certificates.earned(event) == []
    assert certificates.give(event, user=admin_user, now=timezone.now()) == 0


# --- giving and correcting ---


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(
        site, "Bán hàng trên mạng", days=-20, sessions=2, certificate=True, seats=900, max_party=50
    )


def came(event: EventPage, user: User, sessions: int = 2, **values: Any) -> Registration:
    row = make_registration(event, now=timezone.now() - 30 * DAY, **values)
    attend(row, user, *event.session_rows[:sessions])
    return row


def give(event: EventPage, user: User) -> int:
    return certificates.give(event, user=user, now=timezone.now())


def test_a_withdrawn_certificate_is_given_anew_and_both_stay_with_the_person(
    event: EventPage, admin_user: User
) -> None:
    row = came(event, admin_user)
    assert give(event, admin_user) == 1
    certificates.withdraw(Certificate.objects.get(), reason="Ghi nhầm tên", now=timezone.now())
    assert give(event, admin_user) == 1
    assert give(event, admin_user) == 0
    old, new = Certificate.objects.all()
    assert (old.is_valid, new.is_valid, old.code != new.code) == (False, True, True)
    # erasing the person's data finds both
    people.erase(admin_user, [row], reason="Yêu cầu xóa", now=timezone.now())
    assert not Certificate.objects.exists()


def test_a_corrected_name_reaches_the_public_page_and_the_history(
    event: EventPage, admin_user: User, client: Client
) -> None:
    row = came(event, admin_user, name="Nguyễn Thị Hao")
    give(event, admin_user)
    by = history.staff(admin_user, "Ghi nhầm tên")
    change.change(row, {"contact_name": "Nguyễn Thị Hoa"}, version=row.version, now=timezone.now(), by=by)
    shown = client.get(f"/xac-nhan/{Certificate.objects.get().code}/").content.decode()
    assert ("N. T. Hoa" in shown, "N. T. Hao" in shown) == (True, False)
    (line,) = [one for one in row.changes.get().lines if one["field"] == "certificate"]
    assert (line["old"], line["new"], line["label"]) == ("N. T. Hao", "N. T. Hoa", "Giấy chứng nhận")


def test_certificates_for_three_hundred_take_a_handful_of_queries(
    event: EventPage, admin_user: User, django_assert_max_num_queries: Any
) -> None:
    row = make_registration(event, now=timezone.now() - 30 * DAY)
    now = timezone.now()
    people_of = [
        Participant(registration=row, position=number, name=f"Người thứ {number}").prepare()
        for number in range(2, 302)
    ]
    Participant.objects.bulk_create(people_of)
    Attendance.objects.bulk_create(
        Attendance(participant=person, session_key=session.translation_key, checked_in_at=now, way="list")
        for person in people_of
        for session in event.session_rows
    )
    with django_assert_max_num_queries(15):
        assert give(event, admin_user) == 300
    assert Certificate.objects.values("code").distinct().count() == 300


def test_whoever_is_given_one_by_two_requests_at_once_has_one(
    event: EventPage, admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(event, admin_user)
    seen = certificates.standings(event)
    assert give(event, admin_user) == 1
    # the other request had looked before
    monkeypatch.setattr(certificates, "standings", lambda _page: seen)
    assert give(event, admin_user) == 0
    assert Certificate.objects.count() == 1


def test_staff_see_beforehand_who_gets_one_and_who_misses_what(
    event: EventPage, admin_user: User, admin_client: Client
) -> None:
    came(event, admin_user, name="Nguyễn Văn Đủ")
    came(event, admin_user, 1, name="Trần Thị Thiếu")
    came(event, admin_user, name="Lê Văn Đôi", party_size=2)
    came(event, admin_user, 0, name="Điểu Vắng")
    address = f"/quan-tri/training-events/{event.pk}/giay-chung-nhan/"
    page = " ".join(admin_client.get(address).content.decode().split())
    assert "Cấp 2 giấy chứng nhận" in page
    assert "Trần Thị Thiếu</td>" in page
    assert "dự 1/2 buổi</td>" in page
    assert "Người thứ 2 đi cùng Lê Văn Đôi" in page
    assert "dự 2/2 buổi; chưa ghi tên" in page
    assert "Nguyễn Văn Đủ" not in page
    assert "Điểu Vắng" not in page
    given = admin_client.post(f"/quan-tri/training-events/{event.pk}/giay-chung-nhan.pdf", follow=True)
    page = given.content.decode()
    assert "Đã cấp 2 giấy chứng nhận." in page
    assert "2 giấy chứng nhận (PDF)" in page
    assert "Cấp 2" not in page


def test_large_classes_are_printed_in_portions(
    event: EventPage, admin_user: User, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "SIZE", 3)
    for number in range(1, 6):
        came(event, admin_user, name=f"Người {number}")
    give(event, admin_user)
    base = f"/quan-tri/training-events/{event.pk}"
    for paper, name in (("the", "the"), ("giay-chung-nhan", "giay-chung-nhan")):
        first, second = (admin_client.get(f"{base}/{paper}.pdf", query) for query in ({}, {"from": "4"}))
        assert second["Content-Disposition"].endswith(f'{name}-{event.slug}-4-5.pdf"')
        texts = [
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(one.content)).pages)
            for one in (first, second)
        ]
        assert ["Người 3" in text for text in texts] == [True, False]
        assert ["Người 4" in text for text in texts] == [False, True]
    shown = admin_client.get(f"{base}/registrations/").content.decode()
    assert 'the.pdf?from=4">' in shown
    assert "giay-chung-nhan.pdf?from=4" in admin_client.get(f"{base}/giay-chung-nhan/").content.decode()
    assert [
        admin_client.get(f"{base}/the.pdf", {"from": raw}).status_code for raw in ("x", "-1", "9" * 30)
    ] == [200] * 3
