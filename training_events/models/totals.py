"""What is left of registrations once they are deleted: numbers that lead to nobody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from training_events.models.pool import SeatPool


class Dimension(models.TextChoices):
    """By what people are counted."""

    ALL = "all", _("all together")
    SESSION = "session", _("session")
    PLACE = "place", _("commune")
    VENUE = "venue", _("commune of the venue")
    AUDIENCE = "audience", _("audience")
    SKILL = "skill", _("digital literacy group")
    AGE = "age", _("age group")
    SOURCE = "source", _("how it arrived")
    REGISTRANT = "registrant", _("registered as")


class EventTotal(models.Model):
    """People of one event in one group, by what became of them; registrations that still exist are not in it.

    Each dimension is counted by itself: groups of groups ("women over 60 from one hamlet who cancelled") would name people.
    Groups of fewer than ``retention.SMALLEST_GROUP`` people are merged before they are written.
    """

    pool = models.ForeignKey(SeatPool, on_delete=models.CASCADE, related_name="totals")
    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    #: Slug of a term, key of a session, name of an age group or source; empty where nothing was stated.
    value = models.CharField(_("group"), max_length=120, blank=True)
    #: The words for it at that time: they outlive the term.
    label = models.CharField(_("name of the group"), max_length=255, blank=True)
    parties = models.PositiveIntegerField(_("registrations"), default=0)
    registered = models.PositiveIntegerField(_("people registered"), default=0)
    seated = models.PositiveIntegerField(_("people with a seat"), default=0)
    waiting = models.PositiveIntegerField(_("people waiting"), default=0)
    cancelled = models.PositiveIntegerField(_("people who cancelled"), default=0)
    attended = models.PositiveIntegerField(_("people who came"), default=0)
    absent = models.PositiveIntegerField(_("people who did not come"), default=0)

    class Meta:
        verbose_name = _("total of an event")
        verbose_name_plural = _("totals of events")
        ordering = ["pool", "dimension", "value"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "dimension", "value"], name="eventtotal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.label or self.get_dimension_display()}"
