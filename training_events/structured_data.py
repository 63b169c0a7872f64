"""schema.org data of an event (https://schema.org/Event), as search engines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training_events.availability import Kind

if TYPE_CHECKING:
    from training_events.models import EventPage

_STATUS = {
    "scheduled": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
}


def for_event(page: EventPage, common: dict[str, Any]) -> dict[str, Any]:
    """Return ``common`` (what all pages share) with time, place, organiser and the free offer added."""
    pool = page.seat_pool
    state = page.availability()
    offer = {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "VND",
        "url": page.full_url,
        "availability": "https://schema.org/InStock"
        if state.kind is Kind.OPEN
        else "https://schema.org/SoldOut",
    }
    if pool.opens_at:
        offer["validFrom"] = pool.opens_at.isoformat()
    data = {
        **common,
        "eventStatus": _STATUS[pool.status],
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": page.organiser}
        if page.organiser
        else common.get("publisher"),
        "offers": offer,
    }
    if page.starts_at and page.ends_at:
        data["startDate"] = page.starts_at.isoformat()
        data["endDate"] = page.ends_at.isoformat()
    if page.venue_name:
        data["location"] = {
            "@type": "Place",
            "name": page.venue_name,
            "address": page.venue_address or page.place_name,
        }
    if pool.capacity is not None:
        data["maximumAttendeeCapacity"] = pool.capacity
        data["remainingAttendeeCapacity"] = pool.seats_left
    if page.trainer:
        data["performer"] = {"@type": "Person", "name": page.trainer}
    return data
