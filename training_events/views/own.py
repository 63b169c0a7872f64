"""A registration under its secret address: see it, cancel it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.taxonomy import source_language
from training_events import letters, qr
from training_events.models import EventPage, Registration
from training_events.services import history
from training_events.services.registration import cancel
from training_events.views.base import PersonalView, index_link, site_of, trail


@dataclass(frozen=True, slots=True)
class Own:
    """A registration with its event, None where the page is gone, and what its holder may still do."""

    row: Registration
    event: EventPage | None
    begun: bool

    @property
    def can_cancel(self) -> bool:
        """Whether the registration may be cancelled or changed: until the event begins."""
        return self.row.is_current and not self.begun


class RegistrationView(PersonalView):
    """The slip: code, what, when, where, what next."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the registration as it stands."""
        site = site_of(request)
        own = find(site, token)
        return render(request, "training_events/registration.html", context(own, site, request))


class CancelView(PersonalView):
    """Asks once, then cancels: a seat that was given to somebody else cannot be taken back."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask."""
        site = site_of(request)
        own = find(site, token)
        if not own.can_cancel:
            return to(own.row)
        return render(request, "training_events/cancel.html", context(own, site, request))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Cancel and show the registration."""
        own = find(site_of(request), token)
        if own.can_cancel:
            cancel(own.row, now=timezone.now())
        return to(own.row)


def to(row: Registration) -> HttpResponse:
    """Lead to the registration."""
    return HttpResponseRedirect(reverse("training_events:registration", args=[row.token]))


def find(site: Site, token: str) -> Own:
    """Return the registration with this secret, if an event of this office took it.

    Raises:
        Http404: otherwise.
    """
    if len(token) > 64 or not (token.isascii() and token.isprintable()):
        raise Http404("no such registration")
    rows = Registration.objects.of_site(site).select_related("pool", "place")
    row = rows.prefetch_related("participants__answers", "answers").filter(token=token).first()
    if row is None:
        raise Http404("no such registration")
    begun = row.pool.starts_at is not None and row.pool.starts_at <= timezone.now()
    return Own(row, event_of(row), begun)


def event_of(row: Registration) -> EventPage | None:
    """Return the live page of the registration's event in the reader's language, or in another; None where there is none."""
    rows = (
        EventPage.objects.live()
        .filter(translation_key=row.pool.event_key)
        .select_related("locale", "venue_place")
    )
    pages = {page.locale.language_code: page for page in rows}
    found = (
        pages.get(get_language() or "") or pages.get(source_language()) or next(iter(pages.values()), None)
    )
    return found.specific if found is not None else None


def _again(own: Own, site: Site) -> str:
    """Return the address of the form for who cancelled and may still register, empty otherwise."""
    event = own.event
    if not own.row.is_cancelled or event is None or not event.availability().can_register:
        return ""
    own_site = EventPage.objects.live().public().below_site(site)
    return event.registration_path() if own_site.filter(pk=event.pk).exists() else ""


def context(own: Own, site: Site, request: HttpRequest) -> dict[str, object]:
    """Return what the templates show."""
    row = own.row
    return {
        "registration": row,
        "qr": qr.picture(qr.for_registration(row.code), label=_("QR code of the registration"))
        if row.is_current
        else "",
        "pool": row.pool,
        "event": own.event,
        "can_cancel": own.can_cancel,
        "party_answers": [one for one in row.answers.all() if one.participant_id is None],
        "ending": history.ending(row),
        "again_url": _again(own, site),
        "feedback_url": letters.feedback_path(row) if row.is_confirmed and row.pool.ask_feedback else "",
        "was_changed": request.GET.get("da-luu") == "1",
        "is_unsaved": request.GET.get("chua-luu") == "1",
        "is_over": row.pool.ends_at is not None and row.pool.ends_at < timezone.now(),
        "breadcrumbs": trail(own.event, site, request),
        "calendar": index_link(site, request),
    }
