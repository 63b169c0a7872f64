"""What is deleted, when, and what stays: numbers that lead to nobody, counted once however often the purge is run."""

from __future__ import annotations

import datetime
import uuid
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_audience, make_place
from tests.factories.training_events import DAY, make_event, make_registration, publish
from training_events import retention
from training_events.figures.counts import OTHER, Counts, Group, merge_small
from training_events.models import (
    Answer,
    EventPage,
    EventSession,
    EventTotal,
    Feedback,
    Message,
    PersonalDataAccess,
    Question,
    QuestionKind,
    Registration,
    RegistrationChange,
    RetentionSettings,
    SeatPool,
)
from training_events.services import access, change, history, purge, totals
from training_events.services.party import AnswerData, PersonData
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAME, PHONE, EMAIL = "Điểu Thị Rất Lạ", "+84912345678", "rat.la@example.vn"


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    """A class of ten days from now."""
    return make_event(site, seats=20, ask_birth_year=True, audiences=[make_audience()])


def later(event: EventPage, days: float) -> datetime.datetime:
    """Return the moment so many days after the end of the class."""
    end = SeatPool.objects.get(event_key=event.translation_key).ends_at
    assert end
    return end + days * DAY


def quiet(_line: str) -> None:
    """Say nothing."""


def run(now: datetime.datetime, **options: Any) -> purge.Purged:
    return purge.purge(now=now, say=quiet, **options)


def party(event: EventPage, **values: Any) -> Registration:
    row = make_registration(
        event,
        **{
            "name": NAME,
            "phone": PHONE,
            "email": EMAIL,
            "people": (PersonData(name=NAME, birth_year=1961),),
            **values,
        },
    )
    return Registration.objects.get(pk=row.pk)


