"""Form fields of registration: errors in words, values as they are stored."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from core.models import Place
from core.taxonomy import localized, source_rows
from training_events import phones, taxcodes

#: Nobody alive was born before.
OLDEST_BIRTH_YEAR = 1900


def communes() -> Any:
    """Return the communes and wards that forms offer (source rows)."""
    return source_rows(Place).filter(kind__in=(Place.Kind.COMMUNE, Place.Kind.WARD))


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

    def validate(self, value: str) -> None:
        """Ask for letters: a name of digits or signs is a slip."""
        super().validate(value)
        if value and not any(char.isalpha() for char in value):
            raise ValidationError(_("Please enter your full name in letters."), code="letters")


class LinesField(forms.CharField):
    """Several lines of text in NFC."""

    def to_python(self, value: Any) -> str:
        """Compose the letters before the length is measured."""
        return vietnamese.to_nfc(super().to_python(value) or "").replace("\r\n", "\n").strip()


class PhoneField(forms.CharField):
    """A phone number, cleaned to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        """Return the number in E.164."""
        text = super().clean(value)
        if not text:
            return ""  # only where the field is not required
        try:
            return phones.parse(text)
        except ValueError:
            raise ValidationError(
                _(
                    "The phone number is not right yet. A Vietnamese mobile number has 10 digits and begins with 0."
                ),
                code="phone",
            ) from None


class TaxCodeField(forms.CharField):
    """A tax code of an organisation, in its usual form."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """Return the code, or an empty string."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return taxcodes.clean(text)
        except ValueError:
            raise ValidationError(
                _(
                    "The tax code is not right yet. It has 10 digits, for a branch 13. You may leave it empty."
                ),
                code="tax_code",
            ) from None


class YearField(forms.IntegerField):
    """A year of birth."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def validate(self, value: int | None) -> None:
        """Refuse years nobody alive was born in."""
        super().validate(value)
        if value is not None and not OLDEST_BIRTH_YEAR <= value <= timezone.localdate().year:
            raise ValidationError(_("Please enter the year with four digits, for example 1985."), code="year")


class NumberField(forms.CharField):
    """A number as people here write it: 1.500 or 1,5."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> int | float | None:
        """Return the number, None for an empty field."""
        text = super().clean(value).replace(" ", "")
        if not text:
            return None
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text):
            text = text.replace(".", "")
        try:
            number = Decimal(text.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not text.isascii() or not number.is_finite() or abs(number) >= 10**12:
            raise ValidationError(_("Please enter a number, for example 12 or 1,5."), code="number")
        return int(number) if number == number.to_integral_value() else float(number)
