"""Finding a registration by what a person has at hand: its code and the last digits of the phone number."""

import hmac

from wagtail.models import Site

from core import limits
from core.offices import office_for_site
from training_events import phones
from training_events.models import EventPage, Registration

#: Wrong tries per code and quarter of an hour. Counted by code, never by address: a village hall shares one.
MAX_TRIES = 10
WINDOW_SECONDS = 15 * 60
_SCOPE = "training_events.lookup"


class TooManyTries(Exception):
    """The code was tried too often in a short time."""


def find(site: Site, code: str, digits: str) -> Registration | None:
    """Return the registration of an event of ``site``, or of the office that shares events with it; None where there is none.

    None also where code and digits do not belong together. An unknown code is answered as slowly and in the same words as wrong
    digits, so that codes cannot be felt out.

    Args:
        site: the office whose events are searched.
        code: as stored (capitals, no blanks).
        digits: the last four digits of the phone number.

    Raises:
        TooManyTries: after MAX_TRIES wrong tries within WINDOW_SECONDS.
    """
    # counted by the code alone: every office's website answers for a code of the province
    if limits.hits(_SCOPE, code) >= MAX_TRIES:
        raise TooManyTries
    sites = [site.pk, office_for_site(site).settings.shares_from_id]
    rows = Registration.objects.filter(code=code, pool__site__in=[one for one in sites if one is not None])
    row = rows.select_related("pool__site").first()
    expected = phones.last_digits(row.phone) if row else "----"
    if hmac.compare_digest(expected.encode(), digits.encode()) and row is not None and _is_shown(row, site):
        return row
    limits.hit(_SCOPE, code, WINDOW_SECONDS)
    return None


def _is_shown(row: Registration, site: Site) -> bool:
    """Whether the registration is one of the office itself, or for an event of another that its website shows."""
    if row.pool.site_id == site.pk:
        return True
    shown = EventPage.objects.live().public().below_site(site, with_shared=True)
    return shown.filter(translation_key=row.pool.event_key).exists()
