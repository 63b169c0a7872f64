"""The door, the papers and decisions about registrations end at the own office, and going past the seats at publishing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.admin.conftest import Office
from tests.factories.training_events import make_registration
from training_events.models import Attendance, Registration


def addresses(office: Office) -> list[str]:
    event = office.event
    base, key = f"/quan-tri/training-events/{event.pk}", event.session_rows[0].translation_key
    return [
        f"{base}/registrations/",
        f"{base}/registrations/bulk/",
        f"{base}/diem-danh/{key}.pdf",
        f"{base}/the.pdf",
        f"{base}/giay-chung-nhan.pdf",
        f"/quan-tri/ban-don-tiep/{event.pk}/{key}/",
        f"/quan-tri/ban-don-tiep/{event.pk}/{key}/dong-bo/",
    ]


def sync(client: Client, office: Office, action: dict[str, Any]) -> Any:
    body = json.dumps({"actions": [action], "sent_at": timezone.now().timestamp() * 1000})
    return client.post(addresses(office)[-1], body, content_type="application/json")


def test_staff_of_a_commune_see_only_their_events(editor: Client, commune: Office, province: Office) -> None:
    for office, expected in ((commune, {200, 302, 405}), (province, {302})):
        for path in addresses(office):
            response = editor.get(path)
            assert response.status_code in expected, path
            if office is province:
                assert response["Location"] == "/quan-tri/", path


def test_nobody_checks_in_at_the_door_of_another_office(
    editor: Client, commune: Office, province: Office
) -> None:
    row = make_registration(province.event)
    person = row.participants.get()
    action = {"key": uuid.uuid4().hex, "kind": "check_in", "person": str(person.key)}
    assert sync(editor, province, action).status_code in (302, 403)
    # nor by way of the own door
    assert sync(editor, commune, action).json()["results"][0]["trouble"] == "gone"
    chosen = {"row": [row.pk], "action": "cancel", "confirmed": "1", "reason": "x"}
    for office in (commune, province):
        editor.post(addresses(office)[1], chosen)
    assert not Attendance.objects.exists()
    assert Registration.objects.current().count() == 1


def test_strangers_are_asked_to_sign_in(commune: Office, client: Client) -> None:
    for path in addresses(commune):
        assert client.get(path)["Location"].startswith("/quan-tri/login/")
    answer = client.post(
        addresses(commune)[-1], b"{}", "application/json", headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(("group", "state"), [("editors", "problem"), ("publishers", "done")])
def test_only_who_may_publish_goes_past_the_seats(
    commune: Office, sign_in: Callable[..., Client], group: str, state: str
) -> None:
    client = sign_in(getattr(commune.groups, group))
    pool = commune.event.seat_pool
    type(pool).objects.filter(pk=pool.pk).update(capacity=0)
    action = {
        "key": uuid.uuid4().hex, "kind": "walk_in", "name": "Lê Văn Tới", "agreed": True, "reason": "Trưởng thôn",
    }  # fmt: skip
    result = sync(client, commune, action).json()
    assert result["results"][0]["state"] == state
    assert result["state"]["may_exceed"] == (state == "done")


@pytest.mark.parametrize(("group", "status"), [("editors", "waiting"), ("publishers", "confirmed")])
def test_only_who_may_publish_seats_somebody_past_the_waiting_list(
    commune: Office, sign_in: Callable[..., Client], group: str, status: str
) -> None:
    pool = commune.event.seat_pool
    type(pool).objects.filter(pk=pool.pk).update(capacity=0)
    row = make_registration(commune.event)
    client = sign_in(getattr(commune.groups, group))
    path = f"{addresses(commune)[0]}{row.pk}/"
    assert ("Xếp chỗ ngay" in client.get(path).content.decode()) == (status == "confirmed")
    client.post(path, {"action": "seat", "reason": "Trưởng thôn phải dự"})
    row.refresh_from_db()
    assert row.status == status
