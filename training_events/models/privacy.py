"""Who looked at personal data, what was asked for, and how long an office keeps them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from training_events.models.pool import SeatPool


class PersonalDataAccess(models.Model):
    """One look of staff at personal data, and every answer to a person's request. It holds none of the data itself."""

    class Kind(models.TextChoices):
        LIST = "list", _("list")
        DETAIL = "detail", _("one registration")
        EXPORT = "export", _("export")
        PRINT = "print", _("printed list")
        DOOR = "door", _("at the door")
        SEARCH = "search", _("search for a person")
        COPY = "copy", _("copy for the person")
        ERASURE = "erasure", _("erased at the person's request")

    #: Answers to requests: proof that they were answered, kept longer than looks at lists.
    REQUESTS = (Kind.COPY, Kind.ERASURE)

    at = models.DateTimeField(_("when"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Kept as text: the trace outlives the account.
    user_name = models.CharField(_("name of the staff"), max_length=150, blank=True)
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    pool = models.ForeignKey(
        SeatPool, verbose_name=_("event"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: A number and no foreign key: the trace outlives the registration.
    registration_id = models.BigIntegerField(_("number of the registration"), null=True, blank=True)
    count = models.PositiveIntegerField(_("registrations shown"), default=0)
    detail = models.CharField(_("details"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user_name})"


@register_setting(icon="lock", order=300)
class RetentionSettings(BaseSiteSetting):
    """How long an office keeps registrations where an event says nothing else."""

    keep_days = models.PositiveSmallIntegerField(
        _("keep registrations for (days)"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last session; each event may say otherwise. Then only numbers remain."),
    )
    keep_contact_days = models.PositiveSmallIntegerField(
        _("keep phone numbers and email addresses for (days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last session. Empty: as long as the registration."),
    )

    panels = [FieldPanel("keep_days"), FieldPanel("keep_contact_days")]

    class Meta:
        verbose_name = _("how long personal data are kept")

    def __str__(self) -> str:
        return f"{self.keep_days}"
