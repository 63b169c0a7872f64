"""Eight devices check the same person in at the same moment: one attendance, and the earliest time. SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.training_events.test_concurrency import at_once, pool, shared_database  # noqa: F401
from tests.training_events.test_concurrency import registration_data as data
from training_events.models import Attendance, CheckIn, EventPage, SeatPool
from training_events.services import attendance, door, history
from training_events.services.attendance import Outcome, Tap
from training_events.services.desk import Desk, Guest
from training_events.services.registration import register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

DEVICES = 8


def test_devices_at_once_give_one_attendance(pool: SeatPool, tmp_path: Path) -> None:  # noqa: F811
    now, key = timezone.now(), EventPage.objects.get().session_rows[0].translation_key
    person = register(pool, data(), now=now).participants.get()
    by = history.staff(User.objects.create_user("lan"))

    def tap(number: int) -> Outcome:
        at = now - datetime.timedelta(minutes=number)
        return attendance.check_in(person, key, Tap(f"device-{number:04d}", at), now=now, by=by)

    with shared_database(tmp_path):
        # every device sends its tap twice
        jobs = [lambda number=number % DEVICES: tap(number) for number in range(2 * DEVICES)]
        results = at_once(jobs)
        assert sorted(results) == sorted(
            [Outcome.DONE, *[Outcome.ALREADY] * (DEVICES - 1), *[Outcome.KNOWN] * DEVICES]
        )
        # the threads' database is a file, this thread's is not
        (found,) = at_once([lambda: (Attendance.objects.get().checked_in_at, CheckIn.objects.count())])
        assert found == (now - datetime.timedelta(minutes=DEVICES - 1), DEVICES)


def test_walk_ins_at_once_never_oversell(pool: SeatPool, tmp_path: Path) -> None:  # noqa: F811
    now = timezone.now()
    desk = Desk(
        pool=pool,
        session=EventPage.objects.get().session_rows[0],
        user=User.objects.create_user("lan"),
        may_exceed=True,
    )

    def enter(number: int) -> object:
        guest = Guest(f"guest-{number:04d}", f"Người Mới {chr(65 + number)}")
        return door.walk_in(desk, guest, Tap(guest.key, now, "walk_in"), now=now)

    with shared_database(tmp_path):
        results = at_once([lambda number=number: enter(number) for number in range(12)])
        full = [one for one in results if isinstance(one, door.DoorProblem)]
        assert (len(full), {one.trouble for one in full}) == (4, {door.Trouble.FULL})
        (found,) = at_once([lambda: (SeatPool.objects.get().taken, Attendance.objects.count())])
        assert found == (8, 8)
