"""Seats and registrations: rows of their own, never columns of a page (publishing a revision would overwrite them)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from training_events import codes, phones
from training_events.querysets import RegistrationQuerySet

if TYPE_CHECKING:
    from training_events.models.pages import EventPage


class EventStatus(models.TextChoices):
    """Whether an event takes place."""

    SCHEDULED = "scheduled", _("takes place")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")


class SeatPool(models.Model):
    """The seats of one event, shared by all its translations, with the rules in force as last published.

    ``services.seats`` is the only place that changes ``taken`` and ``arrivals``; ``services.pools`` copies the rules from the
    page, so that a registration never waits for a page and an English page never contradicts the Vietnamese one.
    """

    event_key = models.UUIDField(_("event"), unique=True, editable=False)
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("website"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    capacity = models.PositiveIntegerField(_("seats"), null=True)
    taken = models.PositiveIntegerField(_("seats taken"), default=0)
    arrivals = models.PositiveIntegerField(_("arrivals so far"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.SCHEDULED)
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    opens_at = models.DateTimeField(_("registration opens"), null=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True)
    waiting_list = models.BooleanField(_("waiting list"), default=True)
    max_party = models.PositiveSmallIntegerField(_("largest group"), default=5)
    staff_only = models.BooleanField(_("for staff only"), default=False)

    class Meta:
        verbose_name = _("seats of an event")
        verbose_name_plural = _("seats of events")

    def __str__(self) -> str:
        return self.title

    @property
    def seats_left(self) -> int | None:
        """Free seats, never negative (seats may have been lowered below those taken); None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def deadline(self) -> datetime.datetime | None:
        """The moment after which nobody registers or is moved up: the closing time, at the latest the start."""
        moments = [moment for moment in (self.closes_at, self.starts_at) if moment is not None]
        return min(moments) if moments else None


class Registration(models.Model):
    """One party: a contact and as many seats as it has members, all confirmed or all waiting."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("has a seat")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", _("registration cancelled")

    pool = models.ForeignKey(
        SeatPool, verbose_name=_("event"), on_delete=models.PROTECT, related_name="registrations"
    )
    code = models.CharField(_("registration code"), max_length=codes.LENGTH, unique=True)
    token = models.CharField(_("secret of the link"), max_length=64, unique=True, default=codes.new_token)
    idempotency_key = models.CharField(_("key of the form"), max_length=64, unique=True)
    sequence = models.PositiveIntegerField(_("order of arrival"))
    status = models.CharField(_("status"), max_length=10, choices=Status)
    party_size = models.PositiveSmallIntegerField(_("number of people"), default=1)
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
    other_names = models.TextField(_("names of the others"), blank=True, help_text=_("One on each line."))
    language = models.CharField(_("language"), max_length=10, default="vi")
    consent_text = models.TextField(_("consent given"))
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consented_at = models.DateTimeField(_("consent given at"))
    created_at = models.DateTimeField(_("registered at"))
    moved_up_at = models.DateTimeField(_("given a seat from the waiting list at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    keep_until = models.DateField(_("kept until"), db_index=True)

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
        super().save(*args, **kwargs)

    @property
    def is_confirmed(self) -> bool:
        """Whether the party has its seats."""
        return self.status == self.Status.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        """Whether the party is on the waiting list."""
        return self.status == self.Status.WAITING

    @property
    def is_cancelled(self) -> bool:
        """Whether the registration was cancelled."""
        return self.status == self.Status.CANCELLED

    @property
    def shown_phone(self) -> str:
        """The phone number as people here write it."""
        return phones.shown(self.phone)

    @property
    def shown_code(self) -> str:
        """The code in two groups, easier to read aloud and to copy by hand."""
        return codes.shown(self.code)

    @property
    def other_name_list(self) -> list[str]:
        """Names of the other people, without empty lines."""
        return [line.strip() for line in self.other_names.splitlines() if line.strip()]

    @property
    def position(self) -> int | None:
        """Place on the waiting list, counted in parties from 1; None for a party that does not wait."""
        if not self.is_waiting:
            return None
        return (
            type(self).objects.filter(pool=self.pool_id).waiting().filter(sequence__lte=self.sequence).count()
        )


class SeatPoolDescriptor:
    """``event.seat_pool``: the pool with the event's translation key, prefetchable like a relation.

    No foreign key can point at a translation key. An event without a row yet gets an unsaved pool made from its own fields.
    """

    name = "seat_pool"

    def __get__(self, page: EventPage | None, owner: type[EventPage]) -> Any:
        """Return the pool, from the prefetched ones where there are."""
        if page is None:
            return self
        cache = page._state.fields_cache
        if self.name not in cache:
            cache[self.name] = SeatPool.objects.filter(event_key=page.translation_key).first()
        if cache[self.name] is None:
            cache[self.name] = page.build_pool()
        return cache[self.name]

    def is_cached(self, page: EventPage) -> bool:
        """Tell Django's prefetching whether there is anything to do."""
        return self.name in page._state.fields_cache

    def get_prefetch_querysets(self, instances: list[Any], querysets: Any = None) -> tuple[Any, ...]:
        """Return what Django's prefetching needs to join pools and events (one query)."""
        keys = {page.translation_key for page in instances}
        pools = SeatPool.objects.filter(event_key__in=keys)
        return pools, lambda pool: pool.event_key, lambda page: page.translation_key, True, self.name, False
