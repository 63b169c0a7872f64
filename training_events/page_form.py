"""The form in which editors write an event."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.forms import ContentPageForm


class EventPageForm(ContentPageForm):
    """Refuses to promise more seats than the class has, or to hold them back beyond the start."""

    def clean(self) -> dict[str, Any]:
        """Compare the seats held back and the sessions, as they stand in the same form, with the fields."""
        cleaned: dict[str, Any] = super().clean()
        until, begins = cleaned.get("held_until"), self._begins()
        if until and begins and until > begins:
            text = _(
                "The class begins before that. Please choose a moment before the first session, so that others can still come."
            )
            self.add_error("held_until", text)
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

    def _begins(self) -> datetime.datetime | None:
        """Return when the first session begins as the form says it (aware); for a series also its classes."""
        forms = self.formsets["sessions"].forms if "sessions" in self.formsets else []
        rows = [form.cleaned_data for form in forms if form.is_valid()]
        moments = [row["starts_at"] for row in rows if row.get("starts_at") and not row.get("DELETE")]
        moments += [one.starts_at for one in getattr(self.instance, "classes", []) if one.starts_at]
        return min(moments, default=None)
