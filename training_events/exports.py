"""The registrations and participants of an event as tables for spreadsheet programs."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates
from core.taxonomy import localized
from training_events.models import Answer, Participant, Registration
from training_events.presence import Presence
from training_events.spreadsheets import Sheet
from training_events.wordings import Wordings


@dataclass(frozen=True, slots=True)
class _Column:
    """A question in the words that were answered, whatever the language. One that was reworded has a column for each wording."""

    key: uuid.UUID
    wording: str


def _column(one: Answer, words: Wordings) -> _Column:
    return _Column(one.question_key, words.label(one.question_key, one.wording))


def _columns(answers: Iterable[Answer], *, with_sensitive: bool) -> tuple[list[_Column], Wordings]:
    """Return the questions in the order in which they were first answered, and their words."""
    shown = [one for one in answers if with_sensitive or not one.sensitive]
    words = Wordings(one.question_key for one in shown)
    order: dict[uuid.UUID, int] = {}
    found: dict[_Column, None] = {}
    for one in sorted(shown, key=lambda answer: answer.pk):
        order.setdefault(one.question_key, len(order))
        found.setdefault(_column(one, words))
    return sorted(found, key=lambda column: order[column.key]), words


def _cells(answers: Iterable[Answer], columns: Sequence[_Column], words: Wordings) -> list[str]:
    given = {_column(one, words): words.shown(one) for one in answers}
    return [given.get(column, "") for column in columns]


def _moment(value: datetime.datetime | None) -> str:
    """Return ``2026-11-24 07:30`` in the site's time zone: it sorts as text and no program reads it another way round."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def registrations(rows: Sequence[Registration], *, with_sensitive: bool = False) -> Sheet:
    """Return one row for each party.

    Args:
        rows: with ``place``, ``registered_by``, ``participants`` and ``answers`` fetched.
        with_sensitive: whether answers that the law protects more strictly are included.
    """
    party = {row.pk: [one for one in row.answers.all() if one.participant_id is None] for row in rows}
    columns, words = _columns((one for some in party.values() for one in some), with_sensitive=with_sensitive)
    headings = [
        _("Order of arrival"), _("Registration code"), _("Status"), _("Registered as"), _("Name of the organisation"),
        _("Tax code"), _("Full name"), _("Phone number"), _("Number of people"), _("Names of the others"), _("Commune"),
        _("Email"), _("How it arrived"), _("Registered at"), _("Registered by"), _("Seat given at"), _("Cancelled at"),
        _("Kept until"), *(column.wording for column in columns),
    ]  # fmt: skip
    return Sheet(
        _("Registrations"),
        headings,
        [
            [
                row.sequence, row.code, row.get_status_display(), row.get_registrant_display(), row.organisation_name,
                row.tax_code, row.contact_name, row.shown_phone, row.party_size, "; ".join(row.other_name_list),
                str(localized(row.place) or ""), row.email, row.get_source_display(), _moment(row.created_at),
                str(row.registered_by or ""), _moment(row.moved_up_at), _moment(row.cancelled_at), row.keep_until.isoformat(),
                *_cells(party[row.pk], columns, words),
            ]
            for row in rows
        ],
    )  # fmt: skip


def participants(rows: Sequence[Registration], presence: Presence, *, with_sensitive: bool = False) -> Sheet:
    """Return one row for each person, with a column of attendance for each session.

    Args:
        rows: with ``place`` and ``participants__answers`` fetched.
        presence: who came to which session.
        with_sensitive: whether answers that the law protects more strictly are included.
    """
    people: list[tuple[Registration, Participant]] = [(row, one) for row in rows for one in row.people]
    columns, words = _columns(
        (answer for _row, one in people for answer in one.answers.all()), with_sensitive=with_sensitive
    )
    headings = [
        _("Order of arrival"), _("Registration code"), _("Status"), _("Number in the party"), _("Full name"),
        _("Year of birth"), _("Registered by (contact)"), _("Phone number"), _("Commune"),
        *(f"{dates.date_label(session.starts_at)} {dates.time_short(session.starts_at)}" for session in presence.sessions),
        *(column.wording for column in columns),
    ]  # fmt: skip
    return Sheet(
        _("Participants"),
        headings,
        [
            [
                row.sequence, row.code, row.get_status_display(), one.position, one.name, one.birth_year,
                row.contact_name, row.shown_phone, str(localized(row.place) or ""),
                *(presence.word(row, one, session) for session in presence.sessions),
                *_cells(one.answers.all(), columns, words),
            ]
            for row, one in people
        ],
    )  # fmt: skip