def tables_with(text: str) -> set[str]:
    """Return the tables of the whole database that hold ``text`` in any column."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            kinds = (models.CharField, models.TextField, models.JSONField)
            for field in model._meta.local_fields:
                if model._meta.managed and not model._meta.proxy and isinstance(field, kinds):
                    table = connection.ops.quote_name(model._meta.db_table)
                    column = connection.ops.quote_name(field.column)
                    cursor.execute(
                        f"SELECT COUNT(*) FROM {table} WHERE CAST({column} AS text) LIKE %s", [f"%{text}%"]
                    )
                    if cursor.fetchone()[0]:
                        found.add(model._meta.label)
    return found


def test_after_the_day_nothing_in_the_whole_database_names_the_person(event: EventPage) -> None:
    row = party(event)
    change.change(
        row,
        {"contact_name": f"{NAME} Hai", "phone": "+84911111111"},
        version=row.version,
        now=timezone.now(),
        by=history.staff(User.objects.create_user("an"), f"{NAME} gọi điện"),
    )
    Feedback.objects.create(
        pool=row.pool, registration=row, score=4, text=f"{NAME} cảm ơn", created_at=timezone.now()
    )
    Message.objects.filter(registration=row).update(text=f"Chào {NAME}", subject=row.code)
    assert {
        "training_events.Registration",
        "training_events.Participant",
        "training_events.Message",
    } <= tables_with(NAME)
    assert run(later(event, 89)).registrations == 0
    assert run(later(event, 91)).registrations == 1
    for secret in (NAME, PHONE, EMAIL, row.code, row.token, "dieu thi rat la"):
        assert tables_with(secret) == set()
    assert Feedback.objects.get().score == 4


def test_numbers_stay_and_add_up_however_often_it_runs(event: EventPage) -> None:
    dak_o, bu_gia_map = make_place("Đắk Ơ"), make_place("Bù Gia Mập")
    for number in range(4):
        party(event, place=dak_o, phone=f"+8491234567{number}", party_size=2 if number else 1)
    party(event, place=bu_gia_map, name="Một mình")
    cancel(party(event, name="Bỏ cuộc", party_size=2), now=timezone.now())
    now = later(event, 91)
    assert run(now, dry_run=True).registrations == 6
    assert Registration.objects.count() == 6
    assert not EventTotal.objects.exists()
    run(now)
    first = totals.stored([SeatPool.objects.get().pk])
    assert run(now) == purge.Purged()
    pool = SeatPool.objects.get().pk
    assert totals.stored([pool]) == first
    whole = first[Group(pool, "all")]
    assert (whole.parties, whole.registered, whole.seated, whole.cancelled) == (6, 10, 8, 2)
    assert first[Group(pool, "place", dak_o.slug)].registered == 7
    assert first[Group(pool, "audience", "nguoi-dan")].registered == 10
    assert first[Group(pool, "age", "60-")].registered == 6
    # one person from a commune, two from none: together they are three
    assert first[Group(pool, "place", OTHER)].registered == 3
    assert Group(pool, "place", bu_gia_map.slug) not in first
    for dimension in ("place", "age", "source", "registrant"):
        rows = [counts for group, counts in first.items() if group.dimension == dimension]
        assert sum(one.registered for one in rows) == 10
        assert all(one.registered >= retention.SMALLEST_GROUP for one in rows)


def test_small_groups_are_merged_until_nobody_can_be_worked_out() -> None:
    rows = {
        Group(1, "place", name): Counts(registered=people)
        for name, people in (("a", 1), ("b", 4), ("c", 9), ("d", 0))
    }
    merged = merge_small(rows, 3)
    assert {group.value: counts.registered for group, counts in merged.items()} == {OTHER: 5, "c": 9}
    alone = merge_small({Group(1, "place", "a"): Counts(registered=2)}, 3)
    assert {group.value: counts.registered for group, counts in alone.items()} == {OTHER: 2}


def test_killed_in_the_middle_the_next_run_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [make_event(site) for _number in range(3)]
    for event in events:
        party(event)
    count, calls = totals.count, []

    def dies(pools: Any, rows: Any, **options: Any) -> Any:
        calls.append(pools)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return count(pools, rows, **options)

    monkeypatch.setattr(totals, "count", dies)
    with pytest.raises(KeyboardInterrupt):
        run(later(events[0], 91))
    assert (Registration.objects.count(), EventTotal.objects.filter(dimension="all").count()) == (2, 1)
    run(later(events[0], 91))
    assert Registration.objects.count() == 0
    assert list(EventTotal.objects.filter(dimension="all").values_list("registered", flat=True)) == [1, 1, 1]


def test_an_event_without_a_date_frees_the_seats_of_what_is_deleted(event: EventPage) -> None:
    party(event, party_size=3)
    SeatPool.objects.update(ends_at=None, starts_at=None)
    Registration.objects.update(keep_until=datetime.date(2026, 1, 1))
    run(timezone.now())
    assert SeatPool.objects.get().taken == 0


def test_the_event_says_how_long_else_the_office(site: Site, event: EventPage) -> None:
    row = party(event)
    day = timezone.localtime(later(event, 0)).date()
    assert row.keep_until == day + 90 * DAY
    RetentionSettings.objects.create(site=site, keep_days=30)
    row.refresh_from_db()
    assert row.keep_until == day + 30 * DAY, "a shorter time holds at once"
    rules = RetentionSettings.objects.get()
    rules.keep_days = 400
    rules.save()
    row.refresh_from_db()
    assert row.keep_until == day + 30 * DAY, "nobody agreed to a longer one"
    publish(event, keep_days=7)
    row.refresh_from_db()
    assert row.keep_until == day + 7 * DAY


def moved(event: EventPage, days: int) -> EventPage:
    """Move a class by so many days."""
    page = EventPage.objects.get(pk=event.pk)
    for session in page.sessions.all():
        session.starts_at += days * DAY
        session.ends_at += days * DAY
        session.save()
    return publish(EventPage.objects.get(pk=event.pk))


def test_a_longer_time_holds_for_new_registrations_only_also_when_the_class_moves(
    site: Site, event: EventPage
) -> None:
    rules = RetentionSettings.objects.create(site=site, keep_days=30, keep_contact_days=5)
    row = party(event)
    day = row.keep_until
    rules.keep_days, rules.keep_contact_days = 400, 200
    rules.save()
    moved(event, 1)
    row.refresh_from_db()
    assert row.keep_until == day + DAY, "moved by as much as the class"
    publish(EventPage.objects.get(pk=event.pk), keep_days=500, keep_contact_days=300)
    row.refresh_from_db()
    fresh = party(event, name="Mới", phone="+84900000001")
    assert (row.keep_until, row.contact_days) == (day + DAY, 5)
    assert fresh.keep_until == timezone.localtime(later(event, 500)).date()
    start = timezone.now() - 20 * DAY
    SeatPool.objects.update(starts_at=start, ends_at=start)
    assert run(start + 7 * DAY).contacts == 1, "of who agreed to five days"
    row.refresh_from_db()
    fresh.refresh_from_db()
    assert (row.phone, fresh.phone) == ("", "+84900000001")


def test_a_date_that_becomes_known_moves_the_days_that_were_agreed_to(event: EventPage) -> None:
    SeatPool.objects.update(ends_at=None, starts_at=None, keep_days=30)
    row = party(event)
    assert row.keep_until == timezone.localdate() + 30 * DAY
    publish(EventPage.objects.get(pk=event.pk), keep_days=60)
    row.refresh_from_db()
    assert row.keep_until == timezone.localtime(later(event, 30)).date()


@pytest.mark.parametrize("who", ["event", "office"])
def test_contacts_may_go_earlier_than_the_rest(site: Site, event: EventPage, who: str) -> None:
    row = party(event)
    change.change(row, {"phone": "+84933333333"}, version=row.version, now=timezone.now())
    Message.objects.update(text=f"Chào {NAME}")
    if who == "event":
        publish(event, keep_contact_days=5)
    else:
        RetentionSettings.objects.create(site=site, keep_contact_days=5)
    # the purge asks the clock which events are over
    start = timezone.now() - 20 * DAY
    SeatPool.objects.update(starts_at=start, ends_at=start)
    assert run(start + 5 * DAY).contacts == 0
    assert run(start + 7 * DAY, dry_run=True).contacts == 1
    assert run(start + 7 * DAY).contacts == 1
    row.refresh_from_db()
    assert (row.contact_name, row.phone, row.email) == (NAME, "", "")
    for secret in (PHONE, "+84933333333", EMAIL):
        assert tables_with(secret) == set()
    assert RegistrationChange.objects.get().details == [{"field": "phone"}]
    assert Message.objects.exclude(text="").count() == 0
    assert run(start + 7 * DAY).contacts == 0


def answer(wording: str, value: str, keep_days: int | None) -> AnswerData:
    return AnswerData(
        uuid.uuid5(uuid.NAMESPACE_OID, wording), QuestionKind.TEXT, wording, value, value, "", keep_days
    )


def test_answers_go_on_their_own_day_and_move_with_the_event(event: EventPage) -> None:
    row = party(event, answers=(answer("Cỡ áo?", "XXL-la", 3), answer("Món chay?", "Co-la", None)))
    change.change(row, {}, version=row.version, now=timezone.now(), answers=(answer("Cỡ áo?", "M-la", 3),))
    short = Answer.objects.get(wording="Cỡ áo?")
    assert short.keep_until == timezone.localtime(later(event, 3)).date()
    for session in event.sessions.all():
        session.starts_at += 10 * DAY
        session.ends_at += 10 * DAY
        session.save()
    publish(EventPage.objects.get(pk=event.pk))
    short.refresh_from_db()
    assert short.keep_until == timezone.localtime(later(event, 3)).date()
    assert run(later(event, 2)).answers == 0
    assert run(later(event, 4)).answers == 1
    assert tables_with("M-la") == tables_with("XXL-la") == set()
    assert tables_with("Co-la") == {"training_events.Answer"}


def test_answers_that_were_taken_back_leave_the_history_on_their_own_day(event: EventPage) -> None:
    row = party(event, answers=(answer("Cỡ áo?", "XXL-la", 3), answer("Món chay?", "Co-la", None)))
    gone = (answer("Cỡ áo?", "", 3), answer("Món chay?", "Khong-la", None))
    change.change(row, {}, version=row.version, now=timezone.now(), answers=gone)
    assert Answer.objects.filter(wording="Cỡ áo?").count() == 0
    moved(event, 10)
    run(later(event, 2))
    assert tables_with("XXL-la") == {"training_events.RegistrationChange"}
    run(later(event, 4))
    assert tables_with("XXL-la") == set()
    assert "training_events.RegistrationChange" in tables_with("Co-la"), "what is kept longer stays"
    assert not RegistrationChange.objects.exclude(answers_until=None).exists()


def test_one_event_that_cannot_be_deleted_keeps_no_other_from_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    events = [make_event(site) for _number in range(3)]
    for event in events:
        party(event)
    Registration.objects.update(keep_until=datetime.date(2026, 1, 1))
    count, wrong = totals.count, SeatPool.objects.order_by("pk")[0]

    def fails(pools: Any, rows: Any, **options: Any) -> Any:
        if pools == [wrong]:
            raise ValueError(NAME)
        return count(pools, rows, **options)

    monkeypatch.setattr(totals, "count", fails)
    with pytest.raises(CommandError, match="1 parts"):
        call_command("purge_registrations", verbosity=0)
    assert Registration.objects.get().pool == wrong
    assert f"event {wrong.pk} could not be deleted" in caplog.text


def test_looks_are_kept_a_year_and_answers_to_requests_three() -> None:
    user, now = User.objects.create_user("an"), timezone.now()
    for days in (364, 367, 3 * 367):
        for kind in (access.Kind.LIST, access.Kind.ERASURE):
            access.record(user, kind, now=now - days * DAY)
    assert run(now).looks == 3
    kinds = list(PersonalDataAccess.objects.values_list("kind", flat=True))
    assert sorted(kinds) == ["erasure", "erasure", "list"]


def test_the_command_says_what_it_did_and_names_nobody(event: EventPage) -> None:
    party(event)
    Registration.objects.update(keep_until=datetime.date(2026, 1, 1))
    for options, left in (({"dry_run": True}, 1), ({}, 0)):
        out = StringIO()
        call_command("purge_registrations", stdout=out, **options)
        assert "1 registrations" in out.getvalue()
        assert NAME not in out.getvalue()
        assert Registration.objects.count() == left
    out = StringIO()
    call_command("purge_registrations", verbosity=0, stdout=out)
    assert out.getvalue() == ""


def question(**fields: Any) -> Question:
    return Question(label="Cỡ áo?", **fields)


def answered(event: EventPage, **values: Any) -> Registration:
    one = event.questions.get()
    kept = one.keep_days
    data = AnswerData(one.translation_key, QuestionKind.TEXT, one.label, "Lqqq", "Lqqq", "", kept)
    return party(event, answers=(data,), **values)


def dated(event: EventPage, days: float | None) -> EventPage:
    event = EventPage.objects.get(pk=event.pk)
    start = timezone.now() + (days or 0) * DAY
    rows = [EventSession(starts_at=start, ends_at=start + DAY / 8)] if days is not None else []
    return publish(event, sessions=rows)


def day_of(days: float) -> datetime.date:
    return timezone.localtime(later(EventPage.objects.get(), days)).date()


def test_answers_given_before_there_was_a_date_are_kept_from_the_date_on(site: Site) -> None:
    event = make_event(site, sessions=0, questions=[question(keep_days=7)])
    answered(event)
    assert Answer.objects.get().keep_until == timezone.localdate() + 7 * DAY
    dated(event, 30)
    assert Answer.objects.get().keep_until == day_of(7)
    dated(event, 40)
    assert Answer.objects.get().keep_until == day_of(7)
    assert run(timezone.now() + 30 * DAY).answers == 0


@pytest.mark.parametrize(("before", "after", "wanted"), [(20, 5, 5), (None, 5, 5), (5, 20, 5), (5, None, 5)])
@pytest.mark.parametrize("has_date", [True, False])
def test_a_shorter_time_for_answers_holds_at_once_a_longer_one_for_new_ones(
    site: Site, before: int | None, after: int | None, wanted: int, has_date: bool
) -> None:
    event = make_event(site, sessions=1 if has_date else 0, questions=[question(keep_days=before)])
    answered(event)
    one = event.questions.get()
    one.keep_days = after
    event = publish(EventPage.objects.get(pk=event.pk), questions=[one])
    first = Answer.objects.get()
    assert first.keep_days == wanted
    start = timezone.localdate() if not has_date else day_of(0)
    assert first.keep_until == start + wanted * DAY
    answered(event, name="Người Mới")
    newest = Answer.objects.latest("pk")
    assert newest.keep_days == after


def test_a_question_that_turns_out_to_be_sensitive_is_so_for_answers_that_are_there(site: Site) -> None:
    event = make_event(site, questions=[question()])
    row = answered(event)
    one = event.questions.get()
    other = AnswerData(one.translation_key, QuestionKind.TEXT, one.label, "Mqqq", "Mqqq")
    change.change(row, {}, version=row.version, now=timezone.now(), answers=(other,))
    assert tables_with("Lqqq") == {"training_events.RegistrationChange"}
    one.sensitive, one.reason = "health", "Để chuẩn bị"
    event = publish(EventPage.objects.get(pk=event.pk), questions=[one])
    assert Answer.objects.get().sensitive == "health"
    assert tables_with("Lqqq") == set()
    assert tables_with("Mqqq") == {"training_events.Answer"}
    one = event.questions.get()
    one.sensitive = "no"
    publish(event, questions=[one])
    assert Answer.objects.get().sensitive == "health", "what was asked as sensitive stays so"
