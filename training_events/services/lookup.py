"""Finding a registration by what a person has at hand: its code and the last digits of the phone number."""

import hmac

from wagtail.models import Site

from core import limits
from training_events import phones
from training_events.models import Registration

#: Wrong tries per code and quarter of an hour. Counted by code, never by address: a village hall shares one.
MAX_TRIES = 10
WINDOW_SECONDS = 15 * 60
_SCOPE = "training_events.lookup"


class TooManyTries(Exception):
    """The code was tried too often in a short time."""


def find(site: Site, code: str, digits: str) -> Registration | None:
    """Return the registration of an event of ``site``, None where code and digits do not belong together.

    An unknown code is answered as slowly and in the same words as wrong digits, so that codes cannot be felt out.

    Args:
        site: the office whose events are searched.
        code: as stored (capitals, no blanks).
        digits: the last four digits of the phone number.

    Raises:
        TooManyTries: after MAX_TRIES wrong tries within WINDOW_SECONDS.
    """
    who = f"{site.pk}:{code}"
    if limits.hits(_SCOPE, who) >= MAX_TRIES:
        raise TooManyTries
    row = Registration.objects.of_site(site).select_related("pool").filter(code=code).first()
    expected = phones.last_digits(row.phone) if row else "----"
    if hmac.compare_digest(expected.encode(), digits.encode()) and row is not None:
        return row
    limits.hit(_SCOPE, who, WINDOW_SECONDS)
    return None
