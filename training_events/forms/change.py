"""Changing a registration: contact, people, answers."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from training_events.forms.contact import ContactForm
from training_events.forms.people import Block, People, stored_answers
from training_events.models import Registration
from training_events.questions import Asked
from training_events.services.party import PersonData


class ChangeForm(ContactForm):
    """The registration as it stands, to be changed. Consent is not asked again: nothing is used for anything else."""

    add = forms.TypedChoiceField(
        label=_("How many more people come?"), coerce=int, required=False, empty_value="0",
        help_text=_("They get seats only if there are enough for all of them."),
        error_messages={"invalid_choice": _("Please choose one of the numbers in the list.")},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Registration, asked: Sequence[Asked] = (), **kwargs: Any) -> None:
        """Fill the form with what is stored.

        Args:
            *args: as for any form.
            row: the registration; participants and answers are read once where they were prefetched.
            asked: the event's own questions.
            **kwargs: as for any form.
        """
        initial = {
            "name": row.contact_name,
            "phone": row.shown_phone,
            "email": row.email,
            "place": row.place_id,
            "organisation_name": row.organisation_name,
            "tax_code": row.tax_code,
            "version": row.version,
            "add": 0,
        }
        stored = stored_answers(row)
        super().__init__(*args, pool=row.pool, asked=asked, stored=stored, initial=initial, **kwargs)
        self.row = row
        self.fields.pop("registrant", None)
        if row.is_organisation:
            self._keep_organisation()
        else:
            self.fields.pop("organisation_name", None)
            self.fields.pop("tax_code", None)
            self.fields["name"].help_text = ""
        if not row.phone:
            # somebody who came to the door without a telephone, or whose number was deleted when its time had come
            self.fields["phone"].required = self.fields["phone"].widget.is_required = False
        self.stored_people = row.people
        self.people = People(self, self.person_questions, row.pool.ask_birth_year)
        for number, one in enumerate(self.stored_people, start=1):
            self.people.add(number, one)
            if len(self.stored_people) > 1:
                self.fields[f"p{number}-gone"] = forms.BooleanField(label=_("Does not come"), required=False)
        room = max(0, row.pool.max_party - row.party_size)
        self.fields["add"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(count)s person", "%(count)s people", n) % {"count": n} if n else _("Nobody"))
            for n in range(room + 1)
        ]
        if not room:
            del self.fields["add"]

    def _keep_organisation(self) -> None:
        if "organisation_name" not in self.fields:
            # the event takes no organisations any more; this one keeps its registration
            for name in ("organisation_name", "tax_code"):
                # a copy: the fields of the class are those of every other form as well
                self.fields[name] = copy.deepcopy(type(self).base_fields[name])
        self.fields["organisation_name"].required = True
        self.fields["name"].label = _("Full name of the representative")
        self.fields["name"].help_text = ""

    @property
    def person_blocks(self) -> list[Block]:
        """The blocks of fields for each person, for the template."""
        return list(self.people.blocks())

    @property
    def old_answers(self) -> list[Any]:
        """Answers to questions that the event no longer asks, or now asks others of the party: kept, and shown as such."""
        asked = {(one.key, one.per_participant) for one in [*self.party_questions, *self.person_questions]}
        rows = self.row.answers.all()
        return [one for one in rows if (one.question_key, one.participant_id is not None) not in asked]

    def clean(self) -> dict[str, Any]:
        """Somebody has to be left; who does not come need not be asked anything."""
        data = super().clean() or {}
        gone = [number for number in self.people.numbers if data.get(f"p{number}-gone")]
        for number in gone:
            for name in [name for name in self.errors if name.startswith(f"p{number}-")]:
                del self.errors[name]
                data[name] = None
        if len(gone) == len(self.people.numbers) and not int(data.get("add") or 0):
            raise ValidationError(
                gettext("Nobody would be left. To give up all seats, cancel the registration."), code="empty"
            )
        return data

    def fields_to_change(self) -> dict[str, Any]:
        """Return the new values by the names of the registration's fields."""
        data = self.cleaned_data
        names = {"name": "contact_name"}
        wanted = ("name", "phone", "email", "place", "organisation_name", "tax_code")
        return {names.get(name, name): data[name] for name in wanted if name in self.fields}

    def participants(self) -> tuple[PersonData, ...]:
        """Return all people from now on: those that stay, then those that are added."""
        data = self.cleaned_data
        stay = [
            self.people.read(number, row)
            for number, row in enumerate(self.stored_people, start=1)
            if not data.get(f"p{number}-gone")
        ]
        return (*stay, *[PersonData()] * int(data.get("add") or 0))
