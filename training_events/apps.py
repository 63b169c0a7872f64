"""App configuration of training events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingEventsConfig(AppConfig):
    """Events and their registrations."""

    name = "training_events"
    verbose_name = _("Training events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the seats in step with what is published; answer for events in lists of pages in general."""
        from core import openings
        from training_events import message_signals, signals  # noqa: F401 - models are not ready before
        from training_events.openings import EventOpenings

        openings.register(EventOpenings())
