"""The hidden key of a registration form: one signed value that is both the idempotency key and the time trap.

The server makes it when it shows the form, so a form sent twice carries the same key, and one sent within a moment of
being shown was filled in by a program. Nobody is locked out: a form sent too fast comes back, filled, to be sent again.
"""

from __future__ import annotations

import secrets
import time
import uuid

from django.core import signing

MINIMUM_SECONDS = 3


class BadKey(Exception):
    """The value was not made by this server for this event."""


def _signer(event_key: uuid.UUID) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"training_events.form:{event_key}")


def make(event_key: uuid.UUID) -> str:
    """Return a new key for a form of the event."""
    return _signer(event_key).sign(secrets.token_hex(16))


def read(value: str, event_key: uuid.UUID) -> tuple[str, float]:
    """Return the idempotency key and the seconds since the form was shown.

    Raises:
        BadKey: when the value was changed, is missing or belongs to another event.
    """
    try:
        key = _signer(event_key).unsign(value)
        stamp = value.rsplit(":", 2)[1]
        return key, time.time() - signing.b62_decode(stamp)
    except (signing.BadSignature, ValueError, IndexError) as problem:
        raise BadKey from problem
