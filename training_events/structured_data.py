"""schema.org data of an event (https://schema.org/Event), as search engines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training_events.availability import Availability, Kind

if TYPE_CHECKING:
    from training_events.models import EventPage

_STATUS = {
    Kind.CANCELLED: "https://schema.org/EventCancelled",
    Kind.POSTPONED: "https://schema.org/EventPostponed",
}


def for_event(page: EventPage, common: dict[str, Any]) -> dict[str, Any]:
    """Return ``common`` (what all pages share) with time, place, organiser, status and the free offer added."""
    pool = page.seat_pool
    state = page.availability()
    moved = pool.rescheduled_from if not page.is_in_series else None
    usual = "https://schema.org/EventRescheduled" if moved else "https://schema.org/EventScheduled"
    data = {
        **common,
        "eventStatus": _STATUS.get(state.kind, usual),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": page.organiser}
        if page.organiser
        else common.get("publisher"),
        "offers": _offer(page, state),
    }
    if moved:
        data["previousStartDate"] = moved.isoformat()
    rows = [row for row in page.session_rows if not row.note] or page.session_rows
    if rows:
        # of a postponed event the earlier date stays until there is a new one (schema.org/EventPostponed)
        data["startDate"] = min(row.starts_at for row in rows).isoformat()
        data["endDate"] = max(row.ends_at for row in rows).isoformat()
    if page.where or page.venue_address:
        address = {"@type": "PostalAddress", "addressCountry": "VN"}
        if page.venue_address:
            address["streetAddress"] = page.venue_address
        if page.place_name:
            address["addressLocality"] = page.place_name
        data["location"] = {"@type": "Place", "name": page.venue_name or page.where, "address": address}
    if pool.capacity is not None:
        data["maximumAttendeeCapacity"] = pool.capacity
        data["remainingAttendeeCapacity"] = state.seats_left
    if page.trainer:
        data["performer"] = {"@type": "Person", "name": page.trainer}
    return data


def _offer(page: EventPage, state: Availability) -> dict[str, Any]:
    """Return the free offer; a waiting list is no stock, and an event that is over or off offers nothing any more.

    Seats that can be had later are in stock: ``validFrom`` says from when.
    """
    offer = {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "VND",
        "url": page.full_url,
        "availability": "https://schema.org/InStock"
        if state.kind is Kind.OPEN or (state.kind is Kind.NOT_OPEN and state.seats_left != 0)
        else "https://schema.org/SoldOut",
    }
    pool = page.seat_pool
    if pool.opens_at:
        offer["validFrom"] = pool.opens_at.isoformat()
    if pool.deadline:
        offer["validThrough"] = pool.deadline.isoformat()
    return offer
