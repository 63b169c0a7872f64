"""A provider that takes messages by HTTP: one JSON request for each, with an idempotency key.

Request: ``POST`` with ``Authorization: Bearer <token>`` and ``Idempotency-Key: <key>``, body
``{"to": "+84…", "text": "…", "sender": "…", "key": "…"}``. Answer: 2xx, optionally ``{"id": "…"}``. Providers of SMS
and of Zalo messages differ in the names of fields; a small relay in front of them, or a subclass with its own ``_body``,
translates.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import json
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from training_events.channels.base import Receipt, Refused, TryLater

_LARGEST_ANSWER = 65_536
#: Longer than that nobody is left alone, whatever the other side asks for.
_LONGEST_PAUSE = 6 * 3600


class HttpChannel:
    """Hands messages to a provider."""

    #: Seconds for one step of the conversation, and for all of it, far below the lease of a worker.
    step_seconds = 10.0
    total_seconds = 30.0

    def __init__(self, url: str, *, token: str = "", sender: str = "", with_accents: bool = False) -> None:
        self._parts = urlsplit(url)
        self._token = token
        self._sender = sender
        self.with_accents = with_accents

    def send(self, phone: str, text: str, *, key: str) -> Receipt:
        """Hand the message over; see Channel.send."""
        try:
            status, headers, answer = self._post(self._body(phone, text, key), key)
        except TimeoutError as problem:
            raise TryLater("the message service did not answer in time") from problem
        except (OSError, http.client.HTTPException) as problem:
            # also an answer that was lost: the key keeps the next attempt from being a second message
            raise TryLater(f"the message service cannot be reached ({type(problem).__name__})") from problem
        return self._read(status, headers, answer)

    def _body(self, phone: str, text: str, key: str) -> dict[str, Any]:
        return {"to": phone, "text": text, "sender": self._sender, "key": key}

    def _post(self, body: dict[str, Any], key: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=self.step_seconds)
        # a server that drips its answer keeps every single step within its time
        guard = threading.Timer(self.total_seconds, _hang_up, [connection])
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        path = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
        guard.start()
        try:
            connection.request("POST", path, json.dumps(body).encode(), headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read(_LARGEST_ANSWER)
        finally:
            guard.cancel()
            connection.close()

    @staticmethod
    def _read(status: int, headers: http.client.HTTPMessage, answer: bytes) -> Receipt:
        if 200 <= status < 300 or status == 409:  # 409: this key was taken before
            return Receipt(_reference(answer))
        if status in (400, 404, 410, 413, 422):
            raise Refused(f"the message service refuses this message (HTTP {status})")
        # 401, 403, redirects: set up wrongly, which is no fault of the person's number
        raise TryLater(
            f"the message service answers with HTTP {status}", after=_pause(headers.get("Retry-After"))
        )


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _reference(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    return str(found.get("id", ""))[:100] if isinstance(found, dict) else ""


def _pause(raw: str | None) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110 section 10.2.3: seconds or a date), None where it says nothing."""
    if not raw:
        return None
    if raw.strip().isascii() and raw.strip().isdigit():
        return min(float(raw.strip()), _LONGEST_PAUSE)
    try:
        moment = email.utils.parsedate_to_datetime(raw)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return min(max(0.0, (moment - timezone.now()).total_seconds()), _LONGEST_PAUSE)
