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
from training_events.models.pool import EventStatus
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

    def _moments(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        if self.status == EventStatus.POSTPONED:
            return []
        # a date of the series on which a class is held goes with the class
        taught = {row.starts_at for one in self.classes for row in one.sessions.all()}
        own = [one for one in super()._moments() if one[0] not in taught]
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
