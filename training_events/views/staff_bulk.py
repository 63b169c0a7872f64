"""Doing one thing to several registrations: chosen in the list, confirmed on a page of its own, then done."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from training_events import presence
from training_events.models import EventSession, Registration
from training_events.services import bulk, history
from training_events.services.bulk import BulkAction
from training_events.staff_filters import Filters
from training_events.views.staff import EventStaffView

#: More at once would keep a page waiting for too long.
LARGEST = 500


class BulkView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """Shows whom an action concerns and asks for the reason; with ``confirmed`` it does it."""

    template_name = "training_events/admin/bulk.html"
    header_icon = "group"
    problem = ""
    #: Under which attendance of ``session`` may stand.
    keys: tuple[uuid.UUID, ...] = ()

    def get_page_title(self) -> str:
        """The heading."""
        return str(BulkAction(self.action).label) if self.action else _("Registrations")

    def get_page_subtitle(self) -> str:
        """The event."""
        return self.event.get_admin_display_title()

    @cached_property
    def filters(self) -> Filters:
        """Those of the list from which the rows were chosen."""
        return Filters.read(self.request.POST, self.request.session)

    @cached_property
    def action(self) -> str:
        """The action, empty where there is none of that name."""
        action = self.request.POST.get("action", "")
        return action if action in BulkAction.values else ""

    @cached_property
    def chosen(self) -> list[Registration]:
        """The registrations: those that were ticked, or all that the filters show."""
        if self.request.POST.get("scope") == "all":
            return list(self.registrations()[: LARGEST + 1])
        raw = self.request.POST.getlist("row")
        keys = [int(one) for one in raw if one.isascii() and one.isdigit() and len(one) < 18]
        rows = Registration.objects.filter(pool__event_key=self.event.seats_key, pk__in=keys[: LARGEST + 1])
        return list(rows.select_related("place").prefetch_related("participants").order_by("sequence"))

    @cached_property
    def session(self) -> EventSession | None:
        """The session of an attendance."""
        try:
            key = uuid.UUID(self.request.POST.get("at", ""))
        except ValueError:
            return None
        self.keys = presence.keys_of(self.event.specific, key)
        return next(
            (row for row in self.event.specific.session_rows if row.translation_key in self.keys), None
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is nothing to see without a choice."""
        return HttpResponseRedirect(self._list())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or do it."""
        if not self.chosen or not self.action:
            messages.warning(request, _("Please tick registrations and choose what to do."))
            return HttpResponseRedirect(self._list())
        if len(self.chosen) > LARGEST:
            messages.error(
                request, _("Please choose at most %(count)s registrations at once.") % {"count": LARGEST}
            )
            return HttpResponseRedirect(self._list())
        self.shown = len(self.chosen)
        if request.POST.get("confirmed") != "1":
            return self.render_to_response(self.get_context_data())
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
        if self.action in bulk.WITH_REASON and not reason:
            self.problem = _("Please give the reason: it stays in the history of the registration.")
        elif self.action == BulkAction.ATTENDED and self.session is None:
            self.problem = _("Please choose the session.")
        if self.problem:
            return self.render_to_response(self.get_context_data())
        by = history.staff(request.user, reason)
        done = bulk.run(
            self.action, self.chosen, by=by, now=timezone.now(), session=self.session, keys=self.keys
        )
        text = ngettext(
            "%(count)s registration was changed.", "%(count)s registrations were changed.", done.changed
        )
        parts = [text % {"count": done.changed}]
        if done.unchanged:
            parts.append(
                _("%(count)s stayed as they were: it does not apply to them.") % {"count": done.unchanged}
            )
        messages.success(request, " ".join(parts))
        return HttpResponseRedirect(self._list())

    def _list(self) -> str:
        query = self.request.POST.get("query", "").replace("\n", "").replace("\r", "")[:500]
        address = reverse("training_events_registrations", args=[self.event.pk])
        return f"{address}?{query}" if query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whom it concerns and what has to be known."""
        return super().get_context_data(
            **kwargs,
            event=self.event,
            action=self.action,
            action_label=self.get_page_title(),
            chosen=self.chosen,
            needs_reason=self.action in bulk.WITH_REASON,
            sessions=self.event.specific.session_rows if self.action == BulkAction.ATTENDED else [],
            at=self.request.POST.get("at", ""),
            reason=self.request.POST.get("reason", ""),
            query=self.request.POST.get("query", ""),
            problem=self.problem,
            list_url=self._list(),
        )
