"""Sample registrations, made through the services as people and clerks make them."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from core import dates
from core.models import Place
from core.taxonomy import source_rows
from training_events import questions
from training_events.models import EventPage, QuestionKind, Registration, RegistrationChange
from training_events.services import change as changing
from training_events.services.approval import approve, refuse
from training_events.services.history import HOLDER, Actor
from training_events.services.party import AnswerData, PersonData
from training_events.services.registration import RegistrationData, RegistrationRefused, cancel, register

#: Visibly no real number (0900 000 000).
SAMPLE_PHONE = "+84900000000"
#: Who the traces say it was.
CLERK = "Cán bộ mẫu"
_NAMESPACE = uuid.UUID("0d0a5c62-9a36-4a34-bb0c-5c2f1a2024aa")
_MINUTE, _HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
_TEXT = "Sẽ trả lời tại lớp (câu trả lời mẫu)"
#: Every second party of a class for organisations is one, of each kind in turn.
_ORGANISATIONS = (
    (Registration.Registrant.COOPERATIVE, "Hợp tác xã Mẫu"),
    (Registration.Registrant.BUSINESS, "Doanh nghiệp Mẫu"),
    (Registration.Registrant.ORGANISATION, "Hội nghề Mẫu"),
)


class Clerk(Actor):
    """A member of staff of the sample, which has no accounts."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name that traces keep."""
        return CLERK


def clerk(reason: str = "") -> Actor:
    """Return the sample's clerk as the one who acts."""
    return Clerk(RegistrationChange.Actor.STAFF, reason=reason)


def register_samples(event: EventPage, wanted: dict[str, Any]) -> list[Registration]:
    """Fill an event with sample registrations; returns them in the order in which they arrived.

    They arrive one minute after the other from the opening of the registration on, so that past events fill too.

    Args:
        event: the published event.
        wanted: how many parties get a seat (``confirmed``), are still to be approved (``pending``), wait (``waiting``), are
            ``refused`` or ``cancelled``; besides, how many ``gave_up`` a seat to those who wait, came in ``groups``, say they
            are ``members`` of the group that seats are held back for, wrote their ``emails``, were ``changed``, and were
            entered ``late`` by a clerk who gave a reason. ``visitors``: nobody lives in the commune of the venue.
    """
    opened = event.registration_opens_at or timezone.now() - datetime.timedelta(days=1)
    ended = wanted.get("refused", 0) + wanted.get("cancelled", 0)
    count = sum(wanted.get(name, 0) for name in ("confirmed", "pending", "waiting")) + ended
    maker = _Maker(event, wanted)
    rows: list[Registration] = []
    for number in range(1, count + 1):
        try:
            rows.append(maker.register(number, now=opened + number * _MINUTE))
        except RegistrationRefused:
            break
    refused = rows[len(rows) - ended : len(rows) - wanted.get("cancelled", 0)]
    for row in refused:
        refuse(row, now=row.created_at + 3 * _HOUR, by=clerk("Lớp dành cho người bán hàng (lý do mẫu)"))
    for row in rows[len(rows) - wanted.get("cancelled", 0) :] + rows[: wanted.get("gave_up", 0)]:
        cancel(row, now=row.created_at + 5 * _HOUR)
    if event.approval:
        for row in rows[: wanted.get("confirmed", 0)]:
            approve(row, now=row.created_at + 2 * _HOUR, by=clerk())
    for row in rows[: wanted.get("changed", 0)]:
        row.refresh_from_db()
        name = f"{row.contact_name} (đã sửa)"
        changing.change(row, {"contact_name": name}, version=row.version, now=row.created_at + 4 * _HOUR)
    closed = event.registration_closes_at or timezone.now()
    for number in range(count + 1, count + 1 + wanted.get("late", 0)):
        by = clerk("Gọi điện sau giờ đóng đăng ký, lớp còn ghế (lý do mẫu)")
        rows.append(maker.register(number, now=closed + number * _MINUTE, by=by))
    return rows


