"""The papers of an event for staff: attendance sheet, badges, certificates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import vietnamese
from training_events import door_list
from training_events.documents import papers
from training_events.models import PersonalDataAccess
from training_events.portions import Portion
from training_events.services import certificates, pools
from training_events.views.door import DoorDeskView, desk_of
from training_events.views.staff import EventStaffView


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{vietnamese.slugify(name)}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response


class SheetView(DoorDeskView):
    """The attendance sheet of a session."""

    looks = PersonalDataAccess.Kind.PRINT
    looks_detail = "attendance sheet"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF."""
        phones = request.GET.get("phones", "masked")
        people = door_list.listed(self.desk)
        self.shown = len(people)
        event = self.event.specific
        with translation.override(event.locale.language_code):
            content = papers.sheet(
                event, self.session, people, office=self.desk.office, now=timezone.now(),
                phones=phones if phones in ("full", "none") else "masked",
            )  # fmt: skip
        return _file(content, f"diem-danh-{event.slug}-{timezone.localtime(self.session.starts_at):%Y-%m-%d}")


class BadgesView(EventStaffView):
    """Badges of everybody who has a seat, of so many at once as a request can set (``?from=301``)."""

    looks = PersonalDataAccess.Kind.PRINT
    looks_detail = "badges"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF."""
        event = self.event.specific
        desk = desk_of(event, event.session_rows[0] if event.session_rows else None, request.user)
        people = [one for one in door_list.listed(desk) if one.registration.holds_seats]
        portion = Portion.asked(request.GET.get("from", ""), len(people))
        people = people[portion.rows]
        self.shown = len(people)
        with translation.override(event.locale.language_code):
            content = papers.badges(event, people, office=desk.office)
        return _file(content, f"the-{event.slug}{portion.suffix}")


class CertificatesView(EventStaffView):
    """Gives certificates to those who earned them, and prints them, so many at once as a request can set (``?from=301``)."""

    looks = PersonalDataAccess.Kind.PRINT
    looks_detail = "certificates"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF of certificates, or of the one that ``?only=`` names."""
        event = self.event.specific
        desk = desk_of(event, None, request.user)
        found = certificates.of_pool(desk.pool)
        if only := request.GET.get("only"):
            found = found.filter(code=only[:40])
        portion = Portion.asked(request.GET.get("from", ""), found.count())
        rows = list(found[portion.rows])
        if not rows:
            messages.warning(request, _("There are no certificates to print."))
            return HttpResponseRedirect(reverse("training_events_registrations", args=[event.pk]))
        self.shown = len(rows)
        site = event.get_site()
        with translation.override(event.locale.language_code):
            content = papers.certificates(
                rows, office=desk.office, root_url=site.root_url, check_path=reverse("training_events:certificates")
            )  # fmt: skip
        return _file(content, f"giay-chung-nhan-{event.slug}{portion.suffix}")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give certificates to everybody who earned one and has none yet."""
        given = certificates.give(self.event.specific, user=request.user, now=timezone.now())
        if given:
            text = ngettext("%(count)s certificate was given.", "%(count)s certificates were given.", given)
            messages.success(request, text % {"count": given})
        else:
            messages.info(request, _("Nobody else has attended enough sessions."))
        return HttpResponseRedirect(reverse("training_events_standings", args=[self.event.pk]))


class StandingsView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """Before certificates are given: who gets one, who has one, and who misses what."""

    template_name = "training_events/admin/certificates.html"
    header_icon = "clipboard-list"

    def get_page_title(self) -> str:
        """The heading."""
        return _("Certificates of attendance")

    def get_page_subtitle(self) -> str:
        """The event."""
        return self.event.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list of registrations."""
        back = reverse("training_events_registrations", args=[self.event.pk])
        return [
            *self.breadcrumbs_items,
            {"url": back, "label": _("Registrations")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how everybody stands."""
        event = self.event.specific
        rows = certificates.standings(event)
        missing = [one for one in rows if one.attended and not one.is_earned and not one.has_certificate]
        portion = Portion.asked(self.request.GET.get("from", ""), len(missing))
        self.shown = len(missing[portion.rows])
        return super().get_context_data(
            **kwargs,
            event=event,
            rules=pools.rule_page(event),
            held=rows[0].held if rows else 0,
            due=sum(one.is_due for one in rows),
            given=sum(one.has_certificate for one in rows),
            never=sum(not one.attended for one in rows),
            missing=missing[portion.rows],
            portion=portion,
            portions=Portion.all(len(missing)),
            files=Portion.all(certificates.of_pool(event.seat_pool).count()) if event.seat_pool.pk else [],
        )
