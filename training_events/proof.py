"""Proof of work for forms, by the ALTCHA protocol (https://altcha.org/docs/v2/server-integration/), made and checked here.

The server states the digest of a salt and a secret number; the browser finds the number by trying, which costs a phone about a
second and a program that sends thousands of forms far more. No third party is asked and nothing is stored: the salt
names the form's own key, so a solution serves for one form, and one form makes one registration however often it is sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

#: On average half as many digests are tried; a slow phone manages some thirty thousand a second.
MAX_NUMBER = 60_000
VALID_SECONDS = 3600
_ALGORITHM = "SHA-256"


def challenge(form_key: str, *, now: float | None = None) -> str:
    """Return the challenge for the form with this key as JSON (algorithm, challenge, maxnumber, salt, signature).

    Args:
        form_key: the signed key of the form.
        now: the moment in seconds since 1970; the present when not given.
    """
    expires = int((now or time.time()) + VALID_SECONDS)
    # it ends in "&": otherwise digits could be moved from the number to the salt (CVE-2025-68113)
    salt = f"{secrets.token_hex(8)}?expires={expires}&form={_digest(form_key)}&"
    number = secrets.randbelow(MAX_NUMBER)
    digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
    return json.dumps(
        {
            "algorithm": _ALGORITHM,
            "challenge": digest,
            "maxnumber": MAX_NUMBER,
            "salt": salt,
            "signature": _sign(digest),
        }
    )


def verify(payload: str, form_key: str, *, now: float | None = None) -> bool:
    """Return whether ``payload`` (base64 of JSON, as ALTCHA widgets send it) solves a challenge of this form."""
    try:
        data = json.loads(base64.b64decode(payload, validate=True))
        salt, number = str(data["salt"]), int(data["number"])
        stated, signature = str(data["challenge"]), str(data["signature"])
        parameters = dict(part.split("=", 1) for part in salt.partition("?")[2].strip("&").split("&"))
        expires, form = int(parameters["expires"]), parameters["form"]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return False
    digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
    return (
        data.get("algorithm") == _ALGORITHM
        and salt.endswith("&")
        and expires >= (now or time.time())
        and hmac.compare_digest(form.encode(), _digest(form_key).encode())
        and hmac.compare_digest(digest.encode(), stated.encode())
        and hmac.compare_digest(_sign(digest).encode(), signature.encode())
    )


def question(form_key: str) -> str:
    """Return the plain question for those whose browser runs no script; it follows from the form's key."""
    first, second = _numbers(form_key)
    words = (_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"))
    return _("How much is %(first)s plus %(second)s?") % {
        "first": words[first - 2],
        "second": words[second - 2],
    }


def is_right(answer: str, form_key: str) -> bool:
    """Return whether ``answer`` answers the plain question of this form."""
    text = answer.strip()
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) == sum(_numbers(form_key))


def _numbers(form_key: str) -> tuple[int, int]:
    digest = salted_hmac("training_events.proof.question", form_key, algorithm="sha256").digest()
    return 2 + digest[0] % 8, 2 + digest[1] % 8


def _digest(form_key: str) -> str:
    return salted_hmac("training_events.proof.form", form_key, algorithm="sha256").hexdigest()[:32]


def _sign(digest: str) -> str:
    return salted_hmac("training_events.proof.signature", digest, algorithm="sha256").hexdigest()
