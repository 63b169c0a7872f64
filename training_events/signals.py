"""Publishing an event brings its pool up to date."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from training_events.models import EventPage
from training_events.services import pools


@receiver(post_save, sender=EventPage, dispatch_uid="training_events.sync_pool")
def sync_pool(instance: EventPage, raw: bool, update_fields: Any = None, **_kwargs: Any) -> None:
    """Copy the rules of a live page. Saving a draft writes named columns only and must not reach the seats."""
    if instance.live and not raw and update_fields is None:
        pools.sync_pool(instance)
