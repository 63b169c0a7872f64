"""The registrations of an event for the staff who may edit it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from training_events import presence, searches, twins
from training_events.models import Attendance, EventPage, EventSession, PersonalDataAccess, Registration
from training_events.portions import Portion
from training_events.querysets import RegistrationQuerySet
from training_events.services import access, certificates, pools
from training_events.services.bulk import BulkAction
from training_events.staff_filters import Filters, choices

PAGE_SIZE = 50


class EventStaffView(View):
    """Finds the event and lets in only those who may edit its page, which keeps the offices apart.

    Every answer of such a view is recorded as a look at personal data, unless the view says that it shows none.
    """

    #: What a look at this view is recorded as (PersonalDataAccess.Kind); empty for a view without personal data.
    looks: str = PersonalDataAccess.Kind.LIST
    looks_detail = ""
    #: How many registrations the answer shows.
    shown = 0

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Check the permission on this very page, and record the look."""
        if not self.event.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        response: Any = super().dispatch(request, *args, **kwargs)
        if self.looks and response.status_code == 200:
            access.record(
                request.user,
                self.looks,
                pool_id=self.event.seat_pool.pk,
                registration_id=self.kwargs.get("registration"),
                count=self.shown,
                detail=self.looks_detail,
            )
        return response

    @cached_property
    def event(self) -> EventPage:
        """The event of the address."""
        return get_object_or_404(EventPage, pk=self.kwargs["pk"])

    @cached_property
    def filters(self) -> Filters:
        """What the query string asks for."""
        return Filters.read(self.request.GET, self.request.session)

    def registrations(self) -> RegistrationQuerySet:
        """The event's registrations in order of arrival, narrowed by search and filters."""
        rows = (
            Registration.objects.filter(pool__event_key=self.event.seats_key)
            .select_related("place")
            .prefetch_related("participants__attendances")
        )
        return self.filters.at(self.event).narrow(rows).order_by("sequence")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class RegistrationListView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """The list, with a box that searches name, phone and code. Searches are sent by POST: none of them stands in any log."""

    template_name = "training_events/admin/registrations.html"
    header_icon = "group"

    def get_page_title(self) -> str:
        """The heading."""
        return _("Registrations")

    def get_page_subtitle(self) -> str:
        """The event."""
        return self.event.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the event's edit form."""
        edit = reverse("wagtailadmin_pages:edit", args=[self.event.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.event.get_admin_display_title()},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what is searched for in the session and lead to the list that shows it."""
        words = searches.clean(request.POST.get("q", ""))
        wanted = request.POST.copy()
        wanted[searches.PARAM] = searches.keep(request.session, words) if words else ""
        query = Filters.read(wanted, request.session).query
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows of one page and the event's numbers."""
        context = super().get_context_data(**kwargs)
        pool = self.event.seat_pool
        rows = Paginator(self.registrations(), PAGE_SIZE).get_page(self.request.GET.get("p"))
        self.shown = len(rows)
        specific = self.event.specific
        context.update(
            event=self.event,
            pool=pool,
            waiting=Registration.objects.filter(pool__event_key=self.event.seats_key).waiting().count(),
            rows=rows,
            filters=self.filters,
            choices=choices(self.event),
            actions=BulkAction.choices,
            query=self.filters.query,
            sessions=self._sessions(specific),
            rules=pools.rule_page(specific),
            certificates=certificates.of_pool(pool).exists() if pool.pk else False,
            badges=Portion.all(pool.taken),
        )
        return context

    @staticmethod
    def _sessions(event: EventPage) -> list[tuple[EventSession, int]]:
        """Return each session with how many people came."""
        double, found = presence.double_of(event), []
        for row in event.session_rows:
            keys = twins.keys(double, row.translation_key)
            came = Attendance.objects.filter(session_key__in=keys).order_by()
            found.append((row, came.values("participant").distinct().count()))
        return found
