"""What a party is told of a class that changes: each change once, whatever editors correct and servers refuse meanwhile."""

from __future__ import annotations

import datetime
import itertools
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Site

from tests.factories.training_events import DAY, make_event, make_registration, publish
from tests.training_events.test_ics import invitations
from training_events import channels, emails, letters, texts_about
from training_events.channels import Receipt, TryLater
from training_events.models import (
    EventPage,
    EventSeriesPage,
    EventSession,
    Message,
    Occasion,
    Registration,
    SeatPool,
)
from training_events.services import delivery, reminders, schedule, seats, told, truth
from training_events.services.registration import cancel

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
LATER = datetime.timedelta(minutes=11)
FIRST, SECOND = "Nhà văn hóa thôn Mẫu 1", "Hội trường xã"


class Telephones:
    """A message service that can be dead."""

    with_accents = False

    def __init__(self) -> None:
        self.is_dead = False
        self.sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str, *, key: str) -> Receipt:
        if self.is_dead:
            raise TryLater("dead")
        self.sent.append((phone, text))
        return Receipt("x")


class Post:
    """A mail server that can be dead; it keeps addresses and subjects."""

    def __init__(self) -> None:
        self.is_dead = False
        self.sent: list[tuple[str, str]] = []

    def send(self, message: Message, letter: letters.Letter, line: Any = None) -> Receipt:
        if self.is_dead:
            raise TryLater("dead")
        self.sent.append((message.registration.email, letter.subject))
        return Receipt("x")


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Telephones:
    found = Telephones()
    monkeypatch.setattr(channels, "phone_channel", lambda: found)
    return found


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr(emails, "send", found.send)
    return found


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=3)


def sweep(after: datetime.timedelta = LATER) -> None:
    delivery.send_due(now=timezone.now() + after)


def again(event: EventPage, **fields: Any) -> EventPage:
    return publish(EventPage.objects.get(pk=event.pk), **fields)


def last(row: Registration) -> Message:
    return Message.objects.filter(registration=row).order_by("-pk")[0]


def test_a_corrected_accent_does_not_drop_what_waits_for_its_next_attempt(
    event: EventPage, post: Post
) -> None:
    row = make_registration(event, email="hoa@example.vn")
    sweep()
    again(event, status="cancelled")
    post.is_dead = True
    sweep()
    assert last(row).attempts == 1
    again(event, venue_name="Nhà văn hoá thôn Mẫu 1")
    post.is_dead = False
    sweep(2 * LATER)
    assert len(post.sent) == 2
    sweep(4 * LATER)
    assert len(post.sent) == 2, "and only once"
    assert last(row).state == "sent"


def test_who_was_told_of_a_change_hears_that_it_was_taken_back_and_the_others_hear_nothing(
    event: EventPage, post: Post, phones: Telephones
) -> None:
    by_mail, by_phone = make_registration(event, email="hoa@example.vn"), make_registration(event)
    sweep()
    again(event, venue_name=SECOND)
    phones.is_dead = True
    sweep()
    again(event, venue_name=FIRST)
    phones.is_dead = False
    sweep(3 * LATER)
    assert [subject.partition(":")[0] for _to, subject in post.sent[1:]] == ["Đổi địa điểm"] * 2
    assert len(phones.sent) == 1, "who knows of no change hears of none"
    assert told.known(told.of_registration(by_mail.pk))["sessions"].popitem()[1][2].startswith(FIRST)  # type: ignore[index]
    assert Message.objects.get(registration=by_phone, occasion="event_moved").state == "dropped"


def test_a_worker_that_died_while_sending_may_have_told_it(event: EventPage, post: Post) -> None:
    row = make_registration(event, email="hoa@example.vn")
    sweep()
    again(event, venue_name=SECOND)
    now = timezone.now() + LATER
    message = last(row)
    message.claim = delivery.claim(message.pk, now=now)
    assert truth.settle(message, now=now) is truth.Verdict.SEND
    # nobody hears of that worker again, and the editor takes the change back
    again(event, venue_name=FIRST)
    sweep(3 * LATER)
    assert [subject.partition(":")[0] for _to, subject in post.sent[1:]] == ["Đổi địa điểm"]
    assert last(row).state == "sent"


