"""Certificates of attendance and what remains of them for those who check one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from training_events import codes
from training_events.models.participant import Participant
from training_events.models.pool import SeatPool


class Certificate(models.Model):
    """What an office confirmed of one person.

    The row outlives the registration, which is deleted after some months, and holds what the public page shows and no more: the
    name with initials only. The full name stands on the paper.
    """

    code = models.CharField(_("verification code"), max_length=codes.CERTIFICATE_LENGTH, unique=True)
    #: Kept with withdrawn ones too: erasing the person's data finds them.
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    pool = models.ForeignKey(
        SeatPool, verbose_name=_("event"), on_delete=models.PROTECT, related_name="certificates"
    )
    short_name = models.CharField(_("shortened name"), max_length=100)
    title = models.CharField(_("title"), max_length=255)
    organiser = models.CharField(_("organiser"), max_length=200, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    attended = models.PositiveSmallIntegerField(_("sessions attended"))
    sessions = models.PositiveSmallIntegerField(_("sessions held"))
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("issued by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    keep_until = models.DateField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        ordering = ["issued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(withdrawn_at__isnull=True, participant__isnull=False),
                name="one_valid_certificate",
            )
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        """The code in groups, easier to copy from paper."""
        return codes.shown_certificate(self.code)

    @property
    def is_valid(self) -> bool:
        """Whether the office still stands by it."""
        return self.withdrawn_at is None
