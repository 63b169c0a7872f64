"""Registrations made before participants were rows keep all their people."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

BEFORE, AFTER = "0002_participants_questions_and_series", "0004_drop_lines_of_names"
MOMENT = datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC)


def migrate(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("training_events", name)])
    return executor.loader.project_state([("training_events", name)]).apps


@pytest.fixture
def latest() -> Any:
    """Go back to the newest tables whatever happens: other tests follow."""
    executor = MigrationExecutor(connection)
    yield
    executor.loader.build_graph()
    leaves = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "training_events"]
    MigrationExecutor(connection).migrate(leaves)


def test_lines_of_names_become_rows_and_come_back(latest: None) -> None:
    apps = migrate(BEFORE)
    pool = apps.get_model("training_events", "SeatPool").objects.create(
        event_key="11111111-1111-1111-1111-111111111111", title="Lớp"
    )
    rows = apps.get_model("training_events", "Registration").objects

    def add(number: int, size: int, names: str) -> None:
        rows.create(
            pool=pool, code=f"CODE{number}", token=f"t{number}", idempotency_key=f"k{number}", sequence=number,
            status="confirmed", party_size=size, contact_name="Nguyễn Văn An", contact_key="nguyen van an",
            phone="+84912345678", other_names=names, consent_text="", consent_version="", consented_at=MOMENT,
            created_at=MOMENT, keep_until=MOMENT.date(),
        )  # fmt: skip

    add(1, 3, "Đặng Thị Hoa\n\n")
    add(2, 1, "")
    apps = migrate(AFTER)
    people = apps.get_model("training_events", "Participant").objects
    found = people.order_by("registration__sequence", "position").values_list("position", "name", "name_key")
    assert list(found) == [
        (1, "Nguyễn Văn An", "nguyen van an"),
        (2, "Đặng Thị Hoa", "dang thi hoa"),
        (3, "", ""),
        (1, "Nguyễn Văn An", "nguyen van an"),
    ]
    assert people.values("key").distinct().count() == 4
    apps = migrate(BEFORE)
    rows = apps.get_model("training_events", "Registration").objects
    assert list(rows.order_by("sequence").values_list("other_names", flat=True)) == ["Đặng Thị Hoa", ""]
