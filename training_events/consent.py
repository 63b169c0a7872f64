"""The consent that a registration asks for: the exact text, its version, and when it was given are stored with it.

Law 91/2025/QH15 and Decree 356/2025: consent is provable, never given by default, and says what is kept, why and how long.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from core import dates
from core.taxonomy import source_language
from training_events import retention

if TYPE_CHECKING:
    from training_events.models import SeatPool

#: Raise it whenever the words below change, so that a stored consent can be traced to its text.
VERSION = "2026-11"


def text(*, office: str, keep_until: datetime.date) -> str:
    """Return the sentence that people agree to, in the active language.

    Args:
        office: name of the office that keeps the data.
        keep_until: last day on which they are kept.
    """
    return _(
        "I agree that %(office)s uses what I have entered to give out seats and to reach me about this class. "
        "It is kept until the end of %(date)s and then deleted."
    ) % {"office": office, "date": dates.date_label(keep_until)}


def spoken(pool: SeatPool, *, office: str, now: datetime.datetime) -> str:
    """Return what staff read to somebody at the door, as it is stored with the registration.

    In the source language, in which people are spoken to, whatever language the screens of the member of staff have.
    """
    with translation.override(source_language()):
        return read_aloud(text(office=office, keep_until=retention.keep_until(pool, now=now)))


def read_aloud(said: str) -> str:
    """Return the sentence ``said`` as it is stored where staff read it to somebody who agreed."""
    with translation.override(source_language()):
        return _("Read aloud by staff and agreed to: %(text)s") % {"text": said}