def test_a_class_that_takes_place_after_all_is_told_to_those_who_wait_as_well(site: Site, post: Post) -> None:
    event = make_event(site, seats=1)
    make_registration(event, email="a@example.vn")
    make_registration(event, email="b@example.vn")
    sweep()
    again(event, status="postponed")
    sweep()
    again(event, status="scheduled")
    sweep()
    again(event, venue_name=SECOND)
    sweep()
    told_to = {
        name: [words.partition(":")[0] for to, words in post.sent if to == f"{name}@example.vn"][1:] for name in "ab"
    }  # fmt: skip
    assert told_to["a"][1:] == ["Lớp sẽ được tổ chức", "Đổi địa điểm"]
    assert told_to["b"][1:] == ["Lớp sẽ được tổ chức"], "who waits is not told of another hall"


def test_words_say_what_is_new(event: EventPage, phones: Telephones) -> None:
    make_registration(event)
    sweep()
    again(event, venue_name=SECOND)
    sweep()
    session = event.sessions.get()
    for fields in ({}, {"venue_name": FIRST}):
        session.starts_at, session.ends_at = session.starts_at + DAY, session.ends_at + DAY
        page = EventPage.objects.get(pk=event.pk)
        page.sessions = [session]
        publish(page, **fields)
        sweep()
    words = [text for _to, text in phones.sent[1:]]
    assert "DOI DIA DIEM" in words[0]
    assert "DOI GIO:" in words[1]
    assert "DOI GIO HOAC DIA DIEM" in words[2]


def test_a_seat_that_is_still_to_be_approved_says_so(site: Site, phones: Telephones) -> None:
    event = make_event(site, seats=1, approval=True)
    first = make_registration(event)
    make_registration(event)
    cancel(first, now=timezone.now())
    sweep()
    assert "CON CHO DUYET" in phones.sent[-1][1]


def test_the_words_of_an_event_are_sent_to_telephones(event: EventPage, phones: Telephones) -> None:
    from training_events.models import MessageText

    event.message_texts = [MessageText(occasion="confirmed", sms="{ma} mang theo CCCD", locale=event.locale)]
    row = make_registration(publish(event), phone="+84912345678")
    sweep()
    assert phones.sent == [("+84912345678", f"{row.shown_code} mang theo CCCD")]


# --- who is published ---


def test_a_class_that_was_taken_down_reminds_and_thanks_nobody(site: Site) -> None:
    event = make_event(site, days=2.2)
    row = make_registration(event, now=timezone.now() - DAY)
    moments = [timezone.now() + hours * DAY / 24 for hours in range(72)]
    for moment in moments[:20]:
        reminders.plan(now=moment)
    assert Message.objects.filter(occasion="reminder_days").count() == 1
    EventPage.objects.get(pk=event.pk).unpublish()
    for moment in moments:
        reminders.plan(now=moment)
    assert set(Message.objects.values_list("occasion", flat=True)) == {"confirmed", "reminder_days"}
    delivery.send_due(now=moments[19])
    assert Message.objects.get(registration=row, occasion="reminder_days").state == "dropped"


def test_a_change_of_a_class_that_was_taken_down_is_told_when_it_comes_back(
    event: EventPage, post: Post
) -> None:
    make_registration(event, email="hoa@example.vn")
    sweep()
    again(event, venue_name=SECOND)
    EventPage.objects.get(pk=event.pk).unpublish()
    sweep()
    assert len(post.sent) == 1
    sweep(4 * DAY)
    assert len(post.sent) == 1
    assert not Message.objects.unsent().exists()
    again(event)
    sweep()
    assert [subject for _to, subject in post.sent[1:]] == ["Đổi địa điểm: Dùng VNeID"]


