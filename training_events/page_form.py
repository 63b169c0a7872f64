"""The form in which editors write an event."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.forms import ContentPageForm


class EventPageForm(ContentPageForm):
    """Refuses to promise more seats than the class has."""

    def clean(self) -> dict[str, Any]:
        """Compare the seats held back, as they stand in the same form, with the number of seats."""
        cleaned: dict[str, Any] = super().clean()
        held, seats = self.formsets.get("held_seats"), cleaned.get("seats")
        if held is None or seats is None:
            return cleaned
        rows = [form.cleaned_data for form in held.forms if form.is_valid()]
        promised = sum(row.get("seats") or 0 for row in rows if not row.get("DELETE"))
        if promised > seats:
            self.add_error(
                "seats",
                _(
                    "%(held)s seats are held back, but there are only %(seats)s. "
                    "Raise the number of seats, or hold fewer back."
                )
                % {"held": promised, "seats": seats},
            )
        return cleaned
