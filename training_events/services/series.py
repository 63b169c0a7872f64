"""Series and the classes below them."""

from __future__ import annotations

from training_events.models import EventPage, EventSeriesPage, Registration
from training_events.services import pools


def refresh(event: EventPage) -> EventSeriesPage | None:
    """Bring the dates of the series above ``event`` up to date, and its pool with them; nothing for other events.

    Returns:
        The series, where there is one.
    """
    if not event.is_in_series:
        return None
    above = EventSeriesPage.objects.filter(translation_key=event.seats_key, locale=event.locale_id).first()
    if above is None:
        return None
    renew(above)
    return above


def renew(page: EventSeriesPage) -> None:
    """Bring the dates of a series up to date with its classes, and its pool with them.

    Args:
        page: just read from the database, so that nothing older is kept of its classes.
    """
    page.save(update_fields=["starts_at", "ends_at"])
    if page.live:
        pools.sync_pool(page)


def settle(event: EventPage) -> None:
    """Give an event that was moved the seats of its new place in the tree."""
    key = event.find_pool_key()
    if key != event.pool_key:
        EventPage.objects.filter(pk=event.pk).update(pool_key=key)
        event.pool_key = key
        event._state.fields_cache.pop("seat_pool", None)
        refresh(event)
        if event.live:
            pools.sync_pool(event)


def has_own_registrations(event: EventPage) -> bool:
    """Whether somebody registered for this very event: it cannot become part of a series any more."""
    return Registration.objects.current().filter(pool__event_key=event.translation_key).exists()
