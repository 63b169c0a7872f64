"""The people of a party in a form: a block of fields for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training_events.forms import fields, questions
from training_events.models import Participant
from training_events.questions import Asked
from training_events.services.party import PersonData


@dataclass(frozen=True, slots=True)
class Block:
    """One person's part of a form."""

    number: int
    legend: str
    fields: list[Any]


@dataclass(slots=True)
class People:
    """Adds blocks of fields to a form and reads them."""

    form: Any
    asked: Sequence[Asked]
    birth_year: bool
    numbers: list[int] = field(default_factory=list)

    def add(
        self,
        number: int,
        row: Participant | None = None,
        *,
        has_name: bool = True,
        hint: Any = "",
        lenient: bool = False,
    ) -> None:
        """Add the block of person ``number``.

        Args:
            number: counted from 1.
            row: the participant as stored, for a form that changes it.
            has_name: whether to ask for the name (that of the contact is asked already).
            hint: what to say below the name.
            lenient: whether nothing is required yet, because the person was not asked before.
        """
        prefix = f"p{number}-"
        self.numbers.append(number)
        added: dict[str, forms.Field] = {}
        if has_name:
            added[f"{prefix}name"] = fields.NameField(
                label=_("Full name"), max_length=100, required=False, initial=row.name if row else "", help_text=hint,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
            )  # fmt: skip
        if self.birth_year:
            added[f"{prefix}year"] = fields.YearField(
                label=_("Year of birth"), required=False, initial=row.birth_year if row else None,
                error_messages={"invalid": _("Please enter the year with four digits, for example 1985.")},
            )  # fmt: skip
        stored = stored_answers(row)
        for question in self.asked:
            built = questions.build_field(question, stored.get(question.key))
            if lenient:
                built.required = built.widget.is_required = False
            added[questions.field_name(question, prefix)] = built
        self.form.fields.update(added)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks for the template."""
        for number in self.numbers:
            prefix = f"p{number}-"
            found = [self.form[name] for name in self.form.fields if name.startswith(prefix)]
            yield Block(number, gettext("Person %(number)s") % {"number": number}, found)

    def read(self, number: int, row: Participant | None = None, name: str | None = None) -> PersonData:
        """Return what a valid form says about person ``number``."""
        prefix, data = f"p{number}-", self.form.cleaned_data
        return PersonData(
            name=data.get(f"{prefix}name", "") if name is None else name,
            birth_year=data.get(f"{prefix}year") if self.birth_year else (row.birth_year if row else None),
            answers=questions.answers_of(self.form, self.asked, prefix, stored_answers(row)),
            key=row.key if row else None,
        )


def stored_answers(row: Any) -> Mapping[Any, Any]:
    """Return the answers of a participant or registration by question."""
    if row is None or row.pk is None:
        return {}
    of_party = not isinstance(row, Participant)
    rows = row.answers.all()
    return {one.question_key: one for one in rows if not of_party or one.participant_id is None}
