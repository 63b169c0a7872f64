"""Addresses of the calendars that programs subscribe to."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from core.filters import ListingFilters
from core.taxonomy import localized

#: The filters that have a calendar of their own.
KINDS = ("dia-ban", "linh-vuc")


def links(filters: ListingFilters) -> dict[str, str]:
    """Return address and label of the calendar that fits the filters of a listing: of its place, its topic, or of all classes."""
    for kind in KINDS:
        if term := filters.values.get(kind):
            label = _("Calendar file: %(name)s") % {"name": localized(term)}
            return {
                "feed_url": reverse("training_events:feed_of", args=[kind, term.slug]),
                "feed_label": label,
            }
    return {"feed_url": reverse("training_events:feed"), "feed_label": _("Calendar file of all classes")}