class _Maker:
    """What the parties of one event have in common."""

    def __init__(self, event: EventPage, wanted: dict[str, Any]) -> None:
        self.event, self.wanted, self.pool = event, wanted, event.seat_pool
        self.asked = questions.asked(event)
        communes = source_rows(Place).filter(kind=Place.Kind.COMMUNE).order_by("slug")
        self.others = [place for place in communes if place.pk != event.venue_place_id]
        groups = self.pool.reserves.filter(place_key=None) if self.pool.pk else []
        self.group = next((one.key for one in groups), None)
        self.has_reserves = event.held_seats.exists()

    def register(self, number: int, *, now: datetime.datetime, by: Actor | None = None) -> Registration:
        """Register party ``number``: every fourth calls the office, the others use the website.

        Raises:
            RegistrationRefused: when the event takes nobody any more.
        """
        by_phone = by is not None or number % 4 == 0
        if by is None:
            # what a clerk enters needs no approval any more
            is_entered = (by_phone and not self.event.approval) or self.event.staff_only
            by = clerk() if is_entered else HOLDER
        data = self.data(number, source=Registration.Source.PHONE if by_phone else Registration.Source.WEB)
        return register(self.event, data, now=now, by=by)

    def data(self, number: int, *, source: str) -> RegistrationData:
        """Return what party ``number`` states."""
        size = min(2 + number % 3, self.pool.max_party) if number <= self.wanted.get("groups", 0) else 1
        kind, organisation = Registration.Registrant.PERSON, ""
        if self.pool.takes_organisations and (number % 2 == 1 or not self.pool.takes_people):
            kind, name = _ORGANISATIONS[number // 2 % len(_ORGANISATIONS)]
            organisation = f"{name} {number:02d}"
        return RegistrationData(
            name=f"Người đăng ký mẫu {number:02d}",
            phone=SAMPLE_PHONE,
            email=f"nguoi.dang.ky.mau.{number:02d}@example.vn" if number <= self.wanted.get("emails", 0) else "",
            idempotency_key=str(uuid.uuid5(_NAMESPACE, f"{self.event.translation_key}:{number}")),
            consent_text="Dữ liệu mẫu, không phải người thật.",
            consent_version="mau",
            party_size=size,
            place=self.place(number),
            group=self.group if number <= self.wanted.get("members", 0) else None,
            # of a larger group the last one is named at the door
            people=tuple(self.person(number, one) for one in range(1, max(size, 2))),
            answers=tuple(_answer(one, number) for one in self.asked if not one.per_participant),
            source=source,
            registrant=kind,
            organisation_name=organisation,
        )  # fmt: skip

    def person(self, number: int, position: int) -> PersonData:
        """Return a participant of party ``number``; the first is the contact."""
        return PersonData(
            name=f"Người đăng ký mẫu {number:02d}" if position == 1 else f"Người đi cùng mẫu {number:02d}",
            birth_year=1948 + number * 11 % 58 if self.event.ask_birth_year else None,
            answers=tuple(_answer(one, number) for one in self.asked if one.per_participant),
        )

    def place(self, number: int) -> Place | None:
        """Return the commune: every third comes from another one, where no seats depend on it."""
        is_visitor = self.wanted.get("visitors") or number <= self.wanted.get("members", 0)
        is_visitor = is_visitor or (number % 3 == 0 and not self.has_reserves)
        return (
            self.others[number % len(self.others)] if is_visitor and self.others else self.event.venue_place
        )


def _answer(question: questions.Asked, number: int) -> AnswerData:
    """Return an answer as the form makes it, another one for each person where there is a choice."""
    value, shown = _value(question, number)
    return AnswerData(
        question.key, question.kind, question.label, value, shown, question.sensitive, question.keep_days
    )


def _value(question: questions.Asked, number: int) -> tuple[Any, str]:
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.CHOICES:
            first = number % len(question.options)
            chosen = question.options[first : first + (1 if question.kind == QuestionKind.CHOICE else 2)]
            return [[key, text] for key, text in chosen], "; ".join(text for _key, text in chosen)
        case QuestionKind.NUMBER:
            return str(100 + 50 * number), str(100 + 50 * number)
        case QuestionKind.DATE:
            day = timezone.localdate() + datetime.timedelta(days=10 + number)
            return day.isoformat(), dates.date_label(day)
        case QuestionKind.YES_NO:
            return number % 2 == 0, "Có" if number % 2 == 0 else "Không"
        case QuestionKind.PLACE:
            place = source_rows(Place).filter(kind=Place.Kind.COMMUNE).order_by("slug")[number % 8]
            return str(place.translation_key), str(place)
    return _TEXT, _TEXT
