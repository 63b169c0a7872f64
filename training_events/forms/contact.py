"""What registering and changing have in common: the contact, the organisation, the event's questions for the party."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Place
from training_events.forms import fields, questions
from training_events.models import Registration, SeatPool
from training_events.questions import Asked

Registrant = Registration.Registrant
#: Words for the person who fills in the form.
_REGISTRANTS = {
    Registrant.PERSON: _("Myself, my household or a group of people"),
    Registrant.BUSINESS: _("A business"),
    Registrant.COOPERATIVE: _("A co-operative or production group"),
    Registrant.ORGANISATION: _("Another organisation"),
}


class ContactForm(forms.Form):
    """Name, phone, commune, e-mail; organisation where the event takes them; the event's own questions."""

    registrant = forms.ChoiceField(
        label=_("For whom do you register?"), widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose one of the options.")),
    )  # fmt: skip
    organisation_name = fields.NameField(
        label=_("Name of the organisation"), max_length=200, required=False,
        help_text=_("Only for a business, co-operative or other organisation."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    tax_code = fields.TaxCodeField(
        label=_("Tax code"), max_length=30, required=False,
        help_text=_("10 digits, for a branch 13. Only for organisations."),
    )  # fmt: skip
    name = fields.NameField(
        label=_("Your full name"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
        error_messages={"required": _("Please enter your full name.")},
    )  # fmt: skip
    phone = fields.PhoneField(
        label=_("Phone number"), max_length=30,
        help_text=_("We call this number when something changes. Several people may use one number."),
        error_messages={"required": _("Please enter a phone number on which we reach you.")},
    )  # fmt: skip
    place = fields.PlaceField(
        label=_("Your commune"), required=False, queryset=Place.objects.none(), empty_label=_("Not stated"),
        error_messages={"invalid_choice": _("Please choose a commune of the list, or leave it open.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Email"), required=False, max_length=254,
        help_text=_("Only if you want the code by email as well."),
        error_messages={"invalid": _("The email address is not right yet, for example ten@example.vn. You may leave it empty.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        pool: SeatPool,
        asked: Sequence[Asked] = (),
        stored: Any = None,
        **kwargs: Any,
    ) -> None:
        """Fit the form to the event.

        Args:
            *args: as for any form.
            pool: the event's seats and rules.
            asked: the event's own questions, all of them.
            stored: earlier answers of the party by question.
            **kwargs: as for any form.
        """
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.party_questions = [one for one in asked if not one.per_participant]
        self.person_questions = [one for one in asked if one.per_participant]
        self.stored = stored or {}
        self.fields["place"].queryset = fields.communes()  # type: ignore[attr-defined]
        self._offer_registrants()
        for question in self.party_questions:
            built = questions.build_field(question, self.stored.get(question.key))
            self.fields[questions.field_name(question)] = built

    def _offer_registrants(self) -> None:
        if not self.pool.takes_organisations:
            for name in ("registrant", "organisation_name", "tax_code"):
                del self.fields[name]
            return
        kinds = [kind for kind in _REGISTRANTS if kind != Registrant.PERSON or self.pool.takes_people]
        self.fields["registrant"].choices = [(kind.value, _REGISTRANTS[kind]) for kind in kinds]  # type: ignore[attr-defined]
        if not self.pool.takes_people:
            self.fields["organisation_name"].required = True
            self.fields["organisation_name"].help_text = ""
            self.fields["name"].label = _("Full name of the representative")
        else:
            self.fields["name"].help_text = _("For an organisation: its representative.")

    @property
    def question_fields(self) -> list[Any]:
        """The fields of the event's questions for the party, for the template."""
        return [self[questions.field_name(one)] for one in self.party_questions]

    def clean_contact(self, data: dict[str, Any]) -> None:
        """Ask for the name of an organisation, and forget what was typed about one where a person registers."""
        if "registrant" not in self.fields:
            return
        if data.get("registrant") == Registrant.PERSON:
            data["organisation_name"] = data["tax_code"] = ""
        elif not data.get("organisation_name") and "organisation_name" not in self.errors:
            self.add_error(
                "organisation_name",
                ValidationError(gettext("Please enter the name of the organisation."), code="required"),
            )

    def party_answers(self) -> tuple[Any, ...]:
        """Return the party's answers; the form must be valid."""
        return questions.answers_of(self, self.party_questions, stored=self.stored)
