"""Telephones: what a text message costs, and a provider that is slow, full, broken, or answers into the void."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from config import parsers
from tests.factories.core import make_office
from tests.factories.training_events import make_event, make_registration
from training_events import channels
from training_events.channels import HttpChannel, LogChannel, Refused, TryLater, sms
from training_events.channels.base import masked
from training_events.models import Message
from training_events.services import delivery


class Provider:
    """A provider of text messages on this machine. ``answers`` are given one after the other, then 200 for ever."""

    def __init__(self) -> None:
        self.answers: list[Callable[[Any], None]] = []
        self.requests: list[dict[str, Any]] = []
        #: What really went out, by key: a good provider sends the same key once.
        self.sent: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?v=1"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                provider.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
                (provider.answers.pop(0) if provider.answers else ok)(self)

            def take(self) -> str:
                body = provider.requests[-1]["body"]
                provider.sent.setdefault(self.headers["Idempotency-Key"], body["text"])
                return f"id-{len(provider.sent)}"

            def reply(self, status: int, content: bytes = b"", **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def ok(handler: Any) -> None:
    handler.reply(200, json.dumps({"id": handler.take()}).encode())


def status(code: int, **headers: str) -> Callable[[Any], None]:
    return lambda handler: handler.reply(code, **headers)


def lost_answer(handler: Any) -> None:
    """Take the message and hang up."""
    handler.take()
    handler.connection.close()


def duplicate(handler: Any) -> None:
    handler.reply(409, b'{"id": "id-1"}')


def slow(handler: Any) -> None:
    time.sleep(0.6)


def drip(handler: Any) -> None:
    """Send a byte of the header now and then, for ever as it seems."""
    try:
        for _number in range(600):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.server.shutdown()
    running.server.server_close()
    running.thread.join()


@pytest.fixture
def channel(provider: Provider) -> HttpChannel:
    made = HttpChannel(provider.url, token="secret", sender="UBND")
    made.step_seconds, made.total_seconds = 0.3, 0.5
    return made


def test_a_message_is_handed_over_with_token_sender_and_key(channel: HttpChannel, provider: Provider) -> None:
    receipt = channel.send("+84912345678", "Xin chào", key="k1")
    assert (receipt.reference, receipt.is_sent) == ("id-1", True)
    (request,) = provider.requests
    assert request["path"] == "/send?v=1"
    assert request["body"] == {"to": "+84912345678", "text": "Xin chào", "sender": "UBND", "key": "k1"}
    assert request["headers"]["Authorization"] == "Bearer secret"
    assert request["headers"]["Idempotency-Key"] == "k1"


@pytest.mark.parametrize("code", [500, 503, 401, 302])
def test_faults_of_the_service_are_tried_again(channel: HttpChannel, provider: Provider, code: int) -> None:
    provider.answers = [status(code)]
    with pytest.raises(TryLater) as problem:
        channel.send("+84912345678", "x", key="k")
    assert str(code) in str(problem.value)
    assert "912345678" not in str(problem.value)


@pytest.mark.parametrize("code", [400, 404, 422])
def test_a_message_that_is_refused_is_not_tried_again(
    channel: HttpChannel, provider: Provider, code: int
) -> None:
    provider.answers = [status(code)]
    with pytest.raises(Refused):
        channel.send("+84912345678", "x", key="k")


def test_a_full_service_says_when_to_come_back(channel: HttpChannel, provider: Provider) -> None:
    moment = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=90))
    found = []
    for raw in ("120", moment, "soon", "-5", "99999999"):
        provider.answers = [status(429, Retry_After=raw)]
        with pytest.raises(TryLater) as problem:
            channel.send("+84912345678", "x", key="k")
        found.append(problem.value.after)
    assert found[0] == 120
    assert 60 < found[1] <= 90
    assert found[2:] == [None, None, 6 * 3600]


@pytest.mark.parametrize("answer", [slow, drip])
def test_a_slow_service_does_not_hold_a_worker(
    channel: HttpChannel, provider: Provider, answer: Callable[[Any], None]
) -> None:
    provider.answers = [answer]
    begin = time.monotonic()
    with pytest.raises(TryLater):
        channel.send("+84912345678", "x", key="k")
    # a busy machine is slow; to hear the answer out takes half a minute
    assert time.monotonic() - begin < 10


def test_a_lost_answer_makes_no_second_message(channel: HttpChannel, provider: Provider) -> None:
    provider.answers = [lost_answer]
    with pytest.raises(TryLater):
        channel.send("+84912345678", "x", key="k")
    assert channel.send("+84912345678", "x", key="k").reference == "id-1"
    assert provider.sent == {"k": "x"}


def test_a_key_that_was_taken_before_counts_as_sent(channel: HttpChannel, provider: Provider) -> None:
    provider.answers = [duplicate]
    assert channel.send("+84912345678", "x", key="k").is_sent


def test_nobody_listening_is_tried_again(free_port: Callable[[], int]) -> None:
    with pytest.raises(TryLater):
        HttpChannel(f"http://127.0.0.1:{free_port()}/").send("+84912345678", "x", key="k")


@pytest.mark.django_db
def test_the_outbox_goes_through_a_bad_day_with_one_message_each(
    provider: Provider, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = provider.url, "secret", "UBND"
    event = make_event(make_office())
    for number in range(2):
        make_registration(event, phone=f"+8491234567{number}")
    provider.answers = [status(429, Retry_After="1800"), lost_answer, ok]
    now = timezone.now()
    assert delivery.send_due(now=now) == 0
    assert len(provider.requests) == 1, "a service that is full is left alone"
    first = Message.objects.order_by("pk")[0]
    assert first.due_at >= now + datetime.timedelta(seconds=1800)
    for hours in (1, 2, 3):
        delivery.send_due(now=now + datetime.timedelta(hours=hours))
    rows = list(Message.objects.order_by("pk"))
    assert [(row.state, row.parts) for row in rows] == [("sent", 1), ("sent", 1)]
    assert provider.sent == {str(row.key): row.text for row in rows}
    assert all(text.isascii() for text in provider.sent.values())
    assert "91234567" not in caplog.text


# --- what it costs ---


@pytest.mark.parametrize(
    ("text", "characters", "parts"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("[" * 80, 160, 1),
        ("ế" * 70, 70, 1),
        ("ế" * 71, 71, 2),
        ("ế" * 135, 135, 3),
        ("😀" * 35, 70, 1),
    ],
)
def test_parts_are_counted_as_the_network_counts_them(text: str, characters: int, parts: int) -> None:
    cost = sms.cost(text)
    assert (cost.characters, cost.parts) == (characters, parts)


def test_accents_are_taken_off_and_capitals_kept() -> None:
    assert sms.plain("Đắk Ơ – “Bù Gia Mập”…") == 'Dak O - "Bu Gia Map"...'
    assert sms.plain("S’tiêng 😀") == "S'tieng ?"


def test_a_log_shows_no_whole_number(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert not LogChannel().send("+84912345678", "Mã ABC", key="k").is_sent
    assert "912345678" not in caplog.text
    assert "ABC" not in caplog.text
    assert masked("+84912345678") == "+84******678"


def test_the_environment_chooses_the_channel(settings: Any) -> None:
    assert isinstance(channels.phone_channel(), LogChannel)
    settings.SMS_URL = "https://sms.example.vn/send"
    assert isinstance(channels.phone_channel(), HttpChannel)


@pytest.mark.parametrize(
    "raw", ["ftp://a/b", "http://sms.example.vn/send", "https://user:x@a/", "https:///x", "https://a/#x"]
)
def test_a_wrong_address_stops_the_start(raw: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parsers.endpoint(raw)


@pytest.mark.parametrize("raw", ["", "https://sms.example.vn/send?x=1", "http://127.0.0.1:8080/send"])
def test_a_right_address_is_kept(raw: str) -> None:
    assert parsers.endpoint(raw) == raw
