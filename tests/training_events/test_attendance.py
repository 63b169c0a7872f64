"""Check-ins as a set that only grows: any order, any number of times, several devices."""

from __future__ import annotations

import datetime
import itertools
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import Site

from tests.factories.training_events import make_event, make_registration
from training_events import presence
from training_events.models import Attendance, CheckIn, Participant, Registration
from training_events.services import attendance, bulk, history
from training_events.services.attendance import Outcome, Tap

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def session_key(site: Site) -> uuid.UUID:
    return make_event(site, days=0.01, sessions=2).session_rows[0].translation_key


@pytest.fixture
def person(session_key: uuid.UUID) -> Participant:
    from training_events.models import EventPage

    return make_registration(EventPage.objects.get()).participants.get()


def test_the_same_tap_twice_is_one_attendance(
    person: Participant, session_key: uuid.UUID, admin_user: User
) -> None:
    now, by = timezone.now(), history.staff(admin_user)
    tap = Tap("tap-00000001", now, "qr")
    assert attendance.check_in(person, session_key, tap, now=now, by=by) is Outcome.DONE
    assert attendance.check_in(person, session_key, tap, now=now + MINUTE, by=by) is Outcome.KNOWN
    row = Attendance.objects.get()
    assert (row.way, row.user, row.user_name, row.client_key) == ("qr", admin_user, "admin", "tap-00000001")
    assert CheckIn.objects.count() == 1


@pytest.mark.database
def test_of_two_devices_the_first_time_is_kept_whoever_gets_through_first(
    person: Participant, session_key: uuid.UUID, admin_user: User
) -> None:
    now, by = timezone.now(), history.staff(admin_user)
    late, early = Tap("tap-late", now - MINUTE), Tap("tap-early", now - 5 * MINUTE, "phone")
    assert attendance.check_in(person, session_key, late, now=now, by=by) is Outcome.DONE
    assert attendance.check_in(person, session_key, early, now=now, by=by) is Outcome.ALREADY
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.way) == (now - 5 * MINUTE, "phone")
    # whoever takes back only knows of the own tap
    assert not attendance.take_back(person, session_key, keys=["tap-early"], now=now, by=by)
    assert Attendance.objects.get().checked_in_at == now - MINUTE
    assert attendance.take_back(person, session_key, now=now, by=by)
    assert not Attendance.objects.exists()
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_gives_the_same_result(
    person: Participant, session_key: uuid.UUID, admin_user: User, order: tuple[int, ...]
) -> None:
    """Device A taps, takes back and taps again; device B taps in between without network."""
    now, by = timezone.now(), history.staff(admin_user)

    def tap(key: str, minutes: int) -> Any:
        return lambda: attendance.check_in(
            person, session_key, Tap(key, now - minutes * MINUTE), now=now, by=by
        )

    def undo(*keys: str) -> Any:
        return lambda: attendance.take_back(person, session_key, keys=keys, now=now, by=by)

    actions = [tap("device-a-1", 9), undo("device-a-1"), tap("device-b-1", 7), tap("device-a-2", 5)]
    for number in [*order, *reversed(order)]:
        actions[number]()
    assert Attendance.objects.get().checked_in_at == now - 7 * MINUTE
    assert CheckIn.objects.filter(undone_at=None).count() == 2


def test_a_key_of_somebody_else_changes_nothing(
    person: Participant, session_key: uuid.UUID, admin_user: User
) -> None:
    now, by = timezone.now(), history.staff(admin_user)
    attendance.check_in(person, session_key, Tap("tap-00000001", now), now=now, by=by)
    with pytest.raises(ValueError, match="another"):
        attendance.check_in(person, uuid.uuid4(), Tap("tap-00000001", now), now=now, by=by)
    assert attendance.take_back(person, uuid.uuid4(), keys=["tap-00000001"], now=now, by=by) is not False
    assert Attendance.objects.count() == 1


def test_a_deleted_person_is_said_to_be_gone(
    person: Participant, session_key: uuid.UUID, admin_user: User
) -> None:
    now, by = timezone.now(), history.staff(admin_user)
    gone = Participant(pk=person.pk + 1000)
    with pytest.raises(Participant.DoesNotExist):
        attendance.check_in(gone, session_key, Tap("tap-00000001", now), now=now, by=by)


def test_lists_and_totals_read_who_came(
    person: Participant, session_key: uuid.UUID, admin_user: User
) -> None:
    now, by = timezone.now(), history.staff(admin_user)
    rows = Registration.objects.all()
    pool = person.registration.pool
    assert not presence.people(rows)
    attendance.check_in(person, session_key, Tap("tap-00000001", now), now=now, by=by)
    assert list(presence.people(rows)) == [person]
    assert presence.by_session(rows, {}) == {(pool.pk, str(session_key)): 1}
    seen = presence.read(pool)
    assert seen.came == {person.pk: frozenset({session_key})}
    assert seen.word(person.registration, person, seen.sessions[0]) == "có mặt"


def test_marking_several_parties_leaves_those_without_a_seat(site: Site, admin_user: User) -> None:
    event = make_event(site, seats=2, days=0.01)
    both, waiting = make_registration(event, party_size=2), make_registration(event)
    session = event.session_rows[0]
    by, now = history.staff(admin_user), timezone.now()
    assert bulk.run("attended", [both, waiting], by=by, now=now, session=session) == bulk.Done(1, 1)
    assert Attendance.objects.filter(participant__registration=both, way="list").count() == 2
    assert bulk.run("attended", [both], by=by, now=now, session=session) == bulk.Done(0, 1)
    assert CheckIn.objects.count() == 2
    with pytest.raises(ValueError, match="reason"):
        bulk.run("cancel", [both], by=by, now=now)
    why = history.staff(admin_user, "Xe hỏng")
    assert bulk.run("cancel", [both, waiting], by=why, now=now) == bulk.Done(2, 0)
    assert [row.changes.last().reason for row in (both, waiting)] == ["Xe hỏng", "Xe hỏng"]
