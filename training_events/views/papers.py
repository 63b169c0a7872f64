"""The papers of an event for staff: attendance sheet, badges, certificates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import vietnamese
from training_events import door_list
from training_events.documents import papers
from training_events.models import PersonalDataAccess
from training_events.services import certificates
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
    """Badges of everybody who has a seat."""

    looks = PersonalDataAccess.Kind.PRINT
    looks_detail = "badges"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF."""
        event = self.event.specific
        desk = desk_of(event, event.session_rows[0] if event.session_rows else None, request.user)
        people = [one for one in door_list.listed(desk) if one.registration.holds_seats]
        self.shown = len(people)
        with translation.override(event.locale.language_code):
            content = papers.badges(event, people, office=desk.office)
        return _file(content, f"the-{event.slug}")


class CertificatesView(EventStaffView):
    """Gives certificates to those who earned them, and prints them."""

    looks = PersonalDataAccess.Kind.PRINT
    looks_detail = "certificates"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF of all certificates, or of the one that ``?only=`` names."""
        event = self.event.specific
        desk = desk_of(event, None, request.user)
        rows = certificates.of_pool(desk.pool)
        if only := request.GET.get("only"):
            rows = [row for row in rows if row.code == only]
        if not rows:
            messages.warning(request, _("There are no certificates to print."))
            return HttpResponseRedirect(reverse("training_events_registrations", args=[event.pk]))
        self.shown = len(rows)
        site = event.get_site()
        with translation.override(event.locale.language_code):
            content = papers.certificates(
                rows, office=desk.office, root_url=site.root_url, check_path=reverse("training_events:certificates")
            )  # fmt: skip
        return _file(content, f"giay-chung-nhan-{event.slug}")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give certificates to everybody who earned one and has none yet."""
        given = certificates.give(self.event.specific, user=request.user, now=timezone.now())
        if given:
            text = ngettext("%(count)s certificate was given.", "%(count)s certificates were given.", given)
            messages.success(request, text % {"count": given})
        else:
            messages.info(request, _("Nobody else has attended enough sessions."))
        return HttpResponseRedirect(reverse("training_events_registrations", args=[self.event.pk]))
