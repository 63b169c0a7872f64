"""The calendar file of an event."""

from django.http import Http404, HttpRequest, HttpResponse

from training_events import ics
from training_events.models import EventPage
from training_events.views.base import site_of


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
        ics.calendar(event, host=request.get_host().partition(":")[0]),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    response["Cache-Control"] = "public, max-age=60"
    return response
