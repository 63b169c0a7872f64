"""Calendar files: one event, and feeds that calendars subscribe to."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.models import Place, Topic
from core.offices import office_for_site, remember
from core.taxonomy import localized, terms
from training_events import ics
from training_events.models import EventPage
from training_events.views.base import site_of

#: Calendars ask every few hours; a change of date must not hide behind a cache for longer than this (seconds).
_FEED_SECONDS = 300
#: A feed remembers past classes for so long, so that entries do not vanish from a calendar the day after.
_PAST = datetime.timedelta(days=90)
_KINDS: dict[str, tuple[type[Any], str]] = {
    "dia-ban": (Place, "places"),
    "linh-vuc": (Topic, "topic_items__tag"),
}


@require_safe
def event_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the event's sessions as an .ics file.

    Raises:
        Http404: for an event that is not live or belongs to another office.
    """
    event = EventPage.objects.live().public().below_site(site_of(request)).filter(pk=pk).first()
    event = event.specific if event is not None else None
    if event is None or not event.session_rows:
        raise Http404("no such event")
    response = HttpResponse(
        ics.calendar(ics.entries(event), host=_host(request)),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
def feed(request: HttpRequest, kind: str = "", slug: str = "") -> HttpResponse:
    """Return the calendar of an office: all classes, those of one place, or those of one topic.

    Answers 304 to a calendar that has the newest version already (ETag, Last-Modified).

    Args:
        request: the request.
        kind: ``dia-ban``, ``linh-vuc`` or empty.
        slug: that of the place or topic, the same in every language.

    Raises:
        Http404: for a place or topic that does not exist.
    """
    site = site_of(request)
    term = _term(kind, slug)
    content, changed = remember(
        "training_events.feed",
        site.pk,
        get_language(),
        kind,
        slug,
        make=lambda: _content(site, kind, term, _host(request)),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich-tap-huan.ics"'
    response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["Cache-Control"] = f"public, max-age={_FEED_SECONDS}"
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    return get_conditional_response(request, response["ETag"], changed, response) or response


def _term(kind: str, slug: str) -> Place | Topic | None:
    if not kind:
        return None
    if kind not in _KINDS:
        raise Http404("no such feed")
    found: Place | Topic | None = next((row for row in terms(_KINDS[kind][0]) if row.slug == slug), None)
    if found is None:
        raise Http404("no such place or topic")
    return found


def _content(site: Site, kind: str, term: Place | Topic | None, host: str) -> tuple[bytes, int | None]:
    """Return the feed and when anything in it last changed (seconds since 1970)."""
    since = timezone.now() - _PAST
    recent = Q(ends_at__gte=since) | Q(status="postponed", sessions__ends_at__gte=since)
    events = EventPage.objects.for_site(site).filter(recent).distinct()
    if term is not None:
        events = events.filter(**{_KINDS[kind][1]: term})
    # not the specific pages: a series brings its own sessions, its classes bring theirs
    pages = list(events.with_card_data().soonest())
    taught = {
        (one.seats_key, row.starts_at) for one in pages if one.is_in_series for row in one.sessions.all()
    }
    rows = [
        row
        for one in pages
        for row in ics.entries(one)
        if one.is_in_series or (one.translation_key, row.starts_at) not in taught
    ]
    name = " – ".join(str(part) for part in (office_for_site(site).short_name, localized(term)) if part)
    changed = max((one.changed_at for one in rows), default=None)
    return ics.calendar(rows, host=host, name=name), int(changed.timestamp()) if changed else None


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]
