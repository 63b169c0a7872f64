"""Lists for spreadsheet programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from core.taxonomy import localized
from training_events.models import Registration

#: Without this mark Excel reads UTF-8 as the machine's old code page and shows "Nguy?n V?n A" (wagtail issue 13071).
BOM = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Return text that a spreadsheet program never takes for a formula (wagtail issue 3466)."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def registrations_csv(rows: Iterable[Registration]) -> str:
    """Return registrations as CSV that Excel opens with Vietnamese intact. Times are those of the site's time zone."""
    out = io.StringIO(BOM)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            _("Order of arrival"),
            _("Registration code"),
            _("Status"),
            _("Full name"),
            _("Phone number"),
            _("Number of people"),
            _("Names of the others"),
            _("Commune"),
            _("Email"),
            _("Registered at"),
        ]
    )
    for row in rows:
        cells = [
            row.sequence,
            row.code,
            row.get_status_display(),
            row.contact_name,
            row.shown_phone,
            row.party_size,
            "; ".join(row.other_name_list),
            localized(row.place) or "",
            row.email,
            f"{timezone.localtime(row.created_at):%d/%m/%Y %H:%M}",
        ]
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
