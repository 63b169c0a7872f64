"""Reports for staff: which guides help, and what readers say. Each member of staff sees the own office's pages only."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from guides.models import GuidePage, OpinionComment, OpinionCount

#: Who may edit or publish a guide may read what its readers say.
PERMISSIONS = ["change", "publish"]


def readable_pages(user: Any) -> QuerySet[Page]:
    """Return the pages whose readers' opinions ``user`` may read."""
    pages: QuerySet[Page] = page_permission_policy.instances_user_has_any_permission_for(user, PERMISSIONS)
    return pages


def _total(field: str) -> Coalesce:
    rows = (
        OpinionCount.objects.filter(page=OuterRef("pk")).order_by().values("page").annotate(total=Sum(field))
    )
    return Coalesce(Subquery(rows.values("total"), output_field=IntegerField()), 0)


def _remarks() -> Coalesce:
    rows = (
        OpinionComment.objects.filter(page=OuterRef("pk"))
        .order_by()
        .values("page")
        .annotate(total=Count("pk"))
    )
    return Coalesce(Subquery(rows.values("total"), output_field=IntegerField()), 0)


def opinion_totals(user: Any) -> QuerySet[GuidePage]:
    """Return the guides with answers that ``user`` may see, with totals, those that helped least first."""
    return (
        GuidePage.objects.filter(pk__in=readable_pages(user).values("pk"))
        .annotate(yes_total=_total("yes"), no_total=_total("no"), remark_total=_remarks())
        .exclude(yes_total=0, no_total=0)
        .order_by("-no_total", "title")
    )


class OpinionReportView(ReportView):
    """Totals per guide."""

    page_title = gettext_lazy("Readers' opinions of guides")
    header_icon = "help"
    index_url_name = "guides_opinion_report"
    index_results_url_name = "guides_opinion_report_results"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS
    is_searchable = False
    default_ordering = None
    columns = [
        TitleColumn("title", label=gettext_lazy("Guide"), url_name="wagtailadmin_pages:edit"),
        Column("yes_total", label=gettext_lazy("Helpful")),
        Column("no_total", label=gettext_lazy("Not helpful")),
        Column("remark_total", label=gettext_lazy("Remarks")),
        Column("last_reviewed_on", label=gettext_lazy("Last reviewed")),
    ]
    list_export = ["title", "yes_total", "no_total", "remark_total", "last_reviewed_on"]
    export_headings = {
        "title": gettext_lazy("Guide"),
        "yes_total": gettext_lazy("Helpful"),
        "no_total": gettext_lazy("Not helpful"),
        "remark_total": gettext_lazy("Remarks"),
        "last_reviewed_on": gettext_lazy("Last reviewed"),
    }

    def get_queryset(self) -> QuerySet[GuidePage]:
        """Return the guides of the user's office."""
        return opinion_totals(self.request.user)


class _DeleteColumn(Column):
    """A button that deletes a remark, for those in which somebody wrote about a person."""

    cell_template_name = "guides/admin/delete_remark.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add the token of the form."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["csrf_token"] = parent_context.get("csrf_token")
        return context


class RemarkReportView(ReportView):
    """Readers' remarks, the newest first."""

    page_title = gettext_lazy("Readers' remarks on guides")
    header_icon = "comment"
    index_url_name = "guides_remark_report"
    index_results_url_name = "guides_remark_report_results"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS
    is_searchable = False
    default_ordering = None
    columns = [
        Column("text", label=gettext_lazy("Remark")),
        Column(
            "helpful",
            label=gettext_lazy("Helpful"),
            accessor=lambda row: _("yes") if row.helpful else _("no"),
        ),
        TitleColumn(
            "page",
            label=gettext_lazy("Guide"),
            url_name="wagtailadmin_pages:edit",
            accessor=lambda row: row.page.title,
            get_title_id=lambda row: f"remark_{row.pk}",
            id_accessor="page_id",
        ),
        DateColumn("day", label=gettext_lazy("Day")),
        _DeleteColumn("delete", label=gettext_lazy("Delete"), accessor="pk"),
    ]
    list_export = ["day", "page.title", "helpful", "text"]
    export_headings = {
        "day": gettext_lazy("Day"),
        "page.title": gettext_lazy("Guide"),
        "helpful": gettext_lazy("Helpful"),
        "text": gettext_lazy("Remark"),
    }

    def get_queryset(self) -> QuerySet[OpinionComment]:
        """Return the remarks on the guides of the user's office."""
        pages = readable_pages(self.request.user).values("pk")
        return OpinionComment.objects.filter(page__in=pages).select_related("page").order_by("-day", "-pk")


@require_POST
def delete_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a remark of the user's own office.

    Raises:
        PermissionDenied: when the guide is another office's.
    """
    remark = get_object_or_404(OpinionComment.objects.select_related("page"), pk=pk)
    if not page_permission_policy.user_has_any_permission_for_instance(
        request.user, PERMISSIONS, remark.page
    ):
        raise PermissionDenied
    remark.delete()
    messages.success(request, _("The remark is deleted."))
    return redirect("guides_remark_report")
