"""The calendar: the page that lists the events."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from core import dates
from core.blocks import BodyBlock
from core.fields import StreamField
from core.models import ContentPage
from training_events import feeds, listing
from training_events import month as months
from training_events.models.pages import EventPage


class EventIndexPage(RoutablePageMixin, ContentPage):
    """The calendar: upcoming events first; past ones are kept at ``da-qua/``."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    kind_label = _("Training events")
    schema_type = "CollectionPage"
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["training_events.EventPage", "training_events.EventSeriesPage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    class Meta:
        verbose_name = _("list of training events")
        verbose_name_plural = _("lists of training events")
        indexes: list[models.Index] = []

    @path("", name="upcoming")
    def upcoming(self, request: HttpRequest) -> HttpResponse:
        """What is coming, the next first."""
        return self._listing(request, past=False)

    @path(f"{listing.PAST}/", name="past")
    def past(self, request: HttpRequest) -> HttpResponse:
        """What was, the latest first."""
        return self._listing(request, past=True)

    @path(f"{months.MONTH}/", name="month")
    def month(self, request: HttpRequest) -> HttpResponse:
        """One month, day by day."""
        shown = months.read(EventPage.objects, request, timezone.now())
        home = self.get_url(request) or "/"

        def address(first: datetime.date | None) -> str:
            query = (
                {**shown.filters.raw, months.MONTH_PARAM: f"{first:%Y-%m}"} if first else shown.filters.raw
            )
            return f"{home}{months.MONTH}/" + (f"?{urlencode(query)}" if query else "")

        here = f"{months.MONTH}/"
        if months.MONTH_PARAM in request.GET:
            here += f"?{months.MONTH_PARAM}={shown.first:%Y-%m}"
        return self.render(
            request,
            context_overrides={
                "month": shown,
                "earlier_url": address(shown.earlier),
                "earlier_label": dates.month_label(shown.earlier) if shown.earlier else "",
                "later_url": address(shown.later),
                "later_label": dates.month_label(shown.later) if shown.later else "",
                "current_url": address(None),
                "upcoming_url": home,
                "ways_on": [{"url": home, "title": _("All classes coming up")}],
                "canonical_url": (self.get_full_url(request) or "") + here,
                **feeds.links(shown.filters),
            },
            template="training_events/event_month.html",
        )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the listing; caches may keep it for a minute, as every page (the mixin passes our base class by)."""
        response = super().serve(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and not request.user.is_authenticated:
            response.setdefault("Cache-Control", "public, max-age=60")
        return response

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """The calendar itself leads on; nothing else is read."""
        return []

    def _listing(self, request: HttpRequest, *, past: bool) -> HttpResponse:
        shown = listing.read(EventPage.objects, request, timezone.now(), past=past)
        home = self.get_url(request) or "/"
        ways = [
            {"url": home, "title": _("All classes coming up")},
            {"url": f"{home}{listing.PAST}/", "title": _("Past classes")},
        ]
        return self.render(
            request,
            context_overrides={
                "listing": shown,
                "is_past": past,
                "upcoming_url": ways[0]["url"],
                "past_url": ways[1]["url"],
                "month_url": f"{home}{months.MONTH}/",
                **feeds.links(shown.filters),
                "ways_on": ways[:1] if past and not shown.filters.is_active else ways,
                "canonical_url": (self.get_full_url(request) or "") + (f"{listing.PAST}/" if past else ""),
            },
        )
