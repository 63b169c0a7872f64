"""What follows for a sample event: people come, give their opinion, get certificates, are deleted and stay as numbers."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from home.demo import letters
from home.demo.parties import CLERK, SAMPLE_PHONE, clerk
from training_events.models import (
    Certificate,
    CheckInWay,
    EventPage,
    EventSession,
    Feedback,
    Participant,
    PersonalDataAccess,
    Registration,
)
from training_events.services import certificates, reminders, seats, totals
from training_events.services.attendance import Tap, check_in, take_back
from training_events.services.registration import RegistrationData, register

_NAMESPACE = uuid.UUID("0d0a5c62-9a36-4a34-bb0c-5c2f1a2024ab")
_MINUTE, _DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
#: How clerks find people, in turn.
_WAYS = (CheckInWay.NAME, CheckInWay.PHONE, CheckInWay.CODE, CheckInWay.QR)
_OPINIONS = (
    (5, "Dễ hiểu, chỉ tận tay (ý kiến mẫu)."),
    (4, ""),
    (5, "Mong có thêm lớp buổi tối (ý kiến mẫu)."),
    (3, "Loa hơi nhỏ, ngồi cuối khó nghe (ý kiến mẫu)."),
    (4, ""),
    (5, ""),
    (2, "Đông quá, chưa được hỏi nhiều (ý kiến mẫu)."),
    (1, "Lớp bắt đầu trễ gần một tiếng (ý kiến mẫu)."),
)


def follow(page: EventPage, wanted: dict[str, Any], rows: list[Registration]) -> None:
    """Let an event take place and end, as far as ``wanted`` says.

    Args:
        page: the event with its present dates.
        wanted: how many ``attended`` each session, came as ``walk_ins``, were entered afterwards from the ``list`` or checked in
            by ``mistake``; how many gave their ``opinions``; ``certificates`` (how many of them were withdrawn), ``reminders``
            (whether they went out), ``looks`` (whether staff looked at everything), ``messages`` (with which troubles), and
            whether the people are ``purged``.
        rows: the registrations.
    """
    if wanted.get("attended"):
        rows = rows + _walk_ins(page, wanted.get("walk_ins", 0))
        _let_come(page, rows, wanted)
    _opinions(page, rows[: wanted.get("opinions", 0)])
    if "certificates" in wanted:
        _certificates(page, wanted["certificates"])
    if wanted.get("reminders"):
        _remind(page)
    letters.settle(page, with_troubles=bool(wanted.get("troubles")))
    if wanted.get("looks"):
        _looks(page)
    if wanted.get("purged"):
        with seats.holding(page.seat_pool.pk) as pool:
            totals.replace_by_numbers(pool, Registration.objects.filter(pool=pool), now=timezone.now())


def _key(*parts: object) -> str:
    return uuid.uuid5(_NAMESPACE, ":".join(map(str, parts))).hex


def _then(moment: datetime.datetime) -> datetime.datetime:
    """Return ``moment``, or a little earlier than now for a class of today that has not begun yet."""
    return min(moment, timezone.now() - _MINUTE)


def _walk_ins(page: EventPage, count: int) -> list[Registration]:
    """Register people who just came to the first session."""
    at = _then(page.session_rows[0].starts_at)
    return [
        register(
            page,
            RegistrationData(
                name=f"Người tới trực tiếp mẫu {number:02d}",
                phone=SAMPLE_PHONE if number % 2 else "",
                idempotency_key=_key(page.translation_key, "walk-in", number),
                consent_text="Dữ liệu mẫu, không phải người thật.",
                consent_version="mau",
                place=page.venue_place,
                source=Registration.Source.WALK_IN,
            ),
            now=at,
            by=clerk("Ở xa, đã tới tận nơi (lý do mẫu)"),
        )
        for number in range(1, count + 1)
    ]


def _let_come(page: EventPage, rows: list[Registration], wanted: dict[str, Any]) -> None:
    """Check people in at every session, one fewer each time: not everybody comes back."""
    expected = [row for row in rows if row.source != Registration.Source.WALK_IN]
    came = expected[: wanted["attended"]] + [row for row in rows if row not in expected]
    people = list(Participant.objects.filter(registration__in=came).select_related("registration"))
    by_list = wanted.get("list", 0)
    for missed, session in enumerate(page.session_rows):
        there = people[: max(0, len(people) - missed)]
        for number, person in enumerate(there):
            way = CheckInWay.LIST if number < by_list else _WAYS[number % len(_WAYS)]
            if person.registration.source == Registration.Source.WALK_IN:
                way = CheckInWay.WALK_IN
            _tap(person, session, number, way)
    for row in expected[wanted["attended"] :][: wanted.get("mistake", 0)]:
        person = row.participants.get(position=1)
        at = _tap(person, page.session_rows[0], 0, CheckInWay.NAME)
        take_back(person, page.session_rows[0].translation_key, now=at + _MINUTE, by=clerk())


def _tap(person: Participant, session: EventSession, number: int, way: str) -> datetime.datetime:
    """Check a person in, one each minute from ten minutes before the session on."""
    at = _then(session.starts_at + (number - 10) * _MINUTE)
    key = session.translation_key
    check_in(person, key, Tap(_key(person.key, key), at, way), now=at, by=clerk())
    return at


def _opinions(page: EventPage, rows: list[Registration]) -> None:
    ended = page.ends_at or timezone.now()
    Feedback.objects.bulk_create(
        Feedback(
            pool=row.pool,
            registration=row,
            score=_OPINIONS[number % len(_OPINIONS)][0],
            text=_OPINIONS[number % len(_OPINIONS)][1],
            created_at=ended + _DAY + number * _MINUTE,
        )
        for number, row in enumerate(rows)
    )


def _certificates(page: EventPage, withdrawn: int) -> None:
    """Give certificates the day after, and withdraw some of them."""
    ended = page.ends_at or timezone.now()
    certificates.give(page, user=None, now=ended + _DAY)
    given = Certificate.objects.filter(pool=page.seat_pool, withdrawn_at=None).order_by("pk")
    for one in given[:withdrawn]:
        certificates.withdraw(one, reason="Ghi nhầm tên (lý do mẫu)", now=ended + 2 * _DAY)


def _remind(page: EventPage) -> None:
    """Let the calendar send what it sends: some days before, in the morning, afterwards."""
    first, last = page.session_rows[0], page.session_rows[-1]
    begins = timezone.localtime(first.starts_at)
    for at in (
        (begins - _DAY * (page.reminder_days or 0)).replace(hour=8, minute=5),
        begins - datetime.timedelta(minutes=80),
        timezone.localtime(last.ends_at + _DAY).replace(hour=8, minute=5),
    ):
        if at < timezone.now():
            reminders.plan(now=at)


def _looks(page: EventPage) -> None:
    """Record that staff looked at the registrations in every way there is."""
    requests = {
        PersonalDataAccess.Kind.COPY: "Người dân xin bản sao thông tin của mình (lý do mẫu)",
        PersonalDataAccess.Kind.ERASURE: "Người dân xin xóa thông tin của mình (lý do mẫu)",
    }
    now, pool = timezone.now(), page.seat_pool
    people = pool.registrations.count()
    PersonalDataAccess.objects.bulk_create(
        PersonalDataAccess(
            at=now - _DAY + number * _MINUTE,
            user_name=CLERK,
            kind=kind,
            pool=pool,
            count=1 if kind in (PersonalDataAccess.Kind.DETAIL, *requests) else people,
            reason=requests.get(kind, ""),
        )
        for number, kind in enumerate(PersonalDataAccess.Kind)
    )
