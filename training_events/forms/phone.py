"""The forms that staff fill in for somebody who calls: the questions of the public forms, in words for staff."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django import forms
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.taxonomy import source_language
from training_events import consent
from training_events.forms.change import ChangeForm
from training_events.forms.registration import RegistrationForm
from training_events.models import Registration, SeatPool
from training_events.services.registration import RegistrationData

#: The browser must not offer the clerk's own name and number.
_FOREIGN = ("name", "phone", "email", "organisation_name")


def _reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Only to go past a rule: registration closed, a larger group, more people than seats. It stays in the history."
        ),
    )  # fmt: skip


def _speak_to_staff(form: Any) -> None:
    for name in _FOREIGN:
        if name in form.fields:
            form.fields[name].widget.attrs["autocomplete"] = "off"
    form.fields["phone"].help_text = _("Usually the number that the call comes from; ask for a better one.")
    form.fields["email"].help_text = _("Only if the person wants the code by email as well.")
    form.fields["place"].label = _("Commune")


class PhoneForm(RegistrationForm):
    """The registration form as a clerk fills it in during a call.

    No trap for programs: the clerk is signed in. Who may publish the class may go past its rules with a reason.
    """

    has_time_trap = False
    first_hint = _("Leave this empty if it is the contact.")

    def __init__(self, *args: Any, pool: SeatPool, may_exceed: bool, **kwargs: Any) -> None:
        """Fit the form to the event and to what the clerk may do.

        Args:
            *args: as for any form.
            pool: the event's seats and rules.
            may_exceed: whether the clerk may go past the rules with a reason.
            **kwargs: as for RegistrationForm.
        """
        self.may_exceed = may_exceed
        super().__init__(*args, pool=pool, **kwargs)
        del self.fields["website"]
        if may_exceed:
            self.fields["reason"] = _reason_field()
        _speak_to_staff(self)
        labels = Registration.Registrant.labels
        if "registrant" in self.fields:
            choices: Any = self.fields["registrant"]
            words = dict(zip(Registration.Registrant.values, labels, strict=True))
            choices.label = _("Who is to be registered?")
            choices.choices = [(value, capfirst(str(words[value]))) for value, _label in choices.choices]
        if pool.takes_people:
            self.fields["name"].label = _("Full name of the contact")
        if "group" in self.fields:
            self.fields["group"].label = _(
                "Seats are held back for some groups. Does the person belong to one?"
            )
        self.fields["consent"].label = _("The person has heard this and agrees.")
        self.fields["consent"].error_messages["required"] = _(
            "Please read the sentence about personal data aloud and tick the box."
        )

    @property
    def largest(self) -> int:
        """The most people that the form takes: more than the event allows only from those who may decide that."""
        return Registration.LARGEST_PARTY if self.may_exceed else self.pool.max_party

    def _consent(self, office: str, keep_until: datetime.date) -> str:
        """Return the sentence in the language in which the clerk speaks to people, not that of the clerk's screens."""
        with translation.override(source_language()):
            return super()._consent(office, keep_until)

    def _offer_sizes(self) -> None:
        super()._offer_sizes()
        if "party_size" not in self.fields:
            return
        wrong = _("The largest group of this class is %(count)s.") % {"count": self.largest}
        self.fields["party_size"] = forms.IntegerField(
            label=_("Number of people"), min_value=1, max_value=self.largest,
            help_text=_("Largest group: %(count)s. All get seats together, or all wait together.")
            % {"count": self.pool.max_party},
            error_messages={"max_value": wrong, "min_value": _("At least one person has to come.")},
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
        if "other_names" in self.fields:
            self.fields["other_names"].help_text = _(
                "One name on each line. They may also be given on the day."
            )

    def registration_data(self) -> RegistrationData:
        """Return what the services need: said on the phone, with the sentence that was read aloud."""
        said = consent.read_aloud(self.consent_text)
        data = super().registration_data()
        return dataclasses.replace(data, source=Registration.Source.PHONE, consent_text=said)


class StaffChangeForm(ChangeForm):
    """The change form as staff fill it in for somebody, past the rules with a reason where they may."""

    def __init__(self, *args: Any, row: Registration, may_exceed: bool, **kwargs: Any) -> None:
        """Fill the form with what is stored.

        Args:
            *args: as for any form.
            row: the registration.
            may_exceed: whether the member of staff may go past the rules with a reason.
            **kwargs: as for ChangeForm.
        """
        super().__init__(*args, row=row, **kwargs)
        if may_exceed:
            self.fields["reason"] = _reason_field()
        _speak_to_staff(self)
        if not row.is_organisation:
            self.fields["name"].label = _("Full name of the contact")
        most = (Registration.LARGEST_PARTY if may_exceed else row.pool.max_party) - row.party_size
        self.fields.pop("add", None)
        if most > 0:
            self.fields["add"] = forms.IntegerField(
                label=type(self).base_fields["add"].label, required=False, min_value=0, max_value=most, initial=0,
                help_text=type(self).base_fields["add"].help_text,
                error_messages={"max_value": _("At most %(count)s people can be added.") % {"count": most}},
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
