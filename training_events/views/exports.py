"""The registrations of an event as files, for those who may see them in the list."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from wagtail.log_actions import log

from training_events import exports, presence
from training_events.models import Participant, PersonalDataAccess, Registration
from training_events.spreadsheets import XLSX, Sheet, as_csv, as_xlsx
from training_events.views.staff import EventStaffView


class RegistrationExportView(EventStaffView):
    """The rows of the list, searched and filtered alike. Who took them out of the system is recorded twice.

    The page's history tells the event's own staff; the record of looks at personal data tells the administrators.
    """

    looks = PersonalDataAccess.Kind.EXPORT

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """Return the file; ``form`` is ``csv`` (one table, ``bang=nguoi`` for the participants) or ``xlsx`` (both)."""
        with_sensitive = request.GET.get("nhay-cam") == "1"
        rows = self._rows()
        self.shown = len(rows)
        self.looks_detail = f"{form}{', sensitive' if with_sensitive else ''}"
        log(instance=self.event, action="training_events.export", user=request.user)
        if form == "xlsx":
            sheets = [
                exports.registrations(rows, with_sensitive=with_sensitive),
                self._people(rows, with_sensitive),
            ]
            body: bytes | str = as_xlsx(sheets)
            return self._file(body, XLSX, f"dang-ky-{self.event.slug}.xlsx")
        if request.GET.get("bang") == "nguoi":
            body = as_csv(self._people(rows, with_sensitive))
            return self._file(body, "text/csv; charset=utf-8", f"nguoi-tham-du-{self.event.slug}.csv")
        body = as_csv(exports.registrations(rows, with_sensitive=with_sensitive))
        return self._file(body, "text/csv; charset=utf-8", f"dang-ky-{self.event.slug}.csv")

    def _rows(self) -> list[Registration]:
        people = Participant.objects.prefetch_related("answers")
        rows = self.registrations().select_related("place", "registered_by")
        return list(rows.prefetch_related(None).prefetch_related("answers", Prefetch("participants", people)))

    def _people(self, rows: list[Registration], with_sensitive: bool) -> Sheet:
        came = presence.read(self.event.seat_pool)
        return exports.participants(rows, came, with_sensitive=with_sensitive)

    @staticmethod
    def _file(body: bytes | str, kind: str, name: str) -> HttpResponse:
        response = HttpResponse(body, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