def make_series(site: Site) -> tuple[EventSeriesPage, list[EventPage]]:
    from tests.factories.training_events import make_event_index

    index = make_event_index(site)
    series = EventSeriesPage(title="Đợt", slug="dot", locale=index.locale, seats=10, venue_name=FIRST)
    index.add_child(instance=series)
    classes = []
    for number in (1, 2):
        start = timezone.now().replace(microsecond=0) + number * 10 * DAY
        page = EventPage(title=f"Lớp {number}", slug=f"lop-{number}", locale=index.locale, venue_name=FIRST)
        page.sessions = [EventSession(starts_at=start, ends_at=start + DAY / 8, locale=index.locale)]
        EventSeriesPage.objects.get(pk=series.pk).add_child(instance=page)
        classes.append(page)
    return EventSeriesPage.objects.get(pk=series.pk), classes


def test_a_class_that_is_deleted_leaves_its_series(site: Site) -> None:
    series, (first, second) = make_series(site)
    row = make_registration(series)
    EventPage.objects.get(pk=second.pk).delete()
    pool = SeatPool.objects.get(event_key=series.translation_key)
    assert set(pool.schedule["sessions"]) == {str(first.session_rows[0].translation_key)}
    assert pool.ends_at == first.ends_at
    assert last(row).occasion == "event_moved"
    EventSeriesPage.objects.get(pk=series.pk).delete()
    assert not EventPage.objects.exists()


# --- calendars ---


def test_sequence_rises_through_postponing_and_resuming(event: EventPage) -> None:
    make_registration(event, email="hoa@example.vn")
    sweep()
    for status in ("postponed", "scheduled", "cancelled", "scheduled"):
        again(event, status=status)
        sweep()
    rows = [part[0] for part in invitations()]
    assert [one["method"] for one in rows] == ["REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST"]
    seen = [one["sequence"] for one in rows]
    assert seen == sorted(set(seen)), "calendars ignore what is not newer"


def test_sequence_rises_when_a_class_of_a_series_is_called_off_and_comes_back(site: Site) -> None:
    series, (_first, second) = make_series(site)
    make_registration(series, email="hoa@example.vn")
    sweep()
    for status in ("cancelled", "scheduled"):
        again(second, status=status)
        sweep()
    key = str(second.session_rows[0].translation_key)
    rows = [one for part in invitations() for one in part if one["uid"] == key]
    assert [one["method"] for one in rows] == ["REQUEST", "CANCEL", "REQUEST"]
    seen = [one["sequence"] for one in rows]
    assert seen == sorted(set(seen))


# --- long runs ---


def test_a_claim_of_a_long_run_lasts_from_the_moment_at_which_it_is_made(
    event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        make_registration(event, email=f"a{number}@example.vn")
    clock = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    handed: list[str] = []

    def send(message: Message, letter: Any, line: Any = None) -> Receipt:
        handed.append(message.registration.email)
        if line is not None:
            clock[0] += datetime.timedelta(minutes=12)
            for pk in Message.objects.filter(state="sending").values_list("pk", flat=True):
                delivery.send(pk, now=clock[0] - 3 * MINUTE)
        return Receipt("x")

    monkeypatch.setattr(emails, "send", send)
    delivery.send_due()
    assert sorted(handed) == ["a0@example.vn", "a1@example.vn"]


class Backend:
    """A mail server that hangs up after each letter, or is down."""

    is_down = False
    opened = 0

    def __init__(self, **kwargs: Any) -> None:
        self.is_open, self.left = False, 0

    def open(self) -> bool:
        if self.is_open:
            return False
        if Backend.is_down:
            raise ConnectionRefusedError("down")
        Backend.opened += 1
        self.is_open, self.left = True, 2
        return True

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, letters: list[Any]) -> int:
        assert self.is_open
        if self.left == 0:
            raise smtplib.SMTPServerDisconnected("hung up")
        self.left -= 1
        mail.outbox += letters
        return len(letters)


def test_a_run_keeps_its_connection_and_opens_another_where_the_server_hangs_up(
    event: EventPage, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Backend"
    Backend.is_down, Backend.opened = True, 0
    for number in range(3):
        make_registration(event, email=f"a{number}@example.vn")
    now = timezone.now()
    assert delivery.send_due(now=now) == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1], (
        "down: nobody else waits for it"
    )
    Backend.is_down = False
    assert delivery.send_due(now=now + 2 * MINUTE) == 3
    assert Backend.opened == 2
    assert len(mail.outbox) == 3


