"""The forms of registration: few questions, errors in words, nothing ticked beforehand."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from core.models import Place
from core.taxonomy import localized, source_rows
from training_events import codes, consent, form_key, phones
from training_events.models import SeatPool
from training_events.services.party import PersonData
from training_events.services.registration import RegistrationData


class PlaceField(forms.ModelChoiceField):
    """A commune, by its name in the reader's language."""

    def label_from_instance(self, place: Place) -> str:
        """Return the localised name."""
        return str(localized(place))


class NameField(forms.CharField):
    """One line of text in NFC without surplus blanks."""

    def to_python(self, value: Any) -> str:
        """Compose the letters before the length is measured: decomposed ones count double."""
        return " ".join(vietnamese.to_nfc(super().to_python(value) or "").split())


class PhoneField(forms.CharField):
    """A phone number, cleaned to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        """Return the number in E.164."""
        text = super().clean(value)
        try:
            return phones.parse(text)
        except ValueError:
            raise ValidationError(
                _(
                    "The phone number is not right yet. A Vietnamese mobile number has 10 digits and begins with 0."
                ),
                code="phone",
            ) from None


class RegistrationForm(forms.Form):
    """Name, phone and consent; the rest may stay empty."""

    name = NameField(
        label=_("Your full name"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
        error_messages={"required": _("Please enter your full name.")},
    )  # fmt: skip
    phone = PhoneField(
        label=_("Phone number"), max_length=30,
        help_text=_("We call this number when something changes. Several people may use one number."),
        error_messages={"required": _("Please enter a phone number on which we reach you.")},
    )  # fmt: skip
    party_size = forms.TypedChoiceField(
        label=_("How many people come?"), coerce=int,
        help_text=_("Count yourself. All get seats together, or all wait together."),
        error_messages={"invalid_choice": _("Please choose one of the numbers in the list.")},
    )  # fmt: skip
    other_names = forms.CharField(
        label=_("Names of the others"), required=False, max_length=2000,
        help_text=_("One name on each line. You may also tell us on the day."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    place = PlaceField(
        label=_("Your commune"), required=False, queryset=Place.objects.none(), empty_label=_("Not stated"),
        error_messages={"invalid_choice": _("Please choose a commune of the list, or leave it open.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Email"), required=False, max_length=254,
        help_text=_("Only if you want the code by email as well."),
        error_messages={"invalid": _("The email address is not right yet, for example ten@example.vn. You may leave it empty.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        error_messages={
            "required": _("Please tick the box: without your consent we may not keep your registration.")
        }
    )
    website = forms.CharField(
        label=_("Leave this field empty"), required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    again = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, pool: SeatPool, office: str, keep_until: datetime.date, **kwargs: Any
    ) -> None:
        """Fit the questions to the event.

        Args:
            *args: as for any form.
            pool: the event's seats and rules.
            office: name of the office, for the consent.
            keep_until: last day on which the data are kept, for the consent.
            **kwargs: as for any form.
        """
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.consent_text = consent.text(office=office, keep_until=keep_until)
        self.fields["consent"].label = self.consent_text
        sizes = range(1, pool.max_party + 1)
        self.fields["party_size"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(count)s person", "%(count)s people", n) % {"count": n}) for n in sizes
        ]
        if pool.max_party == 1:
            del self.fields["party_size"], self.fields["other_names"]
        places = source_rows(Place).filter(kind__in=(Place.Kind.COMMUNE, Place.Kind.WARD))
        self.fields["place"].queryset = places  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Ask for letters: a name of digits or signs is a slip."""
        name = self.cleaned_data["name"]
        if not any(char.isalpha() for char in name):
            raise ValidationError(gettext("Please enter your full name in letters."), code="letters")
        return name

    def clean_other_names(self) -> str:
        """Return the names in NFC, one a line, without empty lines."""
        lines = (
            " ".join(line.split())
            for line in vietnamese.to_nfc(self.cleaned_data["other_names"]).splitlines()
        )
        return "\n".join(line[:100] for line in lines if line)

    def clean(self) -> dict[str, Any]:
        """Refuse programs kindly, and more names than people."""
        data = super().clean() or {}
        if data.get("website"):
            raise ValidationError(
                gettext("Please empty the last field of the form and send it again."), code="honeypot"
            )
        try:
            self.idempotency_key, seconds = form_key.read(data.get("key", ""), self.pool.event_key)
        except form_key.BadKey:
            self.renew_key()
            raise ValidationError(
                gettext(
                    "The form was open for too long or was changed. Everything you typed is still here: please send it again."
                ),
                code="key",
            ) from None
        if seconds < form_key.MINIMUM_SECONDS and not self.errors:
            raise ValidationError(
                gettext("That was very quick. Please check what you typed and send it again."), code="fast"
            )
        size = data.get("party_size", 1)
        if data.get("other_names") and len(data["other_names"].splitlines()) > size - 1:
            self.add_error(
                "other_names",
                gettext("There are more names here than people chosen above. Please change one of the two."),
            )
        return data

    def renew_key(self) -> None:
        """Give the form that is shown again a new key."""
        data: Any = self.data
        data = data.copy()
        data["key"] = form_key.make(self.pool.event_key)
        self.data = data

    def people(self) -> tuple[PersonData, ...]:
        """Return the participants as far as they are named, the contact first."""
        names = [self.cleaned_data["name"], *self.cleaned_data.get("other_names", "").splitlines()]
        return tuple(PersonData(name=name) for name in names)

    def registration_data(self) -> RegistrationData:
        """Return what the services need; the form must be valid."""
        data = self.cleaned_data
        return RegistrationData(
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            place=data["place"],
            party_size=data.get("party_size", 1),
            people=self.people(),
            idempotency_key=self.idempotency_key,
            consent_text=self.consent_text,
            consent_version=consent.VERSION,
        )


class LookupForm(forms.Form):
    """Code and last digits of the phone number."""

    code = forms.CharField(
        label=_("Registration code"), max_length=30, help_text=_("7 letters and digits, for example ABC 2345."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please enter the code from your slip.")},
    )  # fmt: skip
    digits = forms.CharField(
        label=_("Last 4 digits of the phone number"), max_length=10, help_text=_("The number given when registering."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Please enter the last 4 digits of the phone number.")},
    )  # fmt: skip

    def clean_code(self) -> str:
        """Return the code as it is stored."""
        return codes.clean(self.cleaned_data["code"])

    def clean_digits(self) -> str:
        """Return the four digits."""
        digits = "".join(char for char in self.cleaned_data["digits"] if char.isascii() and char.isdigit())
        if len(digits) != 4:
            raise ValidationError(gettext("Please enter exactly 4 digits."), code="digits")
        return digits
