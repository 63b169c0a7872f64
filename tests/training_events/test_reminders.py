"""Reminders and thanks: at the right hour, once, and not for those who know already."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_registration, publish
from training_events.models import Attendance, EventPage, EventSession, Message, Registration
from training_events.services import delivery, reminders
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
#: A Monday of next month or later, far enough for every reminder to lie ahead.
FIRST = timezone.localdate() + datetime.timedelta(days=40)


def at(clock: str, day: datetime.date = FIRST) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(clock)))


def make(site: Site, *moments: datetime.datetime, **fields: object) -> EventPage:
    event = make_event(site, sessions=0, **fields)
    event.sessions = [
        EventSession(starts_at=moment, ends_at=moment + 3 * HOUR, sort_order=rank, locale=event.locale)
        for rank, moment in enumerate(moments)
    ]
    return publish(event)


def planned(row: Registration) -> list[str]:
    rows = Message.objects.filter(registration=row).exclude(
        occasion__in=("confirmed", "waiting", "cancelled")
    )
    return list(rows.order_by("pk").values_list("occasion", flat=True))


def test_days_before_at_eight_and_in_the_morning_at_six_once_each(site: Site) -> None:
    row = make_registration(make(site, at("07:30")))
    before = FIRST - 2 * DAY
    steps = [
        (at("07:59", before), []),
        (at("08:00", before), ["reminder_days"]),
        (at("09:00", before), ["reminder_days"]),
        (at("05:59"), ["reminder_days"]),
        (at("06:00"), ["reminder_days", "reminder_morning"]),
        (at("07:00"), ["reminder_days", "reminder_morning"]),
    ]
    for moment, expected in steps:
        reminders.plan(now=moment)
        assert planned(row) == expected, moment


def test_an_early_class_is_reminded_of_earlier(site: Site) -> None:
    row = make_registration(make(site, at("06:30"), reminder_days=None))
    assert reminders.plan(now=at("04:59")) == 0
    assert reminders.plan(now=at("05:00")) == 1
    assert planned(row) == ["reminder_morning"]


def test_each_day_of_a_class_is_reminded_of_in_the_morning_and_once_for_two_sessions_of_a_day(
    site: Site,
) -> None:
    week = datetime.timedelta(days=7)
    row = make_registration(make(site, at("07:30"), at("13:30"), at("07:30", FIRST + week)))
    for day in (FIRST, FIRST + week):
        for clock in ("06:10", "12:00", "13:00"):
            reminders.plan(now=at(clock, day))
    assert planned(row) == ["reminder_morning", "reminder_morning"]


def test_an_event_says_what_it_wants(site: Site) -> None:
    row = make_registration(
        make(site, at("07:30"), reminder_days=None, reminder_morning=False, ask_feedback=False)
    )
    for moment in (at("08:00", FIRST - 2 * DAY), at("06:30"), at("18:00")):
        reminders.plan(now=moment)
    assert planned(row) == []


def test_who_waits_cancelled_or_has_just_been_told_gets_none(site: Site) -> None:
    event = make(site, at("07:30"), seats=2, max_party=2)
    before = FIRST - 2 * DAY
    gone = make_registration(event, party_size=1)
    cancel(gone, now=timezone.now())
    early = make_registration(event, party_size=1)
    late = make_registration(event, now=at("08:30", before))
    waits = make_registration(event)
    reminders.plan(now=at("09:00", before))
    assert (planned(gone), planned(early), planned(late), planned(waits)) == ([], ["reminder_days"], [], [])
    reminders.plan(now=at("06:30"))
    assert planned(late) == ["reminder_morning"]


def test_a_class_that_is_moved_to_another_day_is_reminded_of_again(site: Site) -> None:
    event = make(site, at("07:30"))
    row = make_registration(event, email="a@example.vn")
    delivery.send_due(now=timezone.now())
    reminders.plan(now=at("08:00", FIRST - 2 * DAY))
    session = event.sessions.first()
    session.starts_at, session.ends_at = session.starts_at + 5 * DAY, session.ends_at + 5 * DAY
    event.sessions = [session]
    publish(event)
    # the first reminder was not out yet: it speaks of a day that has no class any more
    delivery.send_due(now=at("09:00", FIRST - 2 * DAY))
    reminders.plan(now=at("08:00", FIRST + 3 * DAY))
    assert planned(row) == ["reminder_days", "event_moved", "reminder_days"]
    states = list(
        Message.objects.filter(occasion="reminder_days").order_by("pk").values_list("state", flat=True)
    )
    assert states == ["dropped", "queued"]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_class_that_is_off_reminds_nobody(site: Site, status: str) -> None:
    event = make(site, at("07:30"))
    row = make_registration(event)
    publish(event, status=status)
    for moment in (at("08:00", FIRST - 2 * DAY), at("06:30"), at("18:00")):
        reminders.plan(now=moment)
    assert planned(row) == [f"event_{status}"]


def test_a_reminder_that_comes_too_late_is_dropped(site: Site) -> None:
    make_registration(make(site, at("07:30")))
    reminders.plan(now=at("06:10"))
    delivery.send_due(now=at("07:31"))
    assert Message.objects.get(occasion="reminder_morning").state == "dropped"


def test_a_reminder_speaks_of_its_own_day(site: Site) -> None:
    week = datetime.timedelta(days=7)
    make_registration(make(site, at("07:30"), at("13:30", FIRST + week)), email="a@example.vn")
    delivery.send_due(now=timezone.now())
    reminders.plan(now=at("06:30", FIRST + week))
    delivery.send_due(now=at("06:30", FIRST + week))
    assert mail.outbox[-1].subject.startswith("Hôm nay học: Dùng VNeID, 13 giờ 30")


@pytest.mark.parametrize(
    ("begins", "thanked"),
    [("07:30", at("13:30")), ("13:30", at("19:30")), ("18:30", at("08:00", FIRST + DAY))],
)
def test_thanks_go_out_after_the_class_but_not_at_night(
    site: Site, begins: str, thanked: datetime.datetime
) -> None:
    row = make_registration(make(site, at(begins), reminder_days=None, reminder_morning=False))
    reminders.plan(now=thanked - datetime.timedelta(minutes=1))
    assert planned(row) == []
    reminders.plan(now=thanked)
    reminders.plan(now=thanked + HOUR)
    assert planned(row) == ["thanks"]


def test_where_a_list_was_kept_only_those_who_came_are_thanked(site: Site) -> None:
    event = make(site, at("07:30"))
    came, stayed = make_registration(event), make_registration(event)
    Attendance.objects.create(
        participant=came.people[0],
        session_key=event.session_rows[0].translation_key,
        checked_in_at=at("07:20"),
    )
    reminders.plan(now=at("14:00"))
    assert (planned(came), planned(stayed)) == (["thanks"], [])


def test_a_site_that_was_asleep_thanks_nobody_weeks_later(site: Site) -> None:
    make_registration(make(site, at("07:30")))
    assert reminders.plan(now=at("10:30", FIRST + 8 * DAY)) == 0
