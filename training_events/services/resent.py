"""A form that was sent again: does it say what is stored, or was something corrected on it in between?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from training_events.models import Answer, Registration
from training_events.services import party
from training_events.services.party import AnswerData
from training_events.services.registration import RegistrationData, sent_before

#: Names of a form's fields and of the registration's, where they are the same thing as it is stored.
_PLAIN = ("party_size", "email", "organisation_name", "tax_code")


def sent_by(key: str, said: Mapping[str, Any]) -> Registration | None:
    """Return the registration that a form with this key made, if the same contact sent it; also where rules refuse it by now.

    Args:
        key: the form's key, empty where it has none.
        said: what could be read of the form: at least ``name`` and ``phone`` (E.164) of the contact.
    """
    row = sent_before(key) if key else None
    is_same = row is not None and (said.get("name"), said.get("phone")) == (row.contact_name, row.phone)
    return row if is_same else None


def seems_corrected(said: Mapping[str, Any], row: Registration) -> bool:
    """Return whether what could be read of a refused form says anything else than ``row``; what could not be read is left out."""
    place = said.get("place", row.place)
    return place != row.place or any(
        said.get(name, getattr(row, name)) != getattr(row, name) for name in _PLAIN
    )


def differs(data: RegistrationData, row: Registration) -> bool:
    """Return whether a form says anything else than the registration that was made with its key.

    Nothing of it is applied: which of two forms was filled in last cannot be known, one may have been under way for long, and the
    registration may have been changed elsewhere since. Whoever sent it is told instead.
    """
    stated = (
        *(data.name, data.phone, data.party_size, data.email, data.place.pk if data.place else None),
        *(data.registrant, data.organisation_name, data.tax_code, data.group),
    )
    stored = (
        *(row.contact_name, row.phone, row.party_size, row.email, row.place_id),
        *(row.registrant, row.organisation_name, row.tax_code, row.group_key),
    )
    return stated != stored or _people_differ(data, row)


def _people_differ(data: RegistrationData, row: Registration) -> bool:
    answers: dict[int | None, list[Answer]] = defaultdict(list)
    for answer in row.answers.all():
        answers[answer.participant_id].append(answer)
    stored = [(one.name, one.birth_year, _said(answers[one.pk])) for one in row.people]
    stated = [(one.name, one.birth_year, _said(one.answers)) for one in party.seated(row, data.people)]
    return stored != stated or _said(answers[None]) != _said(data.answers)


def _said(answers: Iterable[Answer | AnswerData]) -> dict[Any, Any]:
    return {one.question_key: (one.kind, party.meaning(one)) for one in answers}
