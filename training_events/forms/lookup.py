"""Looking a registration up."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training_events import codes


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
