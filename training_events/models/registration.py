"""A registration: one party, its contact, its consent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from training_events import codes, phones
from training_events.models.pool import SeatPool, SeatReserve
from training_events.querysets import RegistrationQuerySet


class Registration(models.Model):
    """One party: a contact and as many participants as seats, all with seats or all waiting."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("has a seat")
        PENDING = "pending", _("seat kept, to be approved")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", _("registration cancelled")
        REFUSED = "refused", _("not approved")

    class Registrant(models.TextChoices):
        PERSON = "person", _("person or household")
        BUSINESS = "business", _("business")
        COOPERATIVE = "cooperative", _("co-operative or production group")
        ORGANISATION = "organisation", _("other organisation")

    class Source(models.TextChoices):
        WEB = "web", _("website")
        PHONE = "phone", _("by phone")
        WALK_IN = "walk_in", _("at the door")

    #: Those that hold seats, and those that are still in play.
    HOLDING = (Status.CONFIRMED, Status.PENDING)
    ENDED = (Status.CANCELLED, Status.REFUSED)
    #: What even staff cannot go past: a slip of the keyboard must not book a hall.
    LARGEST_PARTY = 200

    pool = models.ForeignKey(
        SeatPool, verbose_name=_("event"), on_delete=models.PROTECT, related_name="registrations"
    )
    reserve = models.ForeignKey(
        SeatReserve, verbose_name=_("seats held back"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="registrations",
    )  # fmt: skip
    #: Key of the seats held back for the group that the party says it belongs to, whichever seats it has (``reserve``).
    group_key = models.UUIDField(null=True, blank=True, editable=False)
    code = models.CharField(_("registration code"), max_length=codes.LENGTH, unique=True)
    token = models.CharField(_("secret of the link"), max_length=64, unique=True, default=codes.new_token)
    idempotency_key = models.CharField(_("key of the form"), max_length=64, unique=True)
    sequence = models.PositiveIntegerField(_("order of arrival"))
    status = models.CharField(_("status"), max_length=10, choices=Status)
    party_size = models.PositiveSmallIntegerField(_("number of people"), default=1)
    registrant = models.CharField(
        _("registered as"), max_length=12, choices=Registrant, default=Registrant.PERSON
    )
    organisation_name = models.CharField(_("name of the organisation"), max_length=200, blank=True)
    organisation_key = models.CharField(max_length=200, blank=True, editable=False)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    contact_name = models.CharField(_("full name"), max_length=100)
    contact_key = models.CharField(_("name for searching"), max_length=100, editable=False)
    phone = models.CharField(_("phone number"), max_length=16)
    email = models.EmailField(_("email"), blank=True)
    place = models.ForeignKey(
        "core.Place",
        verbose_name=_("commune"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=10, default="vi")
    source = models.CharField(_("how it arrived"), max_length=10, choices=Source, default=Source.WEB)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("registered by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    consent_text = models.TextField(_("consent given"))
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consented_at = models.DateTimeField(_("consent given at"))
    created_at = models.DateTimeField(_("registered at"))
    moved_up_at = models.DateTimeField(_("given a seat from the waiting list at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    keep_until = models.DateField(_("kept until"), db_index=True)
    #: Days after the last session that the party agreed to: for everything, and for phone number and email (None: as long).
    kept_days = models.PositiveSmallIntegerField(_("days kept"), null=True, editable=False)
    contact_days = models.PositiveSmallIntegerField(_("days the contact is kept"), null=True, editable=False)
    #: Grows with every change, so that a form filled in before a change cannot undo it unseen.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "sequence"], name="registration_arrival"),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="registration_party_not_empty"),
        ]
        indexes = [
            models.Index(fields=["pool", "status", "sequence"], name="registration_queue"),
            models.Index(fields=["pool", "phone"], name="registration_phone"),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store names in NFC with the folded form that duplicates and searches are found by."""
        self.contact_name = vietnamese.to_nfc(self.contact_name)
        self.contact_key = vietnamese.fold(self.contact_name)[:100]
        self.organisation_name = vietnamese.to_nfc(self.organisation_name)
        self.organisation_key = vietnamese.fold(self.organisation_name)[:200]
        if (fields := kwargs.get("update_fields")) is not None:
            derived = {"contact_name": "contact_key", "organisation_name": "organisation_key"}
            kwargs["update_fields"] = [*fields, *(derived[name] for name in fields if name in derived)]
        super().save(*args, **kwargs)

    @property
    def is_confirmed(self) -> bool:
        """Whether the party has its seats for good."""
        return self.status == self.Status.CONFIRMED

    @property
    def is_pending(self) -> bool:
        """Whether the party's seats are kept until staff approve the registration."""
        return self.status == self.Status.PENDING

    @property
    def is_waiting(self) -> bool:
        """Whether the party is on the waiting list."""
        return self.status == self.Status.WAITING

    @property
    def is_cancelled(self) -> bool:
        """Whether the registration was cancelled."""
        return self.status == self.Status.CANCELLED

    @property
    def is_refused(self) -> bool:
        """Whether staff did not approve the registration."""
        return self.status == self.Status.REFUSED

    @property
    def is_current(self) -> bool:
        """Whether the registration is neither cancelled nor refused."""
        return self.status not in self.ENDED

    @property
    def holds_seats(self) -> bool:
        """Whether the party's seats are counted as taken."""
        return self.status in self.HOLDING

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation registered, with the contact as its representative."""
        return self.registrant != self.Registrant.PERSON

    @property
    def shown_phone(self) -> str:
        """The phone number as people here write it."""
        return phones.shown(self.phone)

    @property
    def shown_code(self) -> str:
        """The code in two groups, easier to read aloud and to copy by hand."""
        return codes.shown(self.code)

    @property
    def people(self) -> list[Any]:
        """The participants in their order, read once where they were prefetched."""
        return sorted(self.participants.all(), key=lambda row: row.position)

    @property
    def other_name_list(self) -> list[str]:
        """Names of the participants besides the contact, as far as they are known."""
        return [row.name for row in self.people if row.name and row.name != self.contact_name]

    @property
    def times_present(self) -> int:
        """How often people of the party were present, over all sessions; read once where it was prefetched."""
        return sum(len(one.attendances.all()) for one in self.people)

    @property
    def position(self) -> int | None:
        """Place on the waiting list, counted in parties from 1; None for a party that does not wait."""
        if not self.is_waiting:
            return None
        return (
            type(self).objects.filter(pool=self.pool_id).waiting().filter(sequence__lte=self.sequence).count()
        )
