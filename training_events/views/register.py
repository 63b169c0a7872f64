"""The registration form of an event."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.blocks import page_link
from core.models import ContentPage
from core.offices import office_for_site, office_name_for_page
from training_events import form_key, recent, spam
from training_events.availability import Availability, Kind
from training_events.forms import RegistrationForm, fitting
from training_events.models import EventPage, Registration
from training_events.services import history, resent
from training_events.services.history import Actor
from training_events.services.registration import (
    AlreadyRegistered,
    RegistrationData,
    RegistrationRefused,
    register,
    sent_before,
    state_for,
)
from training_events.views.base import PersonalView, index_link, site_of, trail


class RegisterView(PersonalView):
    """Shows the form, takes it, and leads to the registration (post, redirect, get)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the empty form, or why there is none."""
        site = site_of(request)
        event = self._event(site, pk)
        if event.is_in_series:
            return self._to_series(request, event, site)
        state = state_for(event.seat_pool, self._actor(request, event), timezone.now())
        if not state.can_register or self._elsewhere(event, site):
            return self._closed(request, event, site)
        initial = {"key": form_key.make(event.translation_key), "party_size": 1}
        form = self._form(request, event, site, initial=initial)
        return self._show(request, event, site, form, sent_at=recent.read(request, event.translation_key).at)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Register, or show the form again with everything that was typed."""
        site = site_of(request)
        event = self._event(site, pk)
        if event.is_in_series or self._elsewhere(event, site):
            return self._closed(request, event, site)
        spam.note(request, event.seat_pool)
        form = self._form(request, event, site, data=request.POST)
        if not form.is_valid():
            if stored := resent.sent_by(form.idempotency_key, form.said()):
                # it was taken; the rules of the class have become stricter since
                return self._to(stored, unsaved=resent.seems_corrected(form.said(), stored))
            return self._show(request, event, site, form)
        data = form.registration_data()
        if earlier := sent_before(data.idempotency_key):
            return self._sent_before(request, event, site, form, earlier)
        if data.only_first and (just := self._just_sent(request, event, data)):
            return self._show(request, event, site, form, duplicate=just, is_recent=True)
        now = timezone.now()
        try:
            row = register(event, data, now=now, by=self._actor(request, event))
        except AlreadyRegistered as found:
            # an organisation is found by its name alone: whose contact registered it is nobody else's business
            is_own = (found.row.contact_key, found.row.phone) == (data.name_key, data.phone)
            return self._show(request, event, site, form, duplicate=found.row, is_own=is_own)
        except RegistrationRefused as refusal:
            if self._explain(form, event, refusal.state):
                return self._show(request, event, site, form)
            return self._closed(request, event, site)
        if row.created_at != now:
            # the same form arrived twice at once, and the other was first
            return self._sent_before(request, event, site, form, row)
        return recent.remember(request, self._to(row), row)

    @staticmethod
    def _just_sent(request: HttpRequest, event: EventPage, data: RegistrationData) -> Registration | None:
        """Return what this browser sent a moment ago for somebody of the same name: a number corrected after "Back"?

        Families that share a telephone have other names and are not asked.
        """
        return recent.same_name(request, event.translation_key, data.name_key, data.idempotency_key)

    @staticmethod
    def _explain(form: RegistrationForm, event: EventPage, state: Availability) -> bool:
        """Say beside the fields what this party may still choose; return whether there is anything."""
        if state.kind not in (Kind.FULL, Kind.RESERVED):
            return False
        if state.seats_left and "party_size" in form.fields:
            text = _("Only %(count)s seats are left. Please choose fewer people.")
            form.add_error("party_size", text % {"count": state.seats_left})
        rows = event.seat_pool.reserves.all() if state.kind is Kind.RESERVED else []
        names = {True: "place", False: "group"}
        for name in dict.fromkeys(names[row.place_key is not None] for row in rows if row.unused):
            if name in form.fields:
                text = _(
                    "No seat is free for everybody. Those that are left are held back, as is said above. "
                    "If you belong to one of them, please choose it here."
                )
                form.add_error(name, text)
        return bool(form.errors)

    def _sent_before(
        self,
        request: HttpRequest,
        event: EventPage,
        site: Site,
        form: RegistrationForm,
        earlier: Registration,
    ) -> HttpResponse:
        """Answer a form whose key was used: the same person's again, or a filled form changed for somebody else.

        Who corrected something and sent the form once more is told that the correction is not saved, and how to save it.
        """
        data = form.registration_data()
        if data.is_said_by(earlier):
            said, partly = form.said(), form.leaves_people_out
            differs = resent.seems_corrected(said, earlier) if partly else resent.differs(data, earlier)
            return self._to(earlier, unsaved=differs)
        form.renew_key()
        form.add_error(
            None,
            _(
                "This form was already sent for %(name)s. To register somebody else as well, please send it once more."
            )
            % {"name": earlier.contact_name},
        )
        return self._show(request, event, site, form)

    @staticmethod
    def _to(row: Registration, *, unsaved: bool = False) -> HttpResponse:
        url = reverse("training_events:registration", args=[row.token])
        # what was cancelled since cannot be corrected any more: its page offers to register again
        return HttpResponseRedirect(f"{url}?chua-luu=1" if unsaved and row.is_current else url)

    @staticmethod
    def _event(site: Site, pk: int) -> EventPage:
        """Return a live event of the office or one that is shared with it."""
        events = EventPage.objects.live().public().below_site(site, with_shared=True)
        event = events.select_related("locale", "venue_place", "cover_image").filter(pk=pk).first()
        if event is None:
            raise Http404("no such event")
        return event.specific

    def _to_series(self, request: HttpRequest, event: EventPage, site: Site) -> HttpResponse:
        """Lead to the form of the series that registers for all its classes."""
        rows = (
            EventPage.objects.live().public().filter(translation_key=event.seats_key, locale=event.locale_id)
        )
        series = rows.first()
        if series is None:
            return self._closed(request, event, site)
        return HttpResponseRedirect(reverse("training_events:register", args=[series.pk]))

    @staticmethod
    def _elsewhere(event: EventPage, site: Site) -> bool:
        """Whether another office holds the event: it alone takes registrations."""
        return not ContentPage.objects.below_site(site).filter(pk=event.pk).exists()

    @staticmethod
    def _actor(request: HttpRequest, event: EventPage) -> Actor:
        """Return who registers: a class for staff is open to those who may sign in to the staff area."""
        if event.seat_pool.staff_only and request.user.has_perm("wagtailadmin.access_admin"):
            return history.staff(request.user)
        return history.HOLDER

    @staticmethod
    def _form(request: HttpRequest, event: EventPage, site: Site, **kwargs: Any) -> RegistrationForm:
        office = office_for_site(site)
        return RegistrationForm(
            **fitting.for_event(event, office=office.organisation_name or office.short_name),
            guarded=spam.is_guarded(request, event.seat_pool),
            **kwargs,
        )

    @staticmethod
    def _show(
        request: HttpRequest,
        event: EventPage,
        site: Site,
        form: RegistrationForm,
        **more: Any,
    ) -> HttpResponse:
        pool = event.seat_pool
        held = list(event.held_seats.all()) if pool.held_at(timezone.now()) else []
        context = {
            "event": event,
            "availability": event.availability(),
            "form": form,
            "held": held,
            "breadcrumbs": trail(event, site, request),
            "privacy": page_link(office_for_site(site).settings.privacy_page),
            **more,
        }
        return render(request, "training_events/register.html", context)

    def _closed(self, request: HttpRequest, event: EventPage, site: Site) -> HttpResponse:
        elsewhere = self._elsewhere(event, site)
        state = event.availability()
        sign_in = state.kind is Kind.STAFF_ONLY and not elsewhere and not request.user.is_authenticated
        context = {
            "event": event,
            "availability": state,
            "elsewhere": office_name_for_page(event) if elsewhere else "",
            "form_url": f"{event.get_site().root_url}{event.registration_path()}" if elsewhere else "",
            "sign_in_url": f"{reverse('wagtailadmin_login')}?next={request.path}" if sign_in else "",
            "breadcrumbs": trail(event, site, request),
            "calendar": index_link(site, request),
        }
        return render(request, "training_events/register_closed.html", context)
