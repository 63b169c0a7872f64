"""What editors change about dates and places reaches those who have seats; opinions lose their words with their person."""

from typing import Any

from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from wagtail.signals import page_unpublished

from training_events.models import EventPage, Feedback, Registration
from training_events.models.pages import event_saved
from training_events.services import schedule, series


@receiver(event_saved, sender=EventPage, dispatch_uid="training_events.sync_schedule")
def event_changed(instance: EventPage, **_kwargs: Any) -> None:
    """Notice new dates and places of a live event, in its series as well: now that its sessions are written, all can be read."""
    series.refresh(instance)
    schedule.sync(instance)


@receiver(page_unpublished, sender=EventPage, dispatch_uid="training_events.class_unpublished")
def class_unpublished(instance: EventPage, **_kwargs: Any) -> None:
    """A class that is taken down leaves the dates of its series."""
    if instance.is_in_series:
        schedule.sync(instance)


@receiver(post_delete, sender=EventPage, dispatch_uid="training_events.class_deleted")
def class_deleted(instance: EventPage, **_kwargs: Any) -> None:
    """A class that is deleted leaves its series; Wagtail says that it was unpublished while it is still there."""
    above = series.refresh(instance)
    if above is not None:
        schedule.sync(above)


@receiver(pre_delete, sender=Registration, dispatch_uid="training_events.forget_words")
def forget_words(instance: Registration, **_kwargs: Any) -> None:
    """Of an opinion the mark stays, as a number without a person; words may name somebody."""
    Feedback.objects.filter(registration=instance).update(text="")
