"""Taking what a device did while it was without network: each action has a key, and may come twice, late or in another order."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import dates, vietnamese
from core.models import Place
from core.taxonomy import source_rows
from training_events import phones
from training_events.models import CheckInWay, Participant, Registration
from training_events.services import attendance, door, door_undo, history
from training_events.services.attendance import Outcome, Tap
from training_events.services.desk import Desk, Guest
from training_events.services.door import DoorProblem

#: Actions of one request; a device sends more in several requests.
LARGEST_BATCH = 200
_KEY_LENGTH = (8, 40)
_WAYS = {CheckInWay.NAME, CheckInWay.PHONE, CheckInWay.CODE, CheckInWay.QR}


@dataclass(frozen=True, slots=True)
class Clock:
    """The server's time of this request and how far the device's clock is behind it."""

    now: datetime.datetime
    offset: datetime.timedelta
    earliest: datetime.datetime

    def read(self, raw: Any) -> datetime.datetime:
        """Return a device's time (milliseconds since 1970) as the server's, never in the future nor long before the session."""
        try:
            at = datetime.datetime.fromtimestamp(float(raw) / 1000, datetime.UTC) + self.offset
        except (TypeError, ValueError, OverflowError, OSError):
            return self.now
        return min(self.now, max(at, self.earliest))


def clock(desk: Desk, sent_at: Any, now: datetime.datetime) -> Clock:
    """Return the clock of a request that a device says it sent at ``sent_at`` (milliseconds since 1970)."""
    earliest = min(now, desk.session.starts_at) - datetime.timedelta(hours=12)
    zero = datetime.timedelta()
    try:
        sent = datetime.datetime.fromtimestamp(float(sent_at) / 1000, datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return Clock(now, zero, earliest)
    return Clock(now, now - sent, earliest)


def apply(desk: Desk, action: Any, time: Clock) -> dict[str, Any]:
    """Do one action of a device and return its key, what became of it and, where staff have to know, why (in words).

    ``state`` is ``done`` (also for what was done before), ``conflict`` (it counts, or rightly does not, but staff should read
    the words) or ``problem`` (nothing was done; it may be sent again with a reason).

    Args:
        desk: the door.
        action: parsed JSON, not trusted.
        time: the clock of this request.
    """
    key = ""
    try:
        key = _key(action["key"])
        sentence = _VERBS[action["kind"]](desk, key, action, time)
    except DoorProblem as problem:
        return {"key": key, "state": "problem", "trouble": problem.trouble, "text": problem.sentence}
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
        text = _("This entry could not be read. Please enter it once more.")
        return {"key": key, "state": "problem", "trouble": "unreadable", "text": text}
    return {"key": key, "state": "conflict" if sentence else "done", "text": sentence}


def _check_in(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    person = door.find(desk, uuid.UUID(str(action["person"])))
    way = action.get("way")
    tap = Tap(key, time.read(action.get("at")), way if way in _WAYS else CheckInWay.NAME)
    outcome = door.present(desk, person, tap, now=time.now, reason=_text(action.get("reason"), 300))
    row = person.registration
    if outcome is Outcome.DONE and not row.is_current:
        return _(
            "%(name)s is marked as present, but the registration was cancelled on %(date)s at %(time)s."
        ) % {
            "name": _name_of(person),
            "date": dates.date_label(row.cancelled_at or time.now),
            "time": dates.time_label(row.cancelled_at or time.now),
        }
    if outcome is Outcome.ALREADY:
        standing = attendance.standing(person, desk.session_keys)
        if standing is None:  # taken back at another door this very moment
            return ""
        words = {"name": _name_of(person), "time": dates.time_label(standing.checked_in_at)}
        if standing.user_name and standing.user_name != history.staff(desk.user).name:
            return _("%(name)s was checked in by %(by)s as well. The first time counts: %(time)s.") % {
                **words,
                "by": standing.user_name,
            }
        return _("%(name)s was checked in twice. The first time counts: %(time)s.") % words
    return ""


def _undo(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    person = door.find(desk, uuid.UUID(str(action["person"])))
    raw = action["taps"]
    if not isinstance(raw, list) or len(raw) > LARGEST_BATCH:
        raise ValueError("taps")
    # a tap of a walk-in is the walk-in's key with the number of the person
    keys = {str(one)[:64] for one in raw if isinstance(one, str) and len(one) >= _KEY_LENGTH[0]}
    is_absent = attendance.take_back(
        person, desk.session_keys, keys=keys, now=time.now, by=history.staff(desk.user)
    )
    standing = None if is_absent else attendance.standing(person, desk.session_keys)
    if standing is None:
        return ""
    return _("%(name)s stays present: %(by)s checked the person in at %(time)s.") % {
        "name": _name_of(person),
        "by": standing.user_name or _("another device"),
        "time": dates.time_label(standing.checked_in_at),
    }


def _guest(key: str, action: dict[str, Any]) -> Guest:
    name = " ".join(vietnamese.to_nfc(_text(action["name"], 100)).split())
    if not any(char.isalpha() for char in name):
        raise ValueError("name")
    if action.get("agreed") is not True:
        raise DoorProblem(
            door.Trouble.CLOSED, _("Please read the sentence about personal data aloud and tick the box.")
        )
    raw_phone = _text(action.get("phone"), 30)
    try:
        phone = phones.parse(raw_phone) if raw_phone else ""
    except ValueError:
        raise DoorProblem(
            door.Trouble.PARTY, _("The phone number of %(name)s is not right.") % {"name": name}
        ) from None
    place = None
    if commune := action.get("commune"):
        place = source_rows(Place).filter(translation_key=uuid.UUID(str(commune))).first()
    people = int(action.get("people") or 1)
    if not 1 <= people <= Registration.LARGEST_PARTY:
        raise ValueError("people")
    return Guest(key, name, phone, people, place, _text(action.get("reason"), 300))


def _walk_in(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    guest = _guest(key, action)
    tap = Tap(key, time.read(action.get("at")), CheckInWay.WALK_IN)
    row = door.walk_in(desk, guest, tap, now=time.now)
    twins = Registration.objects.filter(pool=desk.pool).same_person(name=row.contact_name, phone=row.phone)
    twin = twins.exclude(pk=row.pk).first() if row.phone else None
    if twin is None:
        return ""
    return _(
        "%(name)s is entered, but somebody with this name and number is registered already: %(code)s."
    ) % {
        "name": row.contact_name,
        "code": twin.shown_code,
    }


def _by_phone(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    guest = _guest(key, action)
    if not guest.phone:
        raise DoorProblem(door.Trouble.PARTY, _("Please enter the phone number of the person who calls."))
    row = door.by_phone(desk, guest, now=time.now)
    if row.is_waiting:
        return _("%(name)s is on the waiting list: all seats are taken. Code: %(code)s.") % {
            "name": row.contact_name,
            "code": row.shown_code,
        }
    return ""


def _name(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    person = door.find(desk, uuid.UUID(str(action["person"])))
    name = " ".join(vietnamese.to_nfc(_text(action["name"], 100)).split())
    if not any(char.isalpha() for char in name):
        raise ValueError("name")
    door.name(desk, person, name, now=time.now)
    return ""


def _withdraw(desk: Desk, key: str, action: dict[str, Any], time: Clock) -> str:
    stays = door_undo.withdraw(desk, _key(action["entry"]), now=time.now)
    if stays is None:
        return ""
    return _("%(name)s stays on the list: somebody else checked the person in as well.") % {
        "name": stays.contact_name
    }


_VERBS = {
    "check_in": _check_in,
    "undo": _undo,
    "walk_in": _walk_in,
    "by_phone": _by_phone,
    "name": _name,
    "withdraw": _withdraw,
}


def _key(raw: Any) -> str:
    low, high = _KEY_LENGTH
    if not isinstance(raw, str) or not low <= len(raw) <= high or not raw.replace("-", "").isalnum():
        raise ValueError("key")
    return raw


def _text(raw: Any, longest: int) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise TypeError("text")
    return raw.replace("\x00", "").strip()[:longest]


def _name_of(person: Participant) -> str:
    return person.name or person.registration.contact_name
