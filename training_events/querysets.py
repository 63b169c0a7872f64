"""Selections of events and registrations."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.db.models import F, Q
from wagtail.models import Site

from core import vietnamese
from core.querysets import ContentPageManager, ContentPageQuerySet
from training_events import phones

if TYPE_CHECKING:
    from training_events.models import Registration  # noqa: F401 - named in a string below


class EventPageQuerySet(ContentPageQuerySet):
    """Selections of events by time. An event without a date counts as upcoming: its date is still to be announced."""

    def upcoming(self, now: datetime.datetime) -> Self:
        """Return events whose last session has not ended at ``now`` (aware), postponed ones and their classes included."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gte=now) | Q(pool_key__in=self._postponed()))

    def past(self, now: datetime.datetime) -> Self:
        """Return events whose last session ended before ``now`` (aware)."""
        return self.filter(ends_at__lt=now).exclude(pool_key__in=self._postponed())

    def _postponed(self) -> Any:
        """Keys of postponed events: classes have dates of their own, which count no longer when their series is postponed."""
        pools: Any = self.model._meta.apps.get_model("training_events.SeatPool")
        return pools._default_manager.filter(status="postponed").values("event_key")

    def soonest(self) -> Self:
        """Return the next event first; events without a date last."""
        return self.order_by(F("starts_at").asc(nulls_last=True), "pk")

    def latest(self) -> Self:
        """Return the most recent event first."""
        return self.order_by(F("starts_at").desc(nulls_last=True), "-pk")

    def in_month(self, first: datetime.date) -> Self:
        """Return events that have a session in the month of ``first``, in the site's time zone.

        A series has the sessions of its live classes.
        """
        dates = {"sessions__starts_at__year": first.year, "sessions__starts_at__month": first.month}
        classes = self.model._default_manager.live().filter(**dates).exclude(pool_key=F("translation_key"))
        return self.filter(Q(**dates) | Q(translation_key__in=classes.values("pool_key"))).distinct()

    def each_series_once(self) -> Self:
        """Leave out the classes of series that are selected themselves: their card leads to them.

        A class whose series is not selected (another commune, not published any more) stays.
        """
        in_series = ~Q(pool_key=F("translation_key"))
        return self.exclude(in_series, pool_key__in=self.order_by().values("translation_key"))

    def with_card_data(self) -> Self:
        """Fetch what an event's card shows: sessions, place and seats besides the common data."""
        return (
            super().with_card_data().select_related("venue_place").prefetch_related("sessions", "seat_pool")
        )


class EventPageManager(ContentPageManager.from_queryset(EventPageQuerySet)):  # type: ignore[misc]
    """Manager of EventPage."""


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Selections of registrations."""

    def confirmed(self) -> Self:
        """Return those that have their seats for good."""
        return self.filter(status="confirmed")

    def holding(self) -> Self:
        """Return those whose seats are counted as taken: confirmed ones, and those that staff have yet to approve."""
        return self.filter(status__in=("confirmed", "pending"))

    def pending(self) -> Self:
        """Return those that staff have yet to approve, in order of arrival."""
        return self.filter(status="pending").order_by("sequence")

    def waiting(self) -> Self:
        """Return the waiting list in order of arrival."""
        return self.filter(status="waiting").order_by("sequence")

    def current(self) -> Self:
        """Return those that were neither cancelled nor refused."""
        return self.exclude(status__in=("cancelled", "refused"))

    def of_site(self, site: Site) -> Self:
        """Return the registrations for the events of one office."""
        return self.filter(pool__site=site)

    def same_person(self, *, name: str, phone: str) -> Self:
        """Return current registrations with the same name, however it is accented, and the same E.164 number."""
        return self.current().filter(contact_key=vietnamese.fold(name), phone=phone)

    def same_registrant(self, *, name: str, phone: str, organisation: str = "") -> Self:
        """Return current registrations of the same person (name and number), or of the same organisation by its name."""
        same: Any = Q(contact_key=vietnamese.fold(name), phone=phone)
        if organisation:
            same |= Q(organisation_key=vietnamese.fold(organisation)[:200])
        return self.current().filter(same)

    def matching(self, words: str) -> Self:
        """Return registrations whose names, organisation, phone number or code ``words`` name (staff's search box).

        Names match with or without marks and in any order of their words, numbers in any form that people write, codes by their
        begin or by a part with a digit in it: "an" is a name and no part of a code.
        """
        wanted = vietnamese.fold(words.strip())
        if not wanted:
            return self.all()
        found: Any = Q(pk__in=())
        code = wanted.replace(" ", "").upper()
        if len(code) >= 3:
            found = (
                Q(code__contains=code) if any(char.isdigit() for char in code) else Q(code__startswith=code)
            )
        if number := phones.searched("".join(char for char in wanted if char.isdigit())):
            found |= Q(phone__contains=number)
        people: Any = cast("Any", self.model._meta.get_field("participants")).related_model._default_manager
        contact, organisation, named = Q(), Q(), people.all()
        for word in wanted.split():
            contact &= Q(contact_key__contains=word)
            organisation &= Q(organisation_key__contains=word)
            named = named.filter(name_key__contains=word)
        return self.filter(found | contact | organisation | Q(pk__in=named.values("registration")))
