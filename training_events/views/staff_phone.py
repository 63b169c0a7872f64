"""Registering somebody who calls: look whether he is registered, fill in the form with him, read the code out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from training_events import codes, form_key, phones
from training_events.availability import Availability, Kind
from training_events.forms import PhoneForm, fitting
from training_events.models import EventPage, PersonalDataAccess, Registration, SeatPool
from training_events.services import door, history, pools, resent
from training_events.services.desk import Desk
from training_events.services.door import DoorProblem, Trouble
from training_events.services.registration import AlreadyRegistered, sent_before, state_for
from training_events.views.door import desk_of
from training_events.views.staff import EventStaffView

#: Registrations that a search shows at once; more stand in the list.
FOUND = 8
#: Nobody is registered for these, whatever the reason.
_NEVER = (Kind.CANCELLED, Kind.ENDED)


class CallView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """The frame of the screens for calls: the event, its seats, the way back to the list."""

    header_icon = "mobile-alt"

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Keep what was typed out of error reports."""
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> EventPage:
        """The event, for a class of a series the series: what the form asks and whether it is published."""
        return pools.rule_page(self.event.specific)

    @cached_property
    def desk(self) -> Desk:
        """What the signed-in member of staff may do."""
        return desk_of(self.event.specific, None, self.request.user)

    def get_page_subtitle(self) -> str:
        """The event."""
        return self.event.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the event's edit form."""
        edit = reverse("wagtailadmin_pages:edit", args=[self.event.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.event.get_admin_display_title()},
            {
                "url": reverse("training_events_registrations", args=[self.event.pk]),
                "label": _("Registrations"),
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the event and its seats."""
        return super().get_context_data(**{"event": self.event, **seats_now(self.event), **kwargs})


def seats_now(event: EventPage) -> dict[str, Any]:
    """Return what the line of seats shows: free seats (None: no limit), seats held back, parties and people that wait."""
    pool: SeatPool = event.seat_pool
    now = timezone.now()
    waiting = Registration.objects.filter(pool__event_key=event.seats_key).waiting()
    sizes = list(waiting.values_list("party_size", flat=True))
    held = [row for row in pool.reserves.all() if row.unused] if pool.pk and pool.held_at(now) else []
    return {
        "pool": pool,
        "free": pool.free_at(now),
        "waiting": len(sizes),
        "waiting_people": sum(sizes),
        "reserves": held,
        "at": now,
    }


class CallSeatsView(EventStaffView, TemplateView):
    """The line of seats alone, for the page that asks for it while a clerk is on the phone. It shows no person."""

    template_name = "training_events/admin/_phone_seats.html"
    looks = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers."""
        return super().get_context_data(**kwargs, **seats_now(self.event))


class PhoneView(CallView):
    """The search and the form on one screen. Searches are sent by POST: no name and number in any log."""

    template_name = "training_events/admin/phone.html"
    #: Set where the answer shows registrations.
    looks = ""

    def get_page_title(self) -> str:
        """The heading."""
        return _("Register by phone")

    @property
    def state(self) -> Availability:
        """What staff can do about the event now."""
        return state_for(self.event.seat_pool, history.staff(self.request.user), timezone.now())

    @property
    def is_closed(self) -> bool:
        """Whether nobody at all can be registered: the class is not published, over or cancelled."""
        return not self.page.live or self.state.kind in _NEVER

    @property
    def offers_form(self) -> bool:
        """Whether this member of staff can register anybody now."""
        return not self.is_closed and (self.state.can_register or self.desk.may_exceed)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the empty form."""
        return self._look("")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search, here or from the list, or register; the form comes back with everything that was typed."""
        if request.POST.get("action") == "find":
            return self._look(request.POST.get("q", ""))
        if self.is_closed:
            return self._look("")
        form = self._form(data=request.POST)
        if not form.is_valid():
            if stored := resent.sent_by(form.idempotency_key, form.said()):
                return self._done(stored, unsaved=resent.seems_corrected(form.said(), stored))
            return self._show(form=form)
        data = form.registration_data()
        if (earlier := sent_before(data.idempotency_key)) and not data.is_said_by(earlier):
            form.renew_key()
            form.add_error(
                None,
                _(
                    "This form was already sent for %(name)s. To register somebody else as well, please send it once more."
                )
                % {"name": earlier.contact_name},
            )
            return self._show(form=form)
        rows = Registration.objects.filter(pool=self.desk.pool)
        twins = rows.same_registrant(name=data.name, phone=data.phone, organisation=data.organisation_name)
        if not earlier and not form.cleaned_data["again"] and twins:
            return self._show(form=form, twins=self._seen(twins))
        try:
            reason = form.cleaned_data.get("reason", "")
            now = timezone.now()
            row = door.enter(self.desk, data, reason=reason, now=now)
        except AlreadyRegistered as found:
            # entered by somebody else since the look above
            return self._show(form=form, twins=self._seen(rows.filter(pk=found.row.pk)))
        except DoorProblem as problem:
            places = ["reason", "party_size"] if problem.trouble is Trouble.FULL else ["reason"]
            places = ["party_size"] if problem.trouble is Trouble.PARTY else places
            place = next((name for name in places if name in form.fields), None)
            form.add_error(place, problem.sentence)
            return self._show(form=form)
        # an earlier registration is what a form sent again comes to: what was corrected on it since is not lost unseen
        return self._done(row, unsaved=row.created_at != now and resent.differs(data, row))

    def _done(self, row: Registration, *, unsaved: bool) -> HttpResponse:
        url = reverse("training_events_phone_done", args=[self.event.pk, row.pk])
        return HttpResponseRedirect(f"{url}?chua-luu=1" if unsaved else url)

    def _look(self, raw: str) -> HttpResponse:
        words = raw.replace("\x00", "").strip()[:100]
        form = self._form(initial=self._guess(words)) if self.offers_form else None
        if not words:
            return self._show(form=form)
        rows = Registration.objects.filter(pool__event_key=self.event.seats_key).matching(words)
        found = self._seen(rows)
        if form is not None and not found:
            form.fields["name"].widget.attrs["autofocus"] = True
        return self._show(form=form, words=words, found=found, searched=True, more=rows.count() - FOUND)

    def _seen(self, rows: Any) -> list[Registration]:
        """Return the first rows, and have the look recorded."""
        found = list(rows.select_related("place").order_by("sequence")[:FOUND])
        self.looks, self.shown = PersonalDataAccess.Kind.SEARCH, len(found)
        return found

    def _guess(self, words: str) -> dict[str, Any]:
        """Return what the form starts with: who was looked for in vain is usually who registers now."""
        start: dict[str, Any] = {"key": form_key.make(self.event.seats_key), "party_size": 1}
        digits = sum(char.isdigit() for char in words)
        if digits >= 9 and not any(char.isalpha() for char in words):
            start["phone"] = words
        elif " " in words and not digits and words != words.lower():
            # written as a name; somebody who was only looked for in small letters is asked for his name
            start["name"] = words
        return start

    def _form(self, **kwargs: Any) -> PhoneForm:
        asked = fitting.for_event(self.page, office=self.desk.office)
        return PhoneForm(may_exceed=self.desk.may_exceed, **asked, **kwargs)

    def _show(self, **context: Any) -> HttpResponse:
        values = {"state": self.state, "is_closed": self.is_closed, "is_live": self.page.live, **context}
        return self.render_to_response(self.get_context_data(**values))


class PhoneDoneView(CallView):
    """What the clerk reads to the person before hanging up: the status, the code, what comes next."""

    template_name = "training_events/admin/phone_done.html"
    header_icon = "check"
    looks = PersonalDataAccess.Kind.DETAIL
    shown = 1

    @cached_property
    def registration(self) -> Registration:
        """The registration of the address, if it belongs to the event."""
        rows = Registration.objects.filter(pool__event_key=self.event.seats_key).select_related(
            "pool", "place"
        )
        return get_object_or_404(rows, pk=self.kwargs["registration"])

    def get_page_title(self) -> str:
        """The heading."""
        return _("Registered by phone")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the registration, its code spelled, and what was queued."""
        row = self.registration
        return super().get_context_data(
            **kwargs,
            row=row,
            is_unsaved=self.request.GET.get("chua-luu") == "1",
            specific=self.event.specific,
            spelled=codes.spelled(row.code),
            digits=phones.last_digits(row.phone),
            overridden=row.changes.filter(action=history.Action.OVERRIDDEN).last(),
            message=row.messages.order_by("created_at", "pk").last(),
            way="email" if row.email else "sms" if settings.SMS_URL else "",
        )
