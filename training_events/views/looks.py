"""Who looked at personal data: a report for administrators."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput

from training_events.models import PersonalDataAccess
from training_events.spreadsheets import safe_cell


class LookFilters(WagtailFilterSet):
    """By kind, member of staff and days."""

    user_name = django_filters.CharFilter(label=_("Staff"), lookup_expr="icontains")
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("Since"), widget=AdminDateInput
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=AdminDateInput
    )

    class Meta:
        model = PersonalDataAccess
        fields = ["kind", "user_name", "since", "until"]


class _MomentColumn(Column):
    """The moment to the second: a trace has to be exact."""

    def get_value(self, instance: Any) -> str:
        """Return the moment in the site's time zone."""
        return f"{timezone.localtime(super().get_value(instance)):%d/%m/%Y %H:%M:%S}"


class LooksReport(ReportView):
    """The looks, the latest first."""

    page_title = _("Who looked at personal data")
    verbose_name_plural = _("looks at personal data")
    header_icon = "view"
    index_url_name = "training_events_looks"
    index_results_url_name = "training_events_looks_results"
    model = PersonalDataAccess
    filterset_class = LookFilters
    is_searchable = False
    default_ordering = None
    columns = [
        _MomentColumn("at", label=_("When")),
        Column("user_name", label=_("Staff")),
        Column("get_kind_display", label=_("What")),
        Column("pool", label=_("Training event")),
        Column("registration_id", label=_("Registration (number)")),
        Column("count", label=_("How many")),
        Column("reason", label=_("Reason")),
    ]
    list_export = [
        "at",
        "user_name",
        "get_kind_display",
        "pool",
        "registration_id",
        "count",
        "detail",
        "reason",
    ]
    export_headings = {
        "at": _("When"),
        "user_name": _("Staff"),
        "get_kind_display": _("What"),
        "pool": _("Training event"),
        "registration_id": _("Registration (number)"),
        "count": _("How many"),
        "detail": _("Details"),
        "reason": _("Reason"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in administrators: the report watches over staff."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[PersonalDataAccess]:
        """Return the looks with their events."""
        return PersonalDataAccess.objects.select_related("pool")

    def to_row_dict(self, item: PersonalDataAccess) -> dict[str, Any]:
        """Return a row of the file; what staff typed starts no formula."""
        row: dict[str, Any] = super().to_row_dict(item)
        row["at"] = f"{timezone.localtime(item.at):%Y-%m-%d %H:%M:%S}"
        return {
            name: safe_cell(value) if isinstance(value, str) else value for name, value in row.items()
        } | {"pool": safe_cell(item.pool or "")}

    def get_filename(self) -> str:
        """Name the file by its day."""
        return f"ai-da-xem-du-lieu-{timezone.localdate():%Y-%m-%d}"
