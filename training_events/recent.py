"""What this browser registered a moment ago, so that somebody who goes back and corrects a number is asked, not registered twice.

A signed cookie for the registration pages with the numbers of the rows, no name and no phone number, for a quarter of an hour:
in a village hall the next family uses the same telephone. It decides nothing, it only lets the form ask.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from training_events.models import Registration

COOKIE = "vua-dang-ky"
MINUTES = 15
#: Registrations that are remembered; the oldest leave.
MOST = 10
_signer = signing.TimestampSigner(salt="training_events.recent")


@dataclass(frozen=True, slots=True)
class Recent:
    """Keys of rows that this browser registered for one event, and when the last of them was sent (aware; None: nothing)."""

    rows: tuple[int, ...] = ()
    at: datetime.datetime | None = None


def read(request: HttpRequest, event_key: uuid.UUID) -> Recent:
    """Return what the browser registered for the event in the last minutes; nothing where the cookie is old or was changed."""
    value = request.COOKIES.get(COOKIE, "")
    try:
        key, rows = _signer.unsign(value, max_age=MINUTES * 60).split(".")
        numbers = tuple(int(one) for one in rows.split("-"))
        seconds = signing.b62_decode(value.rsplit(":", 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return Recent()
    if key != event_key.hex:
        return Recent()
    return Recent(numbers, datetime.datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()))


def remember(request: HttpRequest, response: HttpResponse, row: Registration) -> HttpResponse:
    """Let the browser that sent ``request`` remember that it registered ``row``; return ``response``."""
    earlier = read(request, row.pool.event_key).rows
    rows = [*(one for one in earlier if one != row.pk), row.pk][-MOST:]
    response.set_cookie(
        COOKIE,
        _signer.sign(f"{row.pool.event_key.hex}.{'-'.join(map(str, rows))}"),
        max_age=MINUTES * 60,
        path=_path(),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def same_name(request: HttpRequest, event_key: uuid.UUID, name_key: str, form: str) -> Registration | None:
    """Return the current registration of the folded name that this browser sent a moment ago, with another form than ``form``.

    Args:
        request: of the browser.
        event_key: the event's key.
        name_key: the contact's name without marks.
        form: idempotency key of the form at hand: sent twice at once, it is no second form.
    """
    rows = read(request, event_key).rows
    if not rows:
        return None
    found = Registration.objects.current().filter(pool__event_key=event_key, contact_key=name_key)
    return found.filter(pk__in=rows).exclude(idempotency_key=form).order_by("-pk").first()


def _path() -> str:
    """Return the folder of the registration pages in every language: they lie below the site's root or a language's folder."""
    return reverse("training_events:lookup").rsplit("/", 2)[0] + "/"
