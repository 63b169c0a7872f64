"""Seats, approval, seats held back and the waiting list against a reference model that is obvious at a glance."""

from __future__ import annotations

from dataclasses import dataclass
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
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import approval, change, history, pools
from training_events.services.party import PersonData
from training_events.services.registration import RegistrationRefused, cancel, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LARGEST = 4


@dataclass
class Party:
    """A party as the reference sees it."""

    key: int
    size: int
    local: bool
    state: str
    approved: bool


class Reference:
    """A list of parties in order of arrival. Seats are counted anew whenever somebody asks."""

    def __init__(self, seats: int, held: int) -> None:
        self.seats, self.held = seats, held
        self.open = True
        self.approval = False
        self.parties: list[Party] = []

    def seated(self, *, local: bool | None = None) -> int:
        return sum(
            one.size
            for one in self.parties
            if one.state in ("confirmed", "pending") and (local is None or one.local is local)
        )

    def fits(self, size: int, local: bool) -> bool:
        """Everybody's seats and those still held back must fit into the hall together."""
        unused = max(0, self.held - self.seated(local=True) - (size if local else 0))
        return self.seated() + size + unused <= self.seats

    def arrive(self, key: int, size: int, local: bool) -> None:
        state = "waiting"
        if self.fits(size, local):
            state = "pending" if self.approval else "confirmed"
        self.parties.append(Party(key, size, local, state, not self.approval))

    def find(self, key: int) -> Party:
        return next(one for one in self.parties if one.key == key)

    def end(self, key: int, state: str) -> None:
        party = self.find(key)
        if party.state in ("cancelled", "refused"):
            return
        party.state = state
        self.move_up()

    def approve(self, key: int) -> None:
        party = self.find(key)
        if party.state not in ("cancelled", "refused"):
            party.approved = True
            party.state = "confirmed" if party.state == "pending" else party.state

    def resize(self, key: int, size: int) -> bool:
        """Return whether the change is possible; one that is not changes nothing."""
        party = self.find(key)
        if party.state in ("cancelled", "refused"):
            return False
        if size > party.size:
            if not self.open:
                return False
            if party.state != "waiting" and not self.fits(size - party.size, party.local):
                return False
            party.size = size
        elif size < party.size:
            party.size = size
            self.move_up()
        return True

    def seat_now(self, key: int) -> None:
        party = self.find(key)
        if party.state == "waiting":
            party.state, party.approved = "confirmed", True

    def publish(self, seats: int, approval_: bool) -> None:
        self.seats, self.approval = seats, approval_
        self.move_up()

    def move_up(self) -> None:
        for party in self.parties if self.open else []:
            if party.state == "waiting" and self.fits(party.size, party.local):
                party.state = "confirmed" if party.approved or not self.approval else "pending"


def machine(event: EventPage, place: Any) -> type[RuleBasedStateMachine]:
    """Return the machine for one event; every run is rolled back."""

    class SeatsMachine(RuleBasedStateMachine):
        @initialize(
            seats=st.integers(2, 5),
            approval_=st.booleans(),
            first=st.lists(st.tuples(st.integers(1, LARGEST), st.booleans()), min_size=4, max_size=6),
        )
        def begin(self, seats: int, approval_: bool, first: list[tuple[int, bool]]) -> None:
            """Begin with a queue: without one there is nothing to get wrong."""
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            self.now = timezone.now()
            self.pool = self.state(seats, approval_=approval_)
            self.model = Reference(seats, held=2)
            self.model.approval = approval_
            self.rows: dict[int, Registration] = {}
            for size, local in first:
                self.add(size, local)

        def state(self, seats: int, *, approval_: bool) -> SeatPool:
            """What publishing the page with other rules does."""
            event.seats, event.approval = seats, approval_
            return pools.sync_pool(event, now=self.now)

        def drawn(self, data: st.DataObject) -> Registration:
            return self.rows[data.draw(st.sampled_from(sorted(self.rows)))]

        @rule(size=st.integers(1, LARGEST), local=st.booleans())
        def arrive(self, size: int, local: bool) -> None:
            data = registration_data(party_size=size, place=place if local else None)
            if not self.model.open:
                with pytest.raises(RegistrationRefused):
                    register(self.pool, data, now=self.now)
                return
            self.add(size, local)

        def add(self, size: int, local: bool) -> None:
            data = registration_data(party_size=size, place=place if local else None)
            row = register(self.pool, data, now=self.now)
            self.rows[row.pk] = row
            self.model.arrive(row.pk, size, local)

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def leave(self, data: st.DataObject) -> None:
            """Cancel any party, also one that was cancelled before."""
            row = self.drawn(data)
            cancel(row, now=self.now)
            self.model.end(row.pk, "cancelled")

        @rule(data=st.data(), size=st.integers(1, LARGEST))
        @precondition(lambda self: self.rows)
        def resize(self, data: st.DataObject, size: int) -> None:
            row = self.drawn(data)
            row.refresh_from_db()
            stored = [
                PersonData(one.name, None, (), one.key) for one in row.participants.order_by("position")
            ]
            people = tuple([*stored, *[PersonData()] * size][:size])
            possible = self.model.resize(row.pk, size)
            try:
                change.change(row, {}, version=row.version, now=self.now, people=people)
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
            approval.refuse(row, now=self.now, by=history.staff(None, "lý do"))
            self.model.end(row.pk, "refused")

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def seat_now(self, data: st.DataObject) -> None:
            row = self.drawn(data)
            approval.seat_now(row, now=self.now, by=history.staff(None, "lý do"))
            self.model.seat_now(row.pk)

        @rule(seats=st.integers(0, 9), approval_=st.booleans())
        def publish_with(self, seats: int, approval_: bool) -> None:
            self.state(seats, approval_=approval_)
            self.model.publish(seats, approval_)

        @rule()
        @precondition(lambda self: self.model.open and len(self.rows) > 4)
        def close(self) -> None:
            """From the closing time on, nobody moves up and nobody is added."""
            self.now = event.registration_closes_at + DAY / 24
            self.model.open = False

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
            assert self.pool.held == max(0, self.model.held - self.model.seated(local=True))
            assert self.pool.seats_left == max(0, self.model.seats - self.pool.taken - self.pool.held)

        def teardown(self) -> None:
            if hasattr(self, "atomic"):
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    return SeatsMachine


def test_seats_and_waiting_list_behave_as_the_reference_model() -> None:
    from training_events.models import HeldSeats

    place = make_place("Đắk Ơ")
    event = make_event(
        make_office(),
        seats=3,
        max_party=LARGEST,
        registration_closes_at=timezone.now() + 5 * DAY,
        held_seats=[HeldSeats(label="Đắk Ơ", place=place, seats=2)],
    )
    run_state_machine_as_test(
        machine(event, place),
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
