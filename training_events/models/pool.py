"""Seats: rows of their own, never columns of a page (publishing a revision would overwrite them)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from training_events.models.pages import EventPage


class EventStatus(models.TextChoices):
    """Whether an event takes place."""

    SCHEDULED = "scheduled", _("takes place")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")


class Registrants(models.TextChoices):
    """Who may register for an event."""

    PEOPLE = "people", _("people and households")
    ORGANISATIONS = "organisations", _("businesses, co-operatives and other organisations")
    EVERYBODY = "everybody", _("people and organisations")


class SeatPool(models.Model):
    """The seats of one event or series, shared by all its translations, with the rules in force as last published.

    ``services.seats`` is the only place that changes ``taken``, ``held`` and ``arrivals``; ``services.pools`` copies the rules
    from the page, so that a registration never waits for a page and an English page never contradicts the Vietnamese one.
    """

    #: The page's ``pool_key``: its translation key, or that of the series which registers for all its classes at once.
    event_key = models.UUIDField(_("event"), unique=True, editable=False)
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("website"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    #: Whether the page that takes the registrations is published in any language: without one nobody registers or moves up.
    is_published = models.BooleanField(_("published"), default=True, editable=False)
    capacity = models.PositiveIntegerField(_("seats"), null=True)
    taken = models.PositiveIntegerField(_("seats taken"), default=0)
    #: Seats nobody has taken yet that wait for a named commune or group: the sum of ``SeatReserve.unused``.
    held = models.PositiveIntegerField(_("seats held back"), default=0)
    held_until = models.DateTimeField(_("seats are held back until"), null=True)
    arrivals = models.PositiveIntegerField(_("arrivals so far"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.SCHEDULED)
    #: Begin and end of what takes place; None where no date is known, also while the event is postponed.
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    opens_at = models.DateTimeField(_("registration opens"), null=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True)
    waiting_list = models.BooleanField(_("waiting list"), default=True)
    max_party = models.PositiveSmallIntegerField(_("largest group"), default=5)
    staff_only = models.BooleanField(_("for staff only"), default=False)
    registrants = models.CharField(
        _("who registers"), max_length=13, choices=Registrants, default=Registrants.PEOPLE
    )
    approval = models.BooleanField(_("staff approve registrations"), default=False)
    ask_birth_year = models.BooleanField(_("ask for years of birth"), default=False)
    keep_days = models.PositiveSmallIntegerField(_("days registrations are kept"), null=True)
    keep_contact_days = models.PositiveSmallIntegerField(_("days contacts are kept"), null=True)
    reminder_days = models.PositiveSmallIntegerField(_("remind so many days before"), null=True)
    reminder_morning = models.BooleanField(_("remind in the morning of each session"), default=True)
    ask_feedback = models.BooleanField(_("thank people and ask for their opinion"), default=True)
    #: Dates and places as last published (services.schedule); None until then. ``sequence`` grows with every change of them.
    schedule = models.JSONField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    schedule_changed_at = models.DateTimeField(null=True, editable=False)
    rescheduled_from = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("seats of an event")
        verbose_name_plural = _("seats of events")

    def __str__(self) -> str:
        return self.title

    def held_at(self, now: datetime.datetime) -> int:
        """Return the seats held back at ``now`` (aware): none once the moment has come that gives them to everybody."""
        released = self.held_until is not None and self.held_until <= now
        return 0 if released else self.held

    def free_at(self, now: datetime.datetime) -> int | None:
        """Return the seats that anybody may take at ``now`` (aware); None where there is no limit.

        Never negative: seats may have been lowered below those taken, and staff may seat people beyond them.
        """
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.taken - self.held_at(now))

    @property
    def seats_left(self) -> int | None:
        """Seats that anybody may take at this moment; None where there is no limit."""
        return self.free_at(timezone.now())

    @property
    def deadline(self) -> datetime.datetime | None:
        """The moment after which nobody registers or is moved up: the closing time, at the latest the start."""
        moments = [moment for moment in (self.closes_at, self.starts_at) if moment is not None]
        return min(moments) if moments else None

    @property
    def is_postponed(self) -> bool:
        """Whether the event waits for a new date: until there is one, it neither begins nor ends."""
        return self.status == EventStatus.POSTPONED

    @property
    def planned_at(self) -> datetime.datetime | None:
        """Begin of the first session as last published, also where it does not take place; None without any."""
        begins = [row[0] for row in (self.schedule or {}).get("sessions", {}).values()]
        return datetime.datetime.fromisoformat(min(begins)) if begins else None

    @property
    def takes_people(self) -> bool:
        """Whether people and households may register."""
        return self.registrants != Registrants.ORGANISATIONS

    @property
    def takes_organisations(self) -> bool:
        """Whether organisations may register."""
        return self.registrants != Registrants.PEOPLE


class SeatReserve(models.Model):
    """Seats of a pool that are held back for one commune or group, as last published.

    ``taken`` counts every seat given to those for whom the seats are held back, also those beyond ``capacity``: such a
    party uses up its own seats first and then those of everybody, and need not know which is which.
    """

    pool = models.ForeignKey(SeatPool, on_delete=models.CASCADE, related_name="reserves")
    #: Translation key of the editor's row (HeldSeats).
    key = models.UUIDField(_("key"), editable=False)
    label = models.CharField(_("for whom"), max_length=120)
    #: Translation key of the commune; empty for a group that people say they belong to.
    place_key = models.UUIDField(_("commune"), null=True, editable=False)
    capacity = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("seats taken"), default=0)

    class Meta:
        verbose_name = _("seats held back")
        verbose_name_plural = _("seats held back")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pool", "key"], name="seatreserve_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def unused(self) -> int:
        """Seats still waiting for those they are held back for."""
        return max(0, self.capacity - self.taken)


class SeatPoolDescriptor:
    """``event.seat_pool``: the pool with the event's pool key, prefetchable like a relation.

    No foreign key can point at a translation key. An event without a row yet gets an unsaved pool made from its own fields.
    """

    name = "seat_pool"

    def __get__(self, page: EventPage | None, owner: type[EventPage]) -> Any:
        """Return the pool, from the prefetched ones where there are."""
        if page is None:
            return self
        cache = page._state.fields_cache
        if self.name not in cache:
            cache[self.name] = SeatPool.objects.filter(event_key=page.seats_key).first()
        if cache[self.name] is None:
            cache[self.name] = page.build_pool()
        return cache[self.name]

    def is_cached(self, page: EventPage) -> bool:
        """Tell Django's prefetching whether there is anything to do."""
        return self.name in page._state.fields_cache

    def get_prefetch_querysets(self, instances: list[Any], querysets: Any = None) -> tuple[Any, ...]:
        """Return what Django's prefetching needs to join pools and events (one query)."""
        keys = {page.seats_key for page in instances}
        pools = SeatPool.objects.filter(event_key__in=keys)
        return pools, lambda pool: pool.event_key, lambda page: page.seats_key, True, self.name, False