# --- whatever happens ---


class Publishing(RuleBasedStateMachine):
    """Editors publish, servers die and live again, sweeps run; who registered knows in the end what holds, told once."""

    site: Site
    post: Post
    phones: Telephones

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = timezone.now()
        self.post.is_dead = self.phones.is_dead = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        event = make_event(self.site, seats=2, days=200)
        self.pool = SeatPool.objects.get(event_key=event.translation_key)
        self.key = str(event.session_rows[0].translation_key)
        self.rows = [
            make_registration(event, email="a@example.vn"),
            make_registration(event),
            make_registration(event, email="c@example.vn"),
        ]
        self.sweep(LATER)

    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    def sweep(self, after: datetime.timedelta) -> None:
        self.now += after
        delivery.send_due(now=self.now)

    @rule(day=st.integers(0, 1), place=st.sampled_from([FIRST, FIRST.replace("hóa", "hoá"), SECOND]))
    def edit(self, day: int, place: str) -> None:
        self._publish(day=day, place=place)

    @rule(status=st.sampled_from(["scheduled", "cancelled", "postponed"]))
    def decide(self, status: str) -> None:
        self._publish(status=status)

    def _publish(self, **changes: Any) -> None:
        self.now += MINUTE
        with seats.holding(self.pool.pk) as held:
            begins, ends, place, _status = held.schedule["sessions"][self.key]
            status = changes.get("status", held.schedule["status"])
            if "day" in changes:
                moment = self.pool.starts_at + changes["day"] * DAY
                begins, ends = moment.isoformat(), (moment + DAY / 8).isoformat()
                place = changes["place"]
            held.status = status
            held.save(update_fields=["status"])
            fresh = {"status": status, "sessions": {self.key: [begins, ends, place, status]}}
            schedule.replace(held, fresh, now=self.now)

    @rule()
    def mail_dies(self) -> None:
        self.post.is_dead = True

    @rule()
    def phone_dies(self) -> None:
        self.phones.is_dead = True

    @rule()
    def they_live(self) -> None:
        self.post.is_dead = self.phones.is_dead = False

    @rule(minutes=st.sampled_from([1, 6, 11, 40]))
    def run(self, minutes: int) -> None:
        self.sweep(minutes * MINUTE)

    @precondition(lambda self: self.rows[0].is_current)
    @rule()
    def one_leaves(self) -> None:
        cancel(self.rows[0], now=self.now)

    @rule()
    def all_is_quiet(self) -> None:
        self.post.is_dead = self.phones.is_dead = False
        for _time in range(6):
            self.sweep(2 * 60 * MINUTE)
        self.pool.refresh_from_db()
        assert not Message.objects.unsent().exists()
        for row in self.rows:
            row.refresh_from_db()
            if row.is_current:
                mine = told.of_registration(row.pk)
                known = told.known(mine) or self.pool.schedule
                assert schedule.news(known, self.pool.schedule, row, now=self.now) is None, row.pk
                tellings = [
                    one.details for one in mine if one.state == "sent" and one.occasion != Occasion.MOVED_UP
                ]
                for one in tellings:
                    assert not schedule.timetable.same(one["before"], one["after"])
                for one, following in itertools.pairwise(tellings):
                    assert not schedule.timetable.same(one["after"], following["after"]), "told twice"


def test_whatever_editors_and_servers_do_everybody_knows_in_the_end_what_holds(
    site: Site, post: Post, phones: Telephones
) -> None:
    Publishing.site, Publishing.post, Publishing.phones = site, post, phones
    run_state_machine_as_test(
        Publishing,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_texts_have_words_for_each_of_their_names() -> None:
    assert {about for _occasion, about in texts_about.SPECIAL} >= {
        texts_about.TIME,
        texts_about.PLACE,
        texts_about.AGAIN,
    }
