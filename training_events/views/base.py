"""What all views of registration share: they are personal, so nothing keeps, lists or passes on their addresses."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from wagtail.models import Site

from core.navigation import Link
from training_events.models import EventIndexPage, EventPage


class PersonalView(View):
    """A page that is never cached, never indexed, and whose address is passed to no other website."""

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with the headers of a personal page."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        response["X-Robots-Tag"] = "noindex, nofollow"
        # not "no-referrer": browsers would then send "Origin: null" with the form, and the CSRF check refuses that
        response["Referrer-Policy"] = "same-origin"
        return response


def site_of(request: HttpRequest) -> Site:
    """Return the office's site.

    Raises:
        Http404: where no office answers.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("no office")
    return site


def index_link(site: Site, request: HttpRequest) -> Link | None:
    """Return the way to the office's calendar."""
    page = EventIndexPage.objects.for_site(site).below_site(site).first()
    return Link(page.get_url(request) or "", page.title) if page else None


def trail(event: EventPage | None, site: Site, request: HttpRequest) -> list[Link]:
    """Return breadcrumbs down to the event, or to the calendar where there is no event."""
    if event is not None:
        return [*event.breadcrumbs(request), Link(event.get_url(request) or "", event.title)]
    link = index_link(site, request)
    return [link] if link else []
