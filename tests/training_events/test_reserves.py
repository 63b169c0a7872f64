"""Seats held back for a commune or a group."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.factories.core import make_locale, make_place
from tests.factories.training_events import DAY, make_event, make_registration, publish, registration_data
from training_events import form_key
from training_events.availability import Kind
from training_events.models import EventPage, HeldSeats, Registration, SeatPool, SeatReserve
from training_events.services import change, waiting
from training_events.services.registration import cancel, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def place() -> Any:
    return make_place("Đắk Ơ")


@pytest.fixture
def event(site: Site, place: Any) -> EventPage:
    """Five seats, three of them for Đắk Ơ."""
    return make_event(site, seats=5, held_seats=[HeldSeats(label="Người dân Đắk Ơ", place=place, seats=3)])


def pool() -> SeatPool:
    return SeatPool.objects.get()


def numbers() -> tuple[int, int, int | None]:
    now = pool()
    return now.taken, now.held, now.seats_left


def test_seats_held_back_are_not_free_for_others(event: EventPage, place: Any) -> None:
    assert numbers() == (0, 3, 2)
    others = [make_registration(event) for _ in range(3)]
    assert [row.status for row in others] == ["confirmed", "confirmed", "waiting"]
    assert event.availability().kind is Kind.OPEN or pool().seats_left == 0
    assert EventPage.objects.get(pk=event.pk).availability().kind is Kind.RESERVED
    mine = [make_registration(event, place=place) for _ in range(4)]
    assert [row.status for row in mine] == ["confirmed", "confirmed", "confirmed", "waiting"]
    assert numbers() == (5, 0, 0)


def test_those_of_the_commune_take_free_seats_too_and_as_a_whole(event: EventPage, place: Any) -> None:
    row = make_registration(event, party_size=5, place=place)
    assert row.is_confirmed
    assert numbers() == (5, 0, 0)
    cancel(row, now=timezone.now())
    assert numbers() == (0, 3, 2)
    make_registration(event)
    assert make_registration(event, party_size=5, place=place).is_waiting
    assert make_registration(event, party_size=4, place=place).is_confirmed


def test_a_cancellation_holds_the_seat_back_again(event: EventPage, place: Any) -> None:
    mine = [make_registration(event, place=place) for _ in range(3)]
    [make_registration(event) for _ in range(2)]
    waiting_other = make_registration(event)
    waiting_mine = make_registration(event, place=place)
    cancel(mine[0], now=timezone.now())
    for row in (waiting_other, waiting_mine):
        row.refresh_from_db()
    assert (waiting_other.status, waiting_mine.status) == ("waiting", "confirmed")
    cancel(mine[1], now=timezone.now())
    waiting_other.refresh_from_db()
    assert waiting_other.is_waiting
    assert numbers() == (4, 1, 0)


def test_a_group_is_what_people_say_they_belong_to(site: Site, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)
    event = make_event(site, seats=1, held_seats=[HeldSeats(label="Hội viên Hội Phụ nữ", seats=1)])
    key = event.held_seats.get().translation_key
    page = client.get(f"/dang-ky/{event.pk}/").content.decode()
    assert "Hội viên Hội Phụ nữ" in page
    data = {
        "name": "An",
        "phone": "0912345678",
        "party_size": "1",
        "consent": "on",
        "key": form_key.make(event.translation_key),
    }
    assert client.post(f"/dang-ky/{event.pk}/", {**data, "group": "made-up"}).status_code == 200
    client.post(f"/dang-ky/{event.pk}/", data)
    data = {**data, "name": "Hoa", "key": form_key.make(event.translation_key)}
    client.post(f"/dang-ky/{event.pk}/", {**data, "group": str(key)})
    assert list(Registration.objects.values_list("contact_name", "status")) == [
        ("An", "waiting"),
        ("Hoa", "confirmed"),
    ]


def test_from_the_stated_moment_on_those_who_wait_come_first(site: Site, place: Any) -> None:
    event = make_event(
        site,
        seats=2,
        held_until=timezone.now() + DAY,
        held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=2)],
    )
    first, second = make_registration(event), make_registration(event)
    assert first.is_waiting
    later = timezone.now() + 2 * DAY
    # nobody jumps the queue by registering in that very moment
    newcomer = register(event, registration_data(), now=later)
    for row in (first, second):
        row.refresh_from_db()
    assert (first.status, second.status, newcomer.status) == ("confirmed", "confirmed", "waiting")
    assert waiting.release_due(now=later) == 0


def test_the_release_needs_nobody_to_register(site: Site, place: Any) -> None:
    event = make_event(
        site,
        seats=1,
        held_until=timezone.now() + DAY,
        held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=1)],
    )
    first = make_registration(event)
    assert waiting.release_due(now=timezone.now()) == 0
    SeatPool.objects.update(held_until=timezone.now() - DAY / 24)
    call_command("send_messages", verbosity=0)
    first.refresh_from_db()
    assert first.is_confirmed
    cancel(first, now=timezone.now() + 2 * DAY)
    assert pool().taken == 0


def test_moving_to_another_commune_does_not_take_its_seat_along(event: EventPage, place: Any) -> None:
    [make_registration(event) for _ in range(2)]
    row = make_registration(event, place=place)
    with pytest.raises(change.NotEnoughSeats):
        change.change(row, {"place": None}, version=1, now=timezone.now())
    row.refresh_from_db()
    assert row.place == place
    assert numbers() == (3, 2, 0)


def test_editing_the_seats_held_back_counts_those_already_seated(event: EventPage, place: Any) -> None:
    make_registration(event, place=place)
    event = publish(event, held_seats=[])
    assert numbers() == (1, 0, 4)
    publish(event, held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=2)])
    assert numbers() == (1, 1, 3)
    assert Registration.objects.get().reserve is not None


def test_the_seats_of_a_commune_that_was_deleted_are_everybodys(
    event: EventPage, place: Any, client: Client, admin_user: Any
) -> None:
    mine = make_registration(event, place=place)
    others = [make_registration(event) for _ in range(3)]
    assert [row.status for row in others] == ["confirmed", "confirmed", "waiting"]
    place.delete()
    others[2].refresh_from_db()
    assert others[2].is_confirmed
    assert numbers() == (4, 0, 1)
    # also after the page is published again, and what its people give back is not held back for them
    publish(EventPage.objects.get(pk=event.pk))
    cancel(Registration.objects.get(pk=mine.pk), now=timezone.now())
    assert numbers() == (3, 0, 2)
    client.force_login(admin_user)
    history = client.get(f"/quan-tri/pages/{event.pk}/history/").content.decode()
    assert "2 chỗ dành riêng cho Người dân Đắk Ơ đã chuyển thành chỗ chung" in history


def test_an_editor_may_hold_them_back_for_another_commune(event: EventPage, place: Any) -> None:
    place.delete()
    assert numbers() == (0, 0, 5)
    page = EventPage.objects.get(pk=event.pk)
    (held,) = page.held_seats.all()
    held.place = make_place("Bù Gia Mập")
    publish(page, held_seats=[held])
    assert numbers() == (0, 3, 2)


def test_seats_that_were_stuck_before_are_released_without_anybody(event: EventPage, place: Any) -> None:
    others = [make_registration(event) for _ in range(3)]
    SeatReserve.objects.update(place_key=uuid.uuid4())
    assert waiting.release_due(now=timezone.now()) == 1
    others[2].refresh_from_db()
    assert others[2].is_confirmed
    assert waiting.release_due(now=timezone.now()) == 0


def test_a_translation_of_a_commune_that_is_deleted_frees_nothing(event: EventPage, place: Any) -> None:
    english = place.copy_for_translation(make_locale("en"))
    english.save()
    english.delete()
    assert numbers() == (0, 3, 2)
