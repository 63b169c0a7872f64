"""What an editor decides about registering, and the panels for it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField

from training_events.models.pool import EventStatus, Registrants


class RegistrationRules(models.Model):
    """Seats, window and conditions of registering, as fields of a page."""

    seats = models.PositiveSmallIntegerField(
        _("seats"), null=True, blank=True,
        help_text=_("Empty: no limit. When you raise the number, parties on the waiting list move up at once."),
    )  # fmt: skip
    waiting_list = models.BooleanField(
        _("keep a waiting list"),
        default=True,
        help_text=_("When all seats are taken, people may still join a waiting list."),
    )
    max_party = models.PositiveSmallIntegerField(
        _("largest group"), default=5, validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("How many people one contact may register at once."),
    )  # fmt: skip
    registration_opens_at = models.DateTimeField(
        _("registration opens"),
        null=True,
        blank=True,
        help_text=_("Empty: as soon as the page is published."),
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when the first session begins.")
    )
    staff_only = models.BooleanField(
        _("for staff only"), default=False,
        help_text=_("Officials register after signing in; residents see the event but no form."),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.SCHEDULED)
    registrants = models.CharField(
        _("who registers"), max_length=13, choices=Registrants, default=Registrants.PEOPLE
    )
    approval = models.BooleanField(
        _("staff approve registrations"), default=False,
        help_text=_("A registration keeps its seats from the start; you approve it or give the seats back to others."),
    )  # fmt: skip
    held_until = models.DateTimeField(
        _("seats are held back until"), null=True, blank=True,
        help_text=_("From this moment on, seats held back and not taken are given to everybody. Empty: never."),
    )  # fmt: skip
    ask_birth_year = models.BooleanField(
        _("ask for years of birth"), default=False,
        help_text=_("Only if the class is planned by age. Nobody has to answer."),
    )  # fmt: skip
    keep_days = models.PositiveSmallIntegerField(
        _("keep registrations for (days)"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last session. Empty: as the office decided, otherwise 90 days."),
    )  # fmt: skip
    keep_contact_days = models.PositiveSmallIntegerField(
        _("keep phone numbers and email addresses for (days)"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last session. Empty: as the office decided, otherwise as long as the registration."),
    )  # fmt: skip
    certificate = models.BooleanField(
        _("give certificates of attendance"), default=False,
        help_text=_("For people who were checked in at enough sessions."),
    )  # fmt: skip
    certificate_sessions = models.PositiveSmallIntegerField(
        _("sessions needed for a certificate"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Empty: all sessions."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a registration window that closes before it opens."""
        super().clean()
        opens, closes = self.registration_opens_at, self.registration_closes_at
        if opens and closes and closes <= opens:
            raise ValidationError({"registration_closes_at": _("Registration must close after it opens.")})

    @property
    def status_in_force(self) -> str:
        """Whether the event takes place; what the editor stated, unless the page says otherwise (a series: its classes)."""
        return self.status

    @property
    def is_postponed(self) -> bool:
        """Whether the event, or the series that it belongs to, waits for a new date, as published."""
        page: Any = self
        return EventStatus.POSTPONED in (self.status, page.seat_pool.status)

    def pool_rules(self) -> dict[str, Any]:
        """Return what the pool copies from the page."""
        page: Any = self
        status = self.status_in_force
        is_postponed = status == EventStatus.POSTPONED
        return {
            "title": page.title,
            "capacity": self.seats,
            "status": status,
            "starts_at": None if is_postponed else page.starts_at,
            "ends_at": None if is_postponed else page.ends_at,
            "opens_at": self.registration_opens_at,
            "closes_at": self.registration_closes_at,
            "waiting_list": self.waiting_list,
            "max_party": self.max_party,
            "staff_only": self.staff_only,
            "registrants": self.registrants,
            "approval": self.approval,
            "held_until": self.held_until,
            "ask_birth_year": self.ask_birth_year,
            "keep_days": self.keep_days,
            "keep_contact_days": self.keep_contact_days,
        }


#: Rules hold in every language alike: a translation takes them from its source.
SYNCHRONIZED_RULES = [
    SynchronizedField(field.name, overridable=False) for field in RegistrationRules._meta.local_fields
]

RULE_PANELS = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("seats"), FieldPanel("max_party")]),
            FieldPanel("waiting_list"),
            FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_at")]),
            FieldRowPanel([FieldPanel("registrants"), FieldPanel("staff_only")]),
            FieldPanel("approval"),
        ],
        heading=_("Registration"),
    ),
    InlinePanel(
        "held_seats",
        heading=_("Seats held back"),
        label=_("seats held back"),
        help_text=_("They count among the seats of the event and go to the named commune or group only."),
    ),
    FieldPanel("held_until"),
    InlinePanel(
        "questions",
        heading=_("Questions of this event"),
        label=pgettext_lazy("event", "question"),
        help_text=_("Name, phone number and commune are always asked. Ask only what the class needs."),
    ),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("certificate"), FieldPanel("certificate_sessions")])],
        heading=_("Certificates of attendance"),
    ),
    MultiFieldPanel(
        [FieldPanel("ask_birth_year"), FieldPanel("keep_days"), FieldPanel("keep_contact_days")],
        heading=_("Personal data"),
    ),
]
