"""What a party states: its people, its answers; and writing them as rows."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.models import Place
from training_events import retention
from training_events.models import Answer, Participant, QuestionKind, Registration, SeatPool, SeatReserve


@dataclass(frozen=True, slots=True)
class AnswerData:
    """One answer with the words of question and answer as the person read them."""

    question_key: uuid.UUID
    kind: str
    wording: str
    value: Any
    shown: str
    sensitive: str = ""
    keep_days: int | None = None
    #: Given to other words than an earlier answer: it replaces that one even where it says the same.
    anew: bool = False


@dataclass(frozen=True, slots=True)
class PersonData:
    """One participant; ``key`` is that of a row which exists already."""

    name: str = ""
    birth_year: int | None = None
    answers: tuple[AnswerData, ...] = ()
    key: uuid.UUID | None = None


def claims(pool: SeatPool, place: Place | None, group: uuid.UUID | None) -> list[SeatReserve]:
    """Return the seats held back that a party has a claim to: its commune's, then those of the group it says it belongs to."""
    return claims_among(SeatReserve.objects.filter(pool=pool), place, group)


def claims_among(
    reserves: Iterable[SeatReserve], place: Place | None, group: uuid.UUID | None
) -> list[SeatReserve]:
    """Return those of ``reserves`` that a party has a claim to, as ``claims`` does."""
    rows = list(reserves)
    found = [row for row in rows if place is not None and row.place_key == place.translation_key][:1]
    return found + [row for row in rows if row.place_key is None and row.key == group][:1]


def seated(row: Registration, people: Sequence[PersonData]) -> list[PersonData]:
    """Return one person for each seat of a registration, those not known without names.

    The contact is the first participant unless an organisation's representative registers others.
    """
    if not people and not row.is_organisation:
        people = [PersonData(name=row.contact_name)]
    return [*people, *[PersonData()] * row.party_size][: row.party_size]


def meaning(answer: Answer | AnswerData) -> Any:
    """Return what an answer says, whatever the words of its options were."""
    if answer.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        return [key for key, _text in answer.value or []]
    return answer.value


def add_people(
    row: Registration, people: Sequence[PersonData], pool: SeatPool, now: datetime.datetime
) -> None:
    """Write the participants of a new registration, one for each seat, and their answers."""
    listed = seated(row, people)
    rows = [
        Participant(registration=row, position=number, name=one.name, birth_year=one.birth_year).prepare()
        for number, one in enumerate(listed, start=1)
    ]
    Participant.objects.bulk_create(rows)
    for participant, one in zip(rows, listed, strict=True):
        add_answers(row, one.answers, pool, now, participant)


def add_answers(
    row: Registration,
    answers: Iterable[AnswerData],
    pool: SeatPool,
    now: datetime.datetime,
    participant: Participant | None = None,
) -> None:
    """Write answers that are not there yet."""
    Answer.objects.bulk_create(
        Answer(
            registration=row,
            participant=participant,
            question_key=one.question_key,
            kind=one.kind,
            sensitive=one.sensitive,
            wording=one.wording,
            value=one.value,
            shown=one.shown,
            answered_at=now,
            keep_days=one.keep_days,
            keep_until=retention.answer_until(pool, one.keep_days, now=now),
        )
        for one in answers
    )
