"""Dates and registrations of the sample events.

Open classes must lie in the future whenever the sample is built, so their dates are days counted from that day.
"""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from core.models import Place
from core.taxonomy import source_rows
from training_events import questions
from training_events.models import (
    CheckInWay,
    EventPage,
    EventSession,
    Feedback,
    HeldSeats,
    Question,
    Registration,
    RegistrationChange,
)
from training_events.services.approval import approve
from training_events.services.attendance import Tap, check_in
from training_events.services.history import Actor
from training_events.services.party import AnswerData, PersonData
from training_events.services.registration import RegistrationData, RegistrationRefused, cancel, register

#: Visibly no real number (0900 000 000).
SAMPLE_PHONE = "+84900000000"
_NAMESPACE = uuid.UUID("0d0a5c62-9a36-4a34-bb0c-5c2f1a2024aa")


def moment(day: int, clock: str) -> datetime.datetime:
    """Return the aware datetime of ``clock`` ("7:30") ``day`` days from today, in the site's time zone."""
    hour, minute = (int(part) for part in clock.split(":"))
    date = timezone.localdate() + datetime.timedelta(days=day)
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


def set_dates(page: Any, data: dict[str, Any]) -> None:
    """Give an event its sessions and its registration window."""
    page.sessions = [
        EventSession(
            title=row.get("title") or "",
            starts_at=moment(row["day"], row["start"]),
            ends_at=moment(row["day"], row["end"]),
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("sessions") or [])
    ]
    window = data.get("registration") or {}
    if "opens" in window:
        page.registration_opens_at = moment(window["opens"], "7:00")
    if "closes" in window:
        page.registration_closes_at = moment(window["closes"], "17:00")


def set_rules(page: Any, data: dict[str, Any]) -> None:
    """Give an event its own questions and the seats that it holds back."""
    page.questions = [
        Question(
            **{name: value for name, value in row.items() if name != "options"},
            options=[
                {"type": "option", "value": text, "id": str(uuid.uuid5(_NAMESPACE, f"{row['label']}:{text}"))}
                for text in row.get("options") or []
            ],
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("questions") or [])
    ]
    page.held_seats = [
        HeldSeats(
            label=row["label"],
            seats=row["seats"],
            place=source_rows(Place).get(slug=row["place"]) if row.get("place") else None,
            sort_order=rank,
            locale=page.locale,
        )
        for rank, row in enumerate(data.get("held_seats") or [])
    ]


def register_samples(event: EventPage, wanted: dict[str, int]) -> int:
    """Fill an event with sample registrations through the services; returns how many were made.

    They arrive one minute after the other from the opening of the registration on, so that past events fill too. An event that
    takes nobody (cancelled, for staff only) stays empty.

    Args:
        event: the published event.
        wanted: parties of one that get a seat (``confirmed``) or wait (``waiting``); ``pending`` ones that are still to be
            approved; ``cancelled`` ones besides; how many ``attended`` each session, and how many gave their opinion.
    """
    opened = event.registration_opens_at or timezone.now() - datetime.timedelta(days=1)
    count = sum(wanted.get(name, 0) for name in ("confirmed", "pending", "waiting", "cancelled"))
    places = list(source_rows(Place).filter(kind=Place.Kind.COMMUNE).order_by("slug"))
    asked = questions.asked(event)
    rows: list[Registration] = []
    for number in range(1, count + 1):
        arrived = opened + datetime.timedelta(minutes=number)
        # every third comes from another commune, where nobody's commune decides over seats
        is_neighbour = number % 3 == 0 and not event.held_seats.exists()
        person = PersonData(
            name=f"Người đăng ký mẫu {number:02d}",
            birth_year=1948 + number * 11 % 58 if event.ask_birth_year else None,
        )
        data = RegistrationData(
            name=person.name,
            phone=SAMPLE_PHONE,
            idempotency_key=str(uuid.uuid5(_NAMESPACE, f"{event.translation_key}:{number}")),
            consent_text="Dữ liệu mẫu, không phải người thật.",
            consent_version="mau",
            place=places[number % len(places)] if is_neighbour and places else event.venue_place,
            people=(person,),
            answers=tuple(_answer(question, number) for question in asked if question.options),
            source=Registration.Source.PHONE if number % 4 == 0 else Registration.Source.WEB,
            registrant=_registrant(event, number),
            organisation_name=f"Hợp tác xã Mẫu {number:02d}" if _is_organisation(event, number) else "",
        )
        try:
            rows.append(register(event, data, now=arrived))
        except RegistrationRefused:
            break
    by_office = Actor(RegistrationChange.Actor.STAFF, reason="Dữ liệu mẫu")
    for row in rows[count - wanted.get("cancelled", 0) :]:
        cancel(row, now=row.created_at + datetime.timedelta(hours=1))
    if event.approval:
        for row in rows[: wanted.get("confirmed", 0)]:
            approve(row, now=row.created_at + datetime.timedelta(hours=2), by=by_office)
    _let_come(event, rows[: wanted.get("attended", 0)], by_office)
    for number, row in enumerate(rows[: wanted.get("opinions", 0)]):
        Feedback.objects.create(
            pool=row.pool,
            registration=row,
            score=(5, 4, 5, 3)[number % 4],
            text="Dễ hiểu, chỉ tận tay (ý kiến mẫu)." if number == 0 else "",
            created_at=(event.ends_at or timezone.now()) + datetime.timedelta(days=1, minutes=number),
        )
    return len(rows)


def _is_organisation(event: EventPage, number: int) -> bool:
    return event.seat_pool.takes_organisations and number % 2 == 1


def _registrant(event: EventPage, number: int) -> str:
    kinds = Registration.Registrant
    return kinds.COOPERATIVE if _is_organisation(event, number) else kinds.PERSON


def _answer(question: questions.Asked, number: int) -> AnswerData:
    """Choose one of the options, another one for each person."""
    key, text = question.options[number % len(question.options)]
    value = [[key, text]]
    return AnswerData(
        question.key, question.kind, question.label, value, text, question.sensitive, question.keep_days
    )


def _let_come(event: EventPage, rows: list[Registration], by: Actor) -> None:
    """Check people in at every session, one fewer each time: not everybody comes back."""
    for missed, session in enumerate(event.session_rows):
        for number, row in enumerate(rows[: max(0, len(rows) - missed)]):
            at = session.starts_at + datetime.timedelta(minutes=number - 10)
            person = row.participants.get()
            key = str(uuid.uuid5(_NAMESPACE, f"{person.key}:{session.translation_key}"))
            tap = Tap(key, at, CheckInWay.NAME)
            check_in(person, session.translation_key, tap, now=at, by=by)
