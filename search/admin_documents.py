"""For staff: which files are not found by their text, why, and what helps."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.documents.permissions import permission_policy

from core.models import SiteDocument
from search.models import DocumentText
from search.reading import limits

Status = DocumentText.Status
#: Who may do any of this with a document sees how it stands.
PERMISSIONS = ["change", "delete"]

_ADVICE: dict[str, str | Promise] = {
    Status.PENDING: _("It is read within minutes. If not, the program for background tasks does not run."),
    Status.EMPTY: _(
        "The pages are pictures of paper. Upload the original with text (DOCX, or PDF saved from the word processor), "
        "or write what matters into the page that offers the file."
    ),
    Status.TIMED_OUT: _("Save the file as PDF once more, or split it, and upload it again."),
    Status.BROKEN: _(
        "Try to open the file. If it opens, save it as PDF or DOCX once more and upload it again."
    ),
    Status.UNSUPPORTED: _("Save the file as DOCX or PDF and upload it again."),
    Status.ENCRYPTED: _("Save the file without a password and upload it again."),
}


def state_label(document: SiteDocument) -> str:
    """Return how reading the document's file went, in words."""
    found = _read(document)
    return str(found.get_status_display() if found else Status.PENDING.label)


def advice(document: SiteDocument) -> str:
    """Return what helps the document to be found by its text, empty where nothing need be done."""
    found = _read(document)
    status = found.status if found else Status.PENDING
    if found and status == Status.DONE:
        if not found.pages_read < found.pages:
            return ""
        return gettext(
            "Only %(read)d of %(all)d pages are searched. Split the file to have all of it found."
        ) % {
            "read": found.pages_read,
            "all": found.pages,
        }
    if status == Status.TOO_BIG:
        return gettext("Files up to %(size)d MB are read. Make the pictures in it smaller, or split it.") % {
            "size": limits.MAX_BYTES >> 20
        }
    if status == Status.UNSUPPORTED and document.kind == SiteDocument.Kind.AUDIO:
        return gettext("Nothing: a recording is found by the transcript on its page.")
    return str(_ADVICE[status])


def _read(document: SiteDocument) -> DocumentText | None:
    return getattr(document, "read_text", None)


class _DayColumn(Column):
    """When the file was read."""

    def get_value(self, instance: SiteDocument) -> str:
        found = _read(instance)
        return date_format(localtime(found.extracted_at), "d/m/Y H:i") if found and found.extracted_at else ""


class UnreadFilters(WagtailFilterSet):
    """By the reason."""

    status = django_filters.ChoiceFilter(
        field_name="read_text__status",
        label=_("State"),
        choices=[(value, label) for value, label in Status.choices if value != Status.DONE],
    )

    class Meta:
        model = SiteDocument
        fields: list[str] = []


class UnreadDocumentsReport(ReportView):
    """Documents whose text is not searched, or only in part. Each sees the documents that they may change."""

    page_title = _("Files not found by their text")
    verbose_name_plural = _("files")
    header_icon = "doc-full-inverse"
    index_url_name = "search_unread_documents"
    index_results_url_name = "search_unread_documents_results"
    permission_policy = permission_policy
    any_permission_required = PERMISSIONS
    filterset_class = UnreadFilters
    is_searchable = False
    default_ordering = None
    columns = [
        TitleColumn("title", label=_("Document"), url_name="wagtaildocs:edit"),
        Column("type_label", label=_("Type")),
        Column("size_label", label=_("Size")),
        StatusTagColumn("state", label=_("State"), accessor=state_label, primary=lambda row: False),
        Column("advice", label=_("What to do"), accessor=advice),
        _DayColumn("extracted_at", label=_("Last read at")),
    ]
    list_export = ["title", "filename", "reading_status", "reading_detail"]
    export_headings = {
        "title": _("Document"),
        "filename": _("File"),
        "reading_status": _("State"),
        "reading_detail": _("Details"),
    }

    def get_queryset(self) -> QuerySet[SiteDocument]:
        """Return what the user may change and is not searched as a whole; recordings have their transcripts."""
        own: Any = permission_policy.instances_user_has_any_permission_for(self.request.user, PERMISSIONS)
        missing = Q(read_text__isnull=True) | ~Q(read_text__status=Status.DONE)
        part = Q(read_text__pages_read__lt=F("read_text__pages"))
        return (
            SiteDocument.objects.filter(pk__in=own.values("pk"))
            .filter(missing | part)
            .exclude(kind=SiteDocument.Kind.AUDIO)
            .select_related("read_text")
            .annotate(reading_status=F("read_text__status"), reading_detail=F("read_text__detail"))
            .order_by("title", "pk")
        )

    def get_filename(self) -> str:
        """Name the exported file."""
        return "tep-khong-doc-duoc"


class _ReportItem(MenuItem):
    """An entry of the reports menu for those who work on documents."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of documents."""
        allowed: bool = permission_policy.user_has_any_permission(request.user, PERMISSIONS)
        return allowed


@hooks.register("register_reports_menu_item")
def unread_documents() -> MenuItem:
    """Show which files are not found by their text."""
    url = reverse("search_unread_documents")
    return _ReportItem(
        _("Files not found by their text"),
        url,
        name="unread-documents",
        icon_name="doc-full-inverse",
        order=130,
    )


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Return the addresses of the report."""
    view = UnreadDocumentsReport
    return [
        path("reports/unread-documents/", view.as_view(), name="search_unread_documents"),
        path(
            "reports/unread-documents/results/",
            view.as_view(results_only=True),
            name="search_unread_documents_results",
        ),
    ]
