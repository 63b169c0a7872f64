"""One registration for staff: what it says, what happened to it, and what staff may decide."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import dates
from training_events import presence
from training_events.models import Certificate, CheckIn, PersonalDataAccess, Registration
from training_events.services import approval, certificates, history
from training_events.services.registration import cancel
from training_events.views.staff import EventStaffView

_ACTIONS: dict[str, Callable[..., Registration]] = {
    "approve": approval.approve,
    "refuse": approval.refuse,
    "seat": approval.seat_now,
    "cancel": cancel,
}
#: Where staff go past a rule or against somebody's wish, the history has to say why.
_WITH_REASON = ("refuse", "seat", "cancel", "withdraw")


class RegistrationDetailView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """Shows a registration and takes decisions about it."""

    template_name = "training_events/admin/registration.html"
    header_icon = "user"
    looks = PersonalDataAccess.Kind.DETAIL
    shown = 1
    problem = ""

    @cached_property
    def registration(self) -> Registration:
        """The registration of the address, if it belongs to the event."""
        rows = Registration.objects.filter(pool__event_key=self.event.seats_key).select_related(
            "pool", "place", "registered_by", "reserve"
        )
        return get_object_or_404(
            rows.prefetch_related("participants__answers", "answers", "changes"),
            pk=self.kwargs["registration"],
        )

    def get_page_title(self) -> str:
        """The heading."""
        return f"{self.registration.shown_code} · {self.registration.contact_name}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the event's edit form."""
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("wagtailadmin_pages:edit", args=[self.event.pk]),
                "label": self.event.get_admin_display_title(),
            },
            {
                "url": reverse("training_events_registrations", args=[self.event.pk]),
                "label": _("Registrations"),
            },
            {"url": "", "label": self.registration.shown_code},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the registration and what may be decided about it."""
        row = self.registration
        possible = []
        if row.is_current and row.approved_at is None:
            possible += [("approve", _("Approve")), ("refuse", _("Do not approve"))]
        if row.is_waiting and self.may_exceed:
            possible.append(("seat", _("Give a seat now")))
        if row.is_current:
            possible.append(("cancel", _("Cancel the registration")))
        if self.certificates:
            possible.append(("withdraw", _("Withdraw the certificates")))
        return super().get_context_data(
            **kwargs,
            event=self.event,
            row=row,
            actions=possible,
            problem=self.problem,
            check_ins=self._check_ins(),
            certificates=self.certificates,
            reason=self.request.POST.get("reason", ""),
            party_answers=[one for one in row.answers.all() if one.participant_id is None],
        )

    @cached_property
    def may_exceed(self) -> bool:
        """Whether the member of staff may go past order and number of the seats: as at the door, who publishes the page."""
        return bool(self.event.permissions_for_user(self.request.user).can_publish())

    @cached_property
    def certificates(self) -> list[Certificate]:
        """The valid certificates of the party's people."""
        rows = Certificate.objects.filter(participant__registration=self.registration, withdrawn_at=None)
        return list(rows.select_related("participant"))

    def _check_ins(self) -> list[tuple[CheckIn, str]]:
        """Return every tap with the day of its session, also those that were taken back."""
        days = {
            row.translation_key: f"{dates.date_label(row.starts_at)} {dates.time_short(row.starts_at)}"
            for row in presence.every_session(self.registration.pool)
        }
        rows = CheckIn.objects.filter(participant__registration=self.registration).select_related(
            "participant"
        )
        return [(row, days.get(row.session_key, "")) for row in rows]

    def _withdraw(self, row: Registration, *, now: datetime.datetime, by: history.Actor) -> Registration:
        for one in self.certificates:
            certificates.withdraw(one, reason=by.reason, now=now)
        return row

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a decision, or ask for its reason."""
        action = request.POST.get("action", "")
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
        verb = self._withdraw if action == "withdraw" else _ACTIONS.get(action)
        if verb is None or (action in _WITH_REASON and not reason):
            self.problem = _("Please give the reason: it stays in the history of the registration.")
            return self.render_to_response(self.get_context_data())
        if action == "seat" and not self.may_exceed:
            raise PermissionDenied
        verb(self.registration, now=timezone.now(), by=history.staff(request.user, reason))
        messages.success(request, _("The registration was changed."))
        return HttpResponseRedirect(request.path)
