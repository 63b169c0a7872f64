"""Publishing an event brings its pool up to date."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_unpublished, post_page_move

from core import showing
from core.models import Place
from training_events.models import EventPage, EventSeriesPage, RetentionSettings
from training_events.services import pools, publication, purge, schedule, series, waiting


@receiver(post_save, sender=EventPage, dispatch_uid="training_events.sync_pool")
@receiver(post_save, sender=EventSeriesPage, dispatch_uid="training_events.sync_series")
def sync_pool(instance: EventPage, raw: bool, update_fields: Any = None, **_kwargs: Any) -> None:
    """Copy the rules of a live page. Saving a draft writes named columns only and must not reach the seats."""
    if instance.live and not raw and update_fields is None:
        series.refresh(instance)
        pools.sync_pool(instance)


@receiver(page_unpublished, sender=EventPage, dispatch_uid="training_events.unpublished")
@receiver(page_unpublished, sender=EventSeriesPage, dispatch_uid="training_events.unpublished_series")
@receiver(post_delete, sender=EventPage, dispatch_uid="training_events.deleted")
def taken_down(instance: EventPage, **_kwargs: Any) -> None:
    """What is taken down or deleted takes no registrations any more; a class leaves the dates of its series."""
    publication.withdraw(instance.translation_key)
    series.refresh(instance)


@receiver(post_page_move, dispatch_uid="training_events.moved")
def moved(instance: Any, parent_page_before: Any, parent_page_after: Any, **_kwargs: Any) -> None:
    """A class that is moved into a series, or out of it, changes its seats and the dates of both.

    What is moved to another office takes its slips along.
    """
    if parent_page_before.pk == parent_page_after.pk:
        return
    page = Page.objects.get(pk=instance.pk)
    event = page.specific
    if isinstance(event, EventPage):
        series.settle(event)
        left = EventSeriesPage.objects.filter(pk=parent_page_before.pk).first()
        if left is not None:
            series.renew(left)
        for one in (left, event):
            if one is not None and one.live:
                schedule.sync(one)
    events = EventPage.objects.descendant_of(page, inclusive=True)
    publication.follow(events, page.get_site(), now=timezone.now())


@receiver(post_save, sender=RetentionSettings, dispatch_uid="training_events.retention")
def retention_changed(instance: RetentionSettings, raw: bool, **_kwargs: Any) -> None:
    """A shorter time holds for the registrations that are there as well."""
    if not raw:
        purge.shorten(instance.site_id, now=timezone.now())


@receiver(post_delete, sender=Place, dispatch_uid="training_events.place_deleted")
def place_deleted(**_kwargs: Any) -> None:
    """Seats held back for a commune that is gone are everybody's: nobody could say that he is from there."""
    waiting.release_lost(now=timezone.now())


@receiver(showing.asked, dispatch_uid="training_events.showing")
def pages_that_show(instance: Any, **_kwargs: Any) -> Iterable[int] | None:
    """Return the events at a place: their cards name it."""
    if not isinstance(instance, Place):
        return None
    events = EventPage.objects.filter(venue_place__translation_key=instance.translation_key)
    return events.order_by().values_list("pk", flat=True)
