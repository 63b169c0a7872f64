"""The sittings of an event."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import dates
from training_events.models.pool import EventStatus


class EventSession(TranslatableMixin, Orderable):
    """One sitting of an event."""

    page = ParentalKey("training_events.EventPage", on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(_("title"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    #: Status of the event or class that the session belongs to, where it was read with it (``of``).
    status: str = EventStatus.SCHEDULED

    panels = [FieldPanel("title"), FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])]
    translatable_fields = [
        TranslatableField("title"),
        SynchronizedField("starts_at", overridable=False),
        SynchronizedField("ends_at", overridable=False),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        unique_together = [("translation_key", "locale")]

    def __str__(self) -> str:
        return self.title or dates.weekday_date(self.starts_at)

    def of(self, status: str) -> EventSession:
        """Note the status of the event that the session belongs to, and return the session."""
        self.status = status
        return self

    @property
    def note(self) -> str:
        """What keeps the session from taking place, in a word for lists; empty where it does."""
        return "" if self.status == EventStatus.SCHEDULED else str(EventStatus(self.status).label)

    def clean(self) -> None:
        """Refuse a session that ends before it begins."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The session must end after it begins.")})
