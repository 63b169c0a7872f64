"""A series: several classes, one registration."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from core.models import ContentPage
from training_events import twins
from training_events.models.message_text import MESSAGE_PANELS
from training_events.models.pages import EventPage
from training_events.models.pool import EventStatus, SeatPool
from training_events.models.rules import RULE_PANELS
from training_events.models.session import EventSession


class EventSeriesPage(EventPage):  # type: ignore[django-manager-missing] # modelcluster
    """A series of classes with one registration and one pool of seats for all of them.

    It is an event itself (seats, window, questions, slip, messages), whose sessions are those of the classes below it. A class
    below a series takes no registrations of its own: its pool is the series'.
    """

    registers_for_children = True

    kind_label = _("Series of classes")
    schema_type = "EventSeries"
    search_kind = "tap-huan"
    search_fields = [*EventPage.search_fields]
    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("status"),
        InlinePanel(
            "sessions", heading=_("Sessions of the series itself"), label=_("session"),
            help_text=_("Classes are pages below the series; their sessions are counted in."),
        ),
        MultiFieldPanel(
            [FieldPanel("venue_name"), FieldPanel("venue_address"), FieldPanel("venue_place")],
            heading=_("Venue"),
        ),
        FieldPanel("organiser"),
        FieldPanel("trainer"),
        *RULE_PANELS,
        FieldPanel("bring"),
        FieldPanel("body"),
        *MESSAGE_PANELS,
    ]  # fmt: skip
    parent_page_types = ["training_events.EventIndexPage"]
    subpage_types = ["training_events.EventPage"]
    template = "training_events/event_series_page.html"

    class Meta:
        verbose_name = _("series of classes")
        verbose_name_plural = _("series of classes")

    @cached_property
    def classes(self) -> list[EventPage]:
        """The live classes of the series in order of time, with their sessions."""
        if not self.pk:
            return []
        rows = EventPage.objects.child_of(self).live().select_related("venue_place")
        return list(rows.prefetch_related("sessions").soonest())

    @property
    def status_in_force(self) -> str:
        """Whether anything of the series takes place: where none of its dates does, it is off like a single class.

        It is postponed while one of its classes waits for a new date. Without any date left it stays what it was: nobody can be
        told that it takes place again before there is one.
        """
        statuses = {one.status for one in self.classes}
        if self.status != EventStatus.SCHEDULED or EventStatus.SCHEDULED in statuses or self._own_moments():
            return self.status
        if not statuses:
            known = SeatPool.objects.filter(event_key=self.seats_key).values_list("status", flat=True)
            return known.first() or self.status
        return EventStatus.POSTPONED if EventStatus.POSTPONED in statuses else EventStatus.CANCELLED

    def _own_moments(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        # a date of the series on which a class is held goes with the class
        taught = {row.starts_at for one in self.classes for row in one.sessions.all()}
        return [one for one in super()._moments() if one[0] not in taught]

    def _moments(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        if self.status_in_force == EventStatus.POSTPONED:
            return []
        own = self._own_moments()
        # a class that does not take place neither begins nor ends the series, unless there is no other date
        on = [one for one in self.classes if one.status == EventStatus.SCHEDULED]
        classes = on if on or own else self.classes
        # the columns of the classes, not their sessions: a class that is just being published has not written those yet
        return own + [(one.starts_at, one.ends_at) for one in classes if one.starts_at and one.ends_at]

    @cached_property
    def session_rows(self) -> list[EventSession]:
        """The sessions of the series and of all its classes in order of time, each date once."""
        is_on = self.status == EventStatus.SCHEDULED
        own = [row.of(self.status) for row in self.sessions.all()]
        taught = [
            row.of(one.status if is_on else self.status) for one in self.classes for row in one.sessions.all()
        ]
        double = twins.of(own, taught)
        rows = [row for row in own if row.translation_key not in double] + taught
        return sorted(rows, key=lambda row: row.starts_at)

    def _read_sessions(self) -> list[EventSession]:
        return self.session_rows

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the classes as cards."""
        context = super().get_context(request, *args, **kwargs)
        context["class_cards"] = [
            one.get_card(request)
            for one in EventPage.objects.child_of(self).live().with_card_data().soonest()
        ]
        return context
