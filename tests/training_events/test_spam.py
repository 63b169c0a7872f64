"""Forms prove that a person sends them, only under attack; a hall full of people never notices."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from tests.factories.training_events import make_event
from training_events import form_key, proof, spam
from training_events.models import EventPage, Registration, SeatPool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def typed_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_key, "MINIMUM_SECONDS", -1)


#: The office of this module (fixture ``site``).
OFFICE = {"organisation_name": "UBND xã Mẫu"}


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=500)


def filled(event: EventPage, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Nguyễn Văn An",
        "phone": f"0912{number:06d}",
        "party_size": "1",
        "consent": "on",
        "key": form_key.make(event.translation_key),
        **changes,
    }


def send(client: Client, event: EventPage, **changes: Any) -> Any:
    return client.post(f"/dang-ky/{event.pk}/", filled(event, **changes))


def solve(challenge: str, **changes: Any) -> str:
    """Work the number out as the browser does."""
    task = json.loads(challenge)
    number = next(
        n
        for n in range(task["maxnumber"] + 1)
        if hashlib.sha256(f"{task['salt']}{n}".encode()).hexdigest() == task["challenge"]
    )
    del task["maxnumber"]
    return base64.b64encode(json.dumps({**task, "number": number, **changes}).encode()).decode()


@pytest.fixture
def attacked(event: EventPage, monkeypatch: pytest.MonkeyPatch, client: Client) -> EventPage:
    """The event while programs send forms."""
    monkeypatch.setattr(spam, "EVENT_FORMS", 2)
    for _ in range(3):
        client.post(f"/dang-ky/{event.pk}/", {})
    return event


# --- the proof ---


def test_a_solution_serves_for_its_own_form_and_time_only() -> None:
    challenge = proof.challenge("key", now=1000)
    payload = solve(challenge)
    assert proof.verify(payload, "key", now=1000)
    assert proof.verify(payload, "key", now=1000 + proof.VALID_SECONDS)
    assert not proof.verify(payload, "key", now=1001 + proof.VALID_SECONDS)
    assert not proof.verify(payload, "other", now=1000)


def test_a_solution_cannot_be_bent() -> None:
    payload = solve(proof.challenge("key"))
    data = json.loads(base64.b64decode(payload))

    def bent(**changes: Any) -> bool:
        return proof.verify(base64.b64encode(json.dumps({**data, **changes}).encode()).decode(), "key")

    assert bent()
    assert not bent(number=data["number"] + 1)
    assert not bent(algorithm="MD5")
    assert not bent(signature="0" * 64)
    # digits moved between number and salt give the same digest (CVE-2025-68113)
    digits = str(data["number"])
    assert not bent(salt=data["salt"] + digits[:1], number=digits[1:] or "0")
    salt = data["salt"].replace("expires=", "expires=9")
    number = 7
    digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
    assert not bent(salt=salt, number=number, challenge=digest)


@pytest.mark.parametrize(
    "payload", ["", "%%%", "e30=", "bnVsbA==", "WzFd", base64.b64encode(b'{"salt": 1}').decode(), "\x00"]
)
def test_nonsense_is_no_solution(payload: str) -> None:
    assert not proof.verify(payload, "key")


def test_the_plain_question_follows_from_the_form() -> None:
    first, second = proof._numbers("key")
    assert proof.question("key") == proof.question("key")
    assert proof.is_right(f" {first + second} ", "key")
    for wrong in ("", "0", "abc", "١٢", "-7", "9" * 50, str(first + second + 1)):
        assert not proof.is_right(wrong, "key")
    assert len({proof.question(str(number)) for number in range(200)}) > 30


# --- when it is asked for ---


def test_a_hall_of_forty_behind_one_address_never_notices(client: Client, event: EventPage) -> None:
    for number in range(40):
        # on one phone that goes from hand to hand: only the same name again would be asked about
        name = f"Người thứ {number}"
        assert send(client, event, number=number, name=name, consent="").status_code == 200
        assert send(client, event, number=number, name=name).status_code == 302
    assert Registration.objects.count() == 40
    assert "data-proof" not in client.get(f"/dang-ky/{event.pk}/").content.decode()


def test_under_attack_the_form_comes_back_filled_and_the_browser_works(
    client: Client, attacked: EventPage
) -> None:
    page = send(client, attacked).content.decode()
    assert 'value="Nguyễn Văn An"' in page
    assert not Registration.objects.exists()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    challenge = unescape(re.search(r'data-proof="([^"]+)"', page)[1])  # type: ignore[index]
    data = filled(attacked, key=key, proof=solve(challenge))
    first = client.post(f"/dang-ky/{attacked.pk}/", data)
    assert first.status_code == 302
    # sent twice, it is the same registration; used for another form, it proves nothing
    assert client.post(f"/dang-ky/{attacked.pk}/", data)["Location"] == first["Location"]
    assert send(client, attacked, number=2, proof=data["proof"]).status_code == 200
    assert Registration.objects.count() == 1


def test_without_a_script_a_plain_question_is_enough_for_people_but_not_for_programs(
    client: Client, attacked: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spam, "PLAIN_ANSWERS", 2)

    def answered(number: int) -> int:
        data = filled(attacked, number, name=f"Người thứ {number}")
        return client.post(
            f"/dang-ky/{attacked.pk}/", {**data, "plain": str(sum(proof._numbers(data["key"])))}
        ).status_code

    page = client.get(f"/dang-ky/{attacked.pk}/").content.decode()
    assert "bằng mấy?" in page
    assert "Anh/chị trả lời câu này rồi gửi lại phiếu." in send(client, attacked).content.decode()
    assert send(client, attacked, plain="1").status_code == 200
    assert [answered(number) for number in (1, 2, 3)] == [302, 302, 200]


def test_other_events_are_left_alone_until_all_are_attacked(
    client: Client, site: Site, attacked: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_event(site)
    address = f"/dang-ky/{other.pk}/"
    assert "data-proof" not in client.get(address).content.decode()
    monkeypatch.setattr(spam, "ALL_FORMS", 3)
    client.post(address, {})
    assert "data-proof" in client.get(address).content.decode()


def test_one_address_that_sends_more_than_a_hall_has_to_prove_it(
    client: Client, event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spam, "CLIENT_FORMS", 2)
    for _ in range(3):
        client.post(f"/dang-ky/{event.pk}/", {}, REMOTE_ADDR="203.0.113.5")
    address = f"/dang-ky/{event.pk}/"
    assert "data-proof" in client.get(address, REMOTE_ADDR="203.0.113.5").content.decode()
    assert "data-proof" not in client.get(address, REMOTE_ADDR="203.0.113.6").content.decode()


def test_the_alarm_ends_by_itself(attacked: EventPage, client: Client) -> None:
    pool = SeatPool.objects.get()
    request = client.get("/").wsgi_request
    assert spam.is_guarded(request, pool)
    cache.clear()  # what the time limits of the counters do
    assert not spam.is_guarded(request, pool)
