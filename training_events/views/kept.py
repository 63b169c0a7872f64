"""The page on personal data: what is kept of those who register for an event, or at the office in general."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.blocks import page_link
from core.offices import office_for_site
from training_events import kept as notice
from training_events.models import EventPage, SeatPool
from training_events.views.base import site_of, trail


@require_safe
def kept(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Say what is kept, why, until when and who sees it. It names nobody, so caches may keep it for a minute.

    Raises:
        Http404: for an event that is not live or belongs to another office, which alone takes its registrations.
    """
    site, now = site_of(request), timezone.now()
    event = _event(site, pk) if pk is not None else None
    pool = notice.settled(event.seat_pool if event is not None else SeatPool(site=site))
    context = {
        "event": event,
        "rows": notice.rows(pool, event, now=now),
        "until": notice.until(pool, event, now=now),
        "months": notice.looks_months(),
        "privacy": page_link(office_for_site(site).settings.privacy_page),
        "canonical_url": request.build_absolute_uri(request.path),
        "breadcrumbs": trail(event, site, request),
    }
    response = render(request, "training_events/kept.html", context)
    if not request.user.is_authenticated:
        response["Cache-Control"] = "public, max-age=60"
    return response


def _event(site: Site, pk: int) -> EventPage:
    events = EventPage.objects.live().public().below_site(site).select_related("locale")
    event = events.filter(pk=pk).first()
    if event is None:
        raise Http404("no such event")
    return event.specific
