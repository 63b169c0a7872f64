"""What staff may change for somebody with a reason, and what not even they can."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import DAY, make_event, make_registration
from training_events.models import EventPage, HeldSeats, Registration, SeatPool
from training_events.services import change, history
from training_events.services.party import PersonData
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def clerk() -> history.Actor:
    return history.staff(User.objects.create_user("an"), "Gia đình có thêm người")


def resize(row: Registration, size: int, by: history.Actor, *, now: datetime.datetime | None = None) -> None:
    row = Registration.objects.get(pk=row.pk)
    stored = [PersonData(one.name, None, (), one.key) for one in row.people]
    people = tuple([*stored, *[PersonData()] * size][:size])
    change.change(row, {}, version=row.version, now=now or timezone.now(), people=people, by=by)


def sizes(event: EventPage) -> tuple[int, list[int]]:
    pool = SeatPool.objects.get(event_key=event.translation_key)
    return pool.taken, list(pool.registrations.order_by("sequence").values_list("party_size", flat=True))


def test_with_a_reason_a_party_grows_past_the_seats_and_the_largest_group(
    site: Site, clerk: history.Actor
) -> None:
    event = make_event(site, seats=2, max_party=2)
    row = make_registration(event, party_size=2)
    for by in (history.HOLDER, history.staff(clerk.user)):
        with pytest.raises(ValueError, match="1 to 2"):
            resize(row, 3, by)
    resize(row, 3, clerk)
    assert sizes(event) == (3, [3])
    entry = row.changes.get()
    assert (entry.actor, entry.reason) == ("staff", "Gia đình có thêm người")
    assert {"field": "party_size", "old": 2, "new": 3} in entry.details
    with pytest.raises(ValueError, match="1 to 200"):
        resize(row, Registration.LARGEST_PARTY + 1, clerk)
    assert sizes(event) == (3, [3])


def test_a_full_class_grows_for_staff_with_a_reason_only(site: Site, clerk: history.Actor) -> None:
    event = make_event(site, seats=2)
    row = make_registration(event, party_size=2)
    for by in (history.HOLDER, history.staff(clerk.user)):
        with pytest.raises(change.NotEnoughSeats):
            resize(row, 3, by)
    waits = make_registration(event)
    resize(row, 4, clerk)
    assert sizes(event) == (4, [4, 1])
    # shrinking to what there is frees nothing that was not there
    resize(row, 2, clerk)
    waits.refresh_from_db()
    assert (waits.status, sizes(event)[0]) == ("waiting", 2)
    resize(row, 1, clerk)
    waits.refresh_from_db()
    assert (waits.status, sizes(event)[0]) == ("confirmed", 2)


@pytest.mark.parametrize("moment", ["closed", "begun", "postponed"])
def test_after_the_deadline_and_after_the_begin_only_staff_with_a_reason_add_people(
    site: Site, clerk: history.Actor, moment: str
) -> None:
    now = timezone.now()
    event = make_event(site, seats=5, registration_closes_at=now + DAY)
    row = make_registration(event)
    if moment == "postponed":
        event.status = "postponed"
        event.save_revision().publish()
    at = now + {"closed": 2, "begun": 11, "postponed": 0}[moment] * DAY
    for by in (history.HOLDER, history.staff(clerk.user)):
        with pytest.raises(change.ChangeRefused):
            resize(row, 2, by, now=at)
    resize(row, 2, clerk, now=at)
    assert sizes(event) == (2, [2])


def test_a_party_keeps_its_seats_with_staff_also_as_one_of_another_commune(
    site: Site, clerk: history.Actor
) -> None:
    place: Any = make_place("Đắk Ơ")
    event = make_event(site, seats=2, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)])
    make_registration(event)
    row = make_registration(event, place=place)
    with pytest.raises(change.NotEnoughSeats):
        change.change(row, {"place": None}, version=1, now=timezone.now())
    row.refresh_from_db()
    change.change(row, {"place": None}, version=row.version, now=timezone.now(), by=clerk)
    pool = SeatPool.objects.get()
    # past the seats: two sit in the hall, and the commune is still promised one
    assert (row.reserve, pool.taken, pool.held) == (None, 2, 1)


def test_not_even_staff_change_a_registration_that_has_ended(site: Site, clerk: history.Actor) -> None:
    event = make_event(site)
    row = cancel(make_registration(event), now=timezone.now())
    with pytest.raises(change.ChangeRefused):
        resize(row, 2, clerk)
