"""The state machine of seats and waiting list against a reference model that is obvious at a glance."""

from __future__ import annotations

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

from tests.factories.core import make_office
from tests.factories.training_events import DAY, make_event, registration_data
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import pools
from training_events.services.registration import RegistrationRefused, cancel, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Reference:
    """A list of parties in order of arrival: (key, size, state)."""

    def __init__(self, seats: int) -> None:
        self.seats = seats
        self.open = True
        self.parties: list[list[Any]] = []

    @property
    def free(self) -> int:
        return self.seats - sum(size for _key, size, state in self.parties if state == "confirmed")

    def arrive(self, key: int, size: int) -> None:
        self.parties.append([key, size, "confirmed" if size <= self.free else "waiting"])

    def leave(self, key: int) -> None:
        for party in self.parties:
            if party[0] == key:
                party[2] = "cancelled"
        self.move_up()

    def resize(self, seats: int) -> None:
        self.seats = seats
        self.move_up()

    def move_up(self) -> None:
        for party in self.parties if self.open else []:
            if party[2] == "waiting" and party[1] <= self.free:
                party[2] = "confirmed"


def machine(event: EventPage) -> type[RuleBasedStateMachine]:
    """Return the machine for one event; every run is rolled back."""

    class SeatsMachine(RuleBasedStateMachine):
        @initialize(seats=st.integers(1, 6))
        def begin(self, seats: int) -> None:
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            self.now = timezone.now()
            self.pool = self.state(seats)
            self.model = Reference(seats)
            self.rows: dict[int, Registration] = {}

        def state(self, seats: int) -> SeatPool:
            """What publishing the page with another number of seats does."""
            event.seats = seats
            return pools.sync_pool(event, now=self.now)

        @rule(size=st.integers(1, 4))
        def arrive(self, size: int) -> None:
            if not self.model.open:
                with pytest.raises(RegistrationRefused):
                    register(self.pool, registration_data(party_size=size), now=self.now)
                return
            row = register(self.pool, registration_data(party_size=size), now=self.now)
            self.rows[row.pk] = row
            self.model.arrive(row.pk, size)

        @rule(data=st.data())
        @precondition(lambda self: self.rows)
        def leave(self, data: st.DataObject) -> None:
            """Cancel any party, also one that was cancelled before."""
            key = data.draw(st.sampled_from(sorted(self.rows)))
            cancel(self.rows[key], now=self.now)
            self.model.leave(key)

        @rule(seats=st.integers(0, 8))
        def publish_with(self, seats: int) -> None:
            self.state(seats)
            self.model.resize(seats)

        @rule()
        @precondition(lambda self: self.model.open)
        def close(self) -> None:
            """From the start on, nobody moves up."""
            self.now = event.starts_at + DAY / 24
            self.model.open = False

        @invariant()
        def agree(self) -> None:
            if not hasattr(self, "model"):
                return
            self.pool.refresh_from_db()
            stored = [
                [row.pk, row.party_size, row.status] for row in self.pool.registrations.order_by("sequence")
            ]
            assert stored == self.model.parties
            assert self.pool.taken == sum(
                size for _key, size, state in self.model.parties if state == "confirmed"
            )
            assert self.pool.seats_left == max(0, self.model.free)

        def teardown(self) -> None:
            if hasattr(self, "atomic"):
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    return SeatsMachine


def test_seats_and_waiting_list_behave_as_the_reference_model() -> None:
    event = make_event(make_office(), seats=3, max_party=4)
    run_state_machine_as_test(
        machine(event),
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
