"""What people thought of a class."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from training_events.models.pool import SeatPool
from training_events.models.registration import Registration


class Feedback(models.Model):
    """One party's opinion of a class. When the registration is deleted, the mark stays as a number without a person."""

    SCORES = (
        (5, _("Very satisfied")),
        (4, _("Satisfied")),
        (3, _("So-so")),
        (2, _("Not satisfied")),
        (1, _("Not satisfied at all")),
    )

    pool = models.ForeignKey(
        SeatPool, verbose_name=_("event"), on_delete=models.CASCADE, related_name="feedback"
    )
    registration = models.OneToOneField(
        Registration, null=True, on_delete=models.SET_NULL, related_name="feedback", editable=False
    )
    score = models.PositiveSmallIntegerField(
        _("satisfaction"), choices=SCORES, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("in their own words"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("opinion on a class")
        verbose_name_plural = _("opinions on classes")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.score}/5"
