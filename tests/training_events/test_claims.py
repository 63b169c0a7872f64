"""Who has a claim to seats held back, and that nobody waits beside a seat that is kept for him."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_place
from tests.factories.training_events import DAY, make_event, make_registration, publish
from training_events.availability import Kind
from training_events.models import EventPage, HeldSeats, Registration, SeatPool, SeatReserve
from training_events.services import approval, change, door, history, pools, purge
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def place() -> Any:
    return make_place("Đắk Ơ")


def status(row: Registration) -> str:
    row.refresh_from_db()
    return row.status


def number_of_seats(event: EventPage, seats: int) -> None:
    event = EventPage.objects.get(pk=event.pk)
    event.seats = seats
    pools.sync_pool(event)


def test_seats_lowered_below_what_is_promised_are_given_to_those_they_are_kept_for(
    site: Site, place: Any
) -> None:
    event = make_event(site, seats=20, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=15)])
    [make_registration(event) for _ in range(5)]
    number_of_seats(event, 18)
    rows = [make_registration(event, place=place) for _ in range(14)]
    assert [row.status for row in rows] == ["confirmed"] * 13 + ["waiting"]
    assert make_registration(event).is_waiting
    assert SeatPool.objects.get().taken == 18


def test_more_seats_promised_than_there_are_go_to_whoever_of_them_comes_first(site: Site, place: Any) -> None:
    other = make_place("Bù Gia Mập")
    event = make_event(
        site,
        seats=20,
        max_party=20,
        held_seats=[
            HeldSeats(label="Đắk Ơ", place=place, seats=15),
            HeldSeats(label="Bù Gia Mập", place=other, seats=10),
        ],
    )
    assert make_registration(event).is_waiting
    assert make_registration(event, place=other, party_size=11).is_waiting, "nothing is free beyond its own"
    assert make_registration(event, place=place, party_size=15).is_confirmed
    assert make_registration(event, place=other, party_size=6).is_waiting
    assert make_registration(event, place=other, party_size=5).is_confirmed
    assert SeatPool.objects.get().taken == 20


def test_the_door_knows_the_same_rule(site: Site, place: Any) -> None:
    event = make_event(site, seats=4, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=3)])
    [make_registration(event) for _ in range(1)]
    number_of_seats(event, 2)
    pool, now = SeatPool.objects.get(), timezone.now()
    assert door.fits(pool, 1, place, now)
    assert not door.fits(pool, 2, place, now)
    assert not door.fits(pool, 1, None, now)


def test_a_full_hall_is_full_also_where_seats_were_promised(site: Site, place: Any) -> None:
    event = make_event(site, seats=4, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=2)])
    [make_registration(event) for _ in range(2)]
    number_of_seats(event, 2)
    assert EventPage.objects.get(pk=event.pk).availability().kind is Kind.WAITING


def test_who_waits_and_names_the_commune_gets_its_seat_before_a_newcomer(site: Site, place: Any) -> None:
    event = make_event(site, seats=1, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)])
    row = make_registration(event)
    assert row.is_waiting
    change.change(row, {"place": place}, version=row.version, now=timezone.now())
    assert status(row) == "confirmed"
    assert make_registration(event, place=place).is_waiting


@pytest.fixture
def both(site: Site, place: Any) -> EventPage:
    """Two seats, one for the commune, one for a group."""
    return make_event(
        site,
        seats=2,
        held_seats=[
            HeldSeats(label="Đắk Ơ", place=place, seats=1),
            HeldSeats(label="Hội Phụ nữ", seats=1),
        ],
    )


def group_of(event: EventPage) -> Any:
    return event.held_seats.get(place=None).translation_key


def test_who_belongs_to_a_group_takes_its_seat_where_those_of_the_commune_are_gone(
    both: EventPage, place: Any
) -> None:
    assert make_registration(both, place=place).is_confirmed
    row = make_registration(both, place=place, group=group_of(both))
    assert row.is_confirmed
    assert row.reserve is not None
    assert row.reserve.label == "Hội Phụ nữ"
    assert list(SeatReserve.objects.values_list("taken", flat=True)) == [1, 1]


def test_publishing_again_leaves_everybody_on_the_seats_he_has(both: EventPage, place: Any) -> None:
    first = make_registration(both, place=place)
    member = make_registration(both, place=place, group=group_of(both))
    publish(EventPage.objects.get(pk=both.pk))
    for row, label in ((first, "Đắk Ơ"), (member, "Hội Phụ nữ")):
        row.refresh_from_db()
        assert row.reserve is not None
        assert row.reserve.label == label
    assert list(SeatReserve.objects.values_list("taken", flat=True)) == [1, 1]


def test_who_waits_moves_up_on_either_claim(both: EventPage, place: Any) -> None:
    first = make_registration(both, place=place)
    second = make_registration(both, group=group_of(both))
    row = make_registration(both, place=place, group=group_of(both))
    assert (second.status, row.status) == ("confirmed", "waiting")
    cancel(second, now=timezone.now())
    assert status(row) == "confirmed"
    third = make_registration(both, place=place)
    assert third.is_waiting
    cancel(first, now=timezone.now())
    assert status(third) == "confirmed"
    assert SeatPool.objects.get().held == 0


def test_a_waiting_member_of_a_group_is_let_in_on_its_seat(both: EventPage, place: Any) -> None:
    """At the door as well the stated group counts: no reason is needed."""
    event = publish(both, registration_closes_at=timezone.now() + DAY)
    [make_registration(event, place=place) for _ in range(1)]
    member = make_registration(event, group=group_of(event))
    row = make_registration(event, group=group_of(event))
    cancel(member, now=timezone.now() + 2 * DAY)
    assert status(row) == "waiting", "nobody moves up after registration has closed"
    pool = SeatPool.objects.get()
    assert door.fits(pool, 1, row.place, timezone.now() + 2 * DAY, row.group_key)
    approval.seat_now(row, now=timezone.now() + 2 * DAY, by=history.staff(None, "đến tại lớp"))
    assert SeatPool.objects.get().held == 0


def test_a_larger_party_may_move_to_the_seats_of_its_group(site: Site, place: Any) -> None:
    event = make_event(
        site,
        seats=3,
        held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1), HeldSeats(label="Hội Phụ nữ", seats=2)],
    )
    row = make_registration(event, place=place, group=group_of(event))
    assert row.reserve is not None
    assert row.reserve.label == "Đắk Ơ"
    people = (change.PersonData(row.contact_name), change.PersonData())
    change.change(row, {}, version=row.version, now=timezone.now(), people=people)
    assert row.reserve.label == "Hội Phụ nữ"
    assert SeatPool.objects.get().held == 1


def test_the_seats_of_a_commune_that_was_deleted_are_not_for_whoever_says_so(site: Site, place: Any) -> None:
    event = make_event(site, seats=2, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)])
    key = place.translation_key
    place.delete()
    event = publish(EventPage.objects.get(pk=event.pk))
    reserve = SeatReserve.objects.get()
    assert (reserve.place_key, reserve.capacity) == (key, 0)
    # they are everybody's (test_reserves), and no group's
    assert [make_registration(event).status for _ in range(2)] == ["confirmed", "confirmed"]
    assert make_registration(event, group=reserve.key).is_waiting


def test_an_editor_may_turn_the_seats_of_a_commune_into_those_of_a_group(site: Site, place: Any) -> None:
    event = make_event(site, seats=1, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)])
    held = event.held_seats.get()
    held.place, held.label = None, "Hội Phụ nữ"
    event = publish(event, held_seats=[held])
    reserve = SeatReserve.objects.get()
    assert reserve.place_key is None
    assert make_registration(event, group=reserve.key).is_confirmed


@pytest.mark.parametrize(
    ("seats", "message"), [("5", ""), ("4", "Số chỗ giữ lại (5) nhiều hơn số chỗ của lớp (4)")]
)
def test_an_editor_cannot_promise_more_seats_than_there_are(
    site: Site, place: Any, admin_user: Any, seats: str, message: str
) -> None:
    event = make_event(
        site,
        seats=5,
        held_seats=[
            HeldSeats(label="Đắk Ơ", place=place, seats=3),
            HeldSeats(label="Hội Phụ nữ", seats=2),
        ],
    )
    form_class = EventPage.get_edit_handler().get_form_class()
    shown = form_class(instance=event, for_user=admin_user)
    data = {field.html_name: field.value() for field in shown}
    for formset in shown.formsets.values():
        for form in [formset.management_form, *formset.initial_forms]:
            data |= {field.html_name: field.value() for field in form}
    data = {name: value for name, value in data.items() if value is not None}
    data |= {"seats": seats, "bring-count": "0", "body-count": "0"}
    form = form_class(data, instance=EventPage.objects.get(pk=event.pk), for_user=admin_user)
    form.is_valid()
    assert message in str(form.errors.get("seats", ""))
    assert ("seats" in form.errors) is bool(message)


def test_what_is_purged_frees_its_seats_for_those_who_wait(site: Site) -> None:
    event = make_event(site, seats=1)
    SeatPool.objects.update(starts_at=None, ends_at=None)
    first, second = make_registration(event), make_registration(event)
    today = timezone.localdate()
    Registration.objects.filter(pk=first.pk).update(keep_until=today - DAY)
    purge.purge(now=timezone.now(), say=lambda _line: None)
    assert status(second) == "confirmed"


def test_a_long_waiting_list_costs_a_cancellation_nothing_while_the_seats_are_held(
    site: Site, place: Any
) -> None:
    event = make_event(site, seats=3, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)])
    mine = make_registration(event, place=place)
    make_registration(event, party_size=2)

    def queries(row: Registration) -> int:
        with CaptureQueriesContext(connection) as found:
            cancel(row, now=timezone.now())
        return len(found)

    [make_registration(event) for _ in range(2)]
    few = queries(mine)
    mine = make_registration(event, place=place)
    assert mine.is_confirmed
    [make_registration(event) for _ in range(20)]
    assert queries(mine) == few
