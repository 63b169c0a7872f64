"""Seats, approval, seats held back, communes, staff and the waiting list against a model that is obvious at a glance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.factories.core import make_office, make_place
from tests.factories.training_events import DAY, make_event, registration_data
from training_events.models import EventPage, HeldSeats, Registration, SeatPool, SeatReserve
from training_events.services import approval, change, history, pools, waiting
from training_events.services.party import PersonData, claims
from training_events.services.registration import RegistrationRefused, cancel, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LARGEST = 4
#: Seats held back, by who may have them: two communes and a group; together as many as there ever are seats, or more.
HELD = {"a": 2, "b": 1, "group": 2}
PLACES = st.sampled_from(["a", "b", ""])
STAFF = history.staff(None, "lý do")


@dataclass
class Party:
    """A party as the reference sees it: ``place`` is "a", "b" or neither, ``uses`` the reserve that its seats are of."""

    key: int
    size: int
    place: str
    member: bool
    state: str = "waiting"
    approved: bool = False
    uses: str = ""

    @property
    def claims(self) -> list[str]:
        return ([self.place] if self.place else []) + (["group"] if self.member else [])


class Reference:
    """A list of parties in order of arrival. Seats are counted anew whenever somebody asks."""

    def __init__(self, seats: int, approval_: bool) -> None:
        self.seats, self.approval = seats, approval_
        self.held = dict(HELD)
        self.closed = self.released = self.postponed = False
        self.parties: list[Party] = []

    @property
    def open(self) -> bool:
        return not self.closed and not self.postponed

    def seated(self, of: str | None = None) -> int:
        rows = [one for one in self.parties if one.state in ("confirmed", "pending")]
        return sum(one.size for one in rows if of is None or one.uses == of)

    def unused(self, reserve: str) -> int:
        return max(0, self.held[reserve] - self.seated(reserve)) if reserve else 0

    def fits(self, size: int, reserve: str) -> bool:
        """Own seats need only room in the hall; for more than those, what is kept for others must fit in as well."""
        kept = sum(self.unused(one) for one in self.held if one != reserve)
        others = 0 if self.released or size <= self.unused(reserve) else kept
        return self.seated() + size + others <= self.seats

    def best(self, size: int, claims: list[str]) -> str:
        ordered = sorted(claims, key=lambda one: self.unused(one) < size)
        return next((one for one in ordered if self.fits(size, one)), claims[0] if claims else "")

    def seat(self, party: Party, *, beyond: bool = False) -> bool:
        uses = self.best(party.size, party.claims)
        if not beyond and not self.fits(party.size, uses):
            return False
        party.uses, party.approved = uses, party.approved or beyond
        party.state = "confirmed" if party.approved or not self.approval else "pending"
        return True

    def arrive(self, party: Party, *, by_staff: bool = False) -> None:
        self.release()
        party.approved = by_staff or not self.approval
        self.seat(party, beyond=by_staff)
        self.parties.append(party)

    def find(self, key: int) -> Party:
        return next(one for one in self.parties if one.key == key)

    def end(self, key: int, state: str) -> None:
        party = self.find(key)
        if party.state in ("cancelled", "refused"):
            return
        had_seats = party.state != "waiting"
        party.state = state
        if had_seats:
            self.move_up()

    def approve(self, key: int) -> None:
        party = self.find(key)
        if party.state not in ("cancelled", "refused"):
            party.approved = True
            party.state = "confirmed" if party.state == "pending" else party.state

    def change(self, key: int, size: int, place: str, *, by_staff: bool) -> bool:
        """Return whether the change is possible; one that is not changes nothing."""
        party = self.find(key)
        new = replace(party, size=size, place=place)
        grows = size - party.size
        if party.state in ("cancelled", "refused") or (grows > 0 and not self.open and not by_staff):
            return False
        if party.state == "waiting":
            self.parties[self.parties.index(party)] = new
            if grows < 0 or new.claims[:1] != party.claims[:1]:
                self.move_up()
            return True
        stays = place == party.place or (party.uses in new.claims if new.claims else not party.uses)
        if stays and grows > 0 and self.fits(grows, party.uses):
            self.parties[self.parties.index(party)] = new
            return True
        if not stays or grows > 0:
            party.state, state = "moving", party.state
            new.uses = self.best(size, new.claims)
            possible = by_staff or self.fits(size, new.uses)
            party.state = state
            if not possible:
                return False
        self.parties[self.parties.index(party)] = new
        if not stays or grows:
            self.move_up()
        return True

    def seat_now(self, key: int) -> None:
        party = self.find(key)
        if party.state == "waiting":
            self.seat(party, beyond=True)

    def publish(self, seats: int, approval_: bool, postponed: bool) -> None:
        self.seats, self.approval, self.postponed = seats, approval_, postponed
        self.held = dict(HELD)
        self.move_up()

    def release(self) -> None:
        if self.released and any(self.unused(one) for one in self.held):
            self.held = {one: min(self.held[one], self.seated(one)) for one in self.held}
            self.move_up()

    def move_up(self) -> None:
        for party in self.parties if self.open else []:
            if party.state == "waiting":
                self.seat(party)


def machine(event: EventPage, places: dict[str, Any]) -> type[RuleBasedStateMachine]:
    """Return the machine for one event; every run is rolled back."""
    group = event.held_seats.get(place=None).translation_key
    arrival = st.tuples(st.integers(1, LARGEST), PLACES, st.booleans())

    class SeatsMachine(RuleBasedStateMachine):
        @initialize(
            seats=st.integers(2, 7), approval_=st.booleans(), first=st.lists(arrival, min_size=4, max_size=6)
        )
        def begin(self, seats: int, approval_: bool, first: list[tuple[int, str, bool]]) -> None:
            """Begin with a queue: without one there is nothing to get wrong."""
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            self.now = timezone.now()
            self.pool = self.state(seats, approval_=approval_, postponed=False)
            self.model = Reference(seats, approval_)
            self.rows: dict[int, Registration] = {}
            for one in first:
                self.add(*one)

        def state(self, seats: int, *, approval_: bool, postponed: bool) -> SeatPool:
            """What publishing the page with other rules does."""
            event.seats, event.approval = seats, approval_
            event.status = "postponed" if postponed else "scheduled"
            return pools.sync_pool(event, now=self.now)

        def drawn(self, data: st.DataObject) -> Registration:
            row = self.rows[data.draw(st.sampled_from(sorted(self.rows)))]
            row.refresh_from_db()
            return row

        @rule(one=arrival)
        def arrive(self, one: tuple[int, str, bool]) -> None:
            if self.model.open:
                self.add(*one)
                return
            with pytest.raises(RegistrationRefused):
                self.add(*one)

        @rule(one=arrival)
        def entered_by_staff(self, one: tuple[int, str, bool]) -> None:
            """With a reason, past the window and past the number of seats."""
            self.add(*one, by_staff=True)

        def add(self, size: int, place: str, member: bool, *, by_staff: bool = False) -> None:
            data = registration_data(
                party_size=size, place=places.get(place), group=group if member else None
            )
            row = register(self.pool, data, now=self.now, by=STAFF if by_staff else history.HOLDER)
            self.rows[row.pk] = row
            self.model.arrive(Party(row.pk, size, place, member), by_staff=by_staff)

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def leave(self, data: st.DataObject) -> None:
            """Cancel any party, also one that was cancelled before."""
            row = self.drawn(data)
            cancel(row, now=self.now)
            self.model.end(row.pk, "cancelled")

        @rule(data=st.data(), size=st.integers(1, LARGEST), by_staff=st.booleans())
        @precondition(lambda self: self.rows)
        def resize(self, data: st.DataObject, size: int, by_staff: bool) -> None:
            row = self.drawn(data)
            self.change(row, size, self.model.find(row.pk).place, by_staff=by_staff)

        @rule(data=st.data(), place=PLACES, size=st.integers(0, LARGEST), by_staff=st.booleans())
        @precondition(lambda self: self.rows)
        def move(self, data: st.DataObject, place: str, size: int, by_staff: bool) -> None:
            """Name another commune, with as many people as before (0) or with another number."""
            row = self.drawn(data)
            self.change(row, size or row.party_size, place, by_staff=by_staff)

        def change(self, row: Registration, size: int, place: str, *, by_staff: bool) -> None:
            stored = [
                PersonData(one.name, None, (), one.key) for one in row.participants.order_by("position")
            ]
            people = tuple([*stored, *[PersonData()] * size][:size])
            possible = self.model.change(row.pk, size, place, by_staff=by_staff)
            by = STAFF if by_staff else history.HOLDER
            fields = {"place": places.get(place)}
            try:
                change.change(row, fields, version=row.version, now=self.now, people=people, by=by)
            except (change.NotEnoughSeats, change.ChangeRefused):
                assert not possible
            else:
                assert possible

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def approve(self, data: st.DataObject) -> None:
            row = self.drawn(data)
            approval.approve(row, now=self.now, by=history.staff(None))
            self.model.approve(row.pk)

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def refuse(self, data: st.DataObject) -> None:
            row = self.drawn(data)
            approval.refuse(row, now=self.now, by=STAFF)
            self.model.end(row.pk, "refused")

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def seat_now(self, data: st.DataObject) -> None:
            row = self.drawn(data)
            approval.seat_now(row, now=self.now, by=STAFF)
            self.model.seat_now(row.pk)

        @rule(
            seats=st.integers(0, 9), approval_=st.booleans(), postponed=st.sampled_from([False, False, True])
        )
        def publish_with(self, seats: int, approval_: bool, postponed: bool) -> None:
            self.state(seats, approval_=approval_, postponed=postponed)
            self.model.publish(seats, approval_, postponed)

        @rule()
        @precondition(lambda self: not self.model.released and len(self.rows) > 4)
        def give_to_everybody(self) -> None:
            """The moment comes from which on nothing is held back."""
            self.now = event.held_until + DAY / 24
            self.model.released = True
            waiting.release_due(now=self.now)
            self.model.release()

        @rule()
        @precondition(lambda self: not self.model.closed and len(self.rows) > 6)
        def close(self) -> None:
            """From the closing time on, nobody moves up and nobody is added."""
            self.now = event.registration_closes_at + DAY / 24
            self.model.closed = self.model.released = True

        @invariant()
        def agree(self) -> None:
            if not hasattr(self, "model"):
                return
            self.pool.refresh_from_db()
            rows = list(self.pool.registrations.order_by("sequence").prefetch_related("participants"))
            wanted = [(one.key, one.size, one.state) for one in self.model.parties]
            assert [(row.pk, row.party_size, row.status) for row in rows] == wanted
            assert [len(row.people) for row in rows] == [one.size for one in self.model.parties]
            assert self.pool.taken == self.model.seated()
            assert self.pool.held == sum(self.model.unused(one) for one in HELD)

        @invariant()
        def nobody_waits_beside_a_seat_of_his_own(self) -> None:
            """What people see in the hall, from the stored rows alone and without the rule that gives out seats."""
            if not hasattr(self, "model") or not self.model.open:
                return
            pool = SeatPool.objects.get(pk=self.pool.pk)
            empty = (pool.capacity or 0) - pool.taken
            kept = list(SeatReserve.objects.filter(pool=pool))
            promised = 0 if self.model.released else sum(one.unused for one in kept)
            for row in pool.registrations.waiting().select_related("place"):
                mine = [one.unused for one in claims(pool, row.place, row.group_key)]
                assert row.party_size > empty or all(row.party_size > own for own in mine), (
                    row.sequence,
                    empty,
                    mine,
                )
                assert row.party_size > empty - promised, (row.sequence, empty, promised)

        def teardown(self) -> None:
            if hasattr(self, "atomic"):
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    return SeatsMachine


def test_seats_and_waiting_list_behave_as_the_reference_model() -> None:
    places = {"a": make_place("Đắk Ơ"), "b": make_place("Bù Gia Mập")}
    now = timezone.now()
    event = make_event(
        make_office(),
        seats=3,
        max_party=LARGEST,
        held_until=now + 2 * DAY,
        registration_closes_at=now + 5 * DAY,
        held_seats=[
            HeldSeats(label="a", place=places["a"], seats=HELD["a"]),
            HeldSeats(label="b", place=places["b"], seats=HELD["b"]),
            HeldSeats(label="group", seats=HELD["group"]),
        ],
    )
    run_state_machine_as_test(
        machine(event, places),
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
