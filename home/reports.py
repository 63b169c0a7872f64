"""Reports for staff: what must be published and what was not reviewed for long. Each sees the own offices only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput
from wagtail.permissions import page_permission_policy

from core.models import ContentPage
from core.staff import offices_of
from core.taxonomy import source_language
from home.required import Row, State, rows_for

#: Who may work on a page may see how its office stands.
PERMISSIONS = ["add", "change", "publish"]


class _DayColumn(Column):
    """A date as people write it; Wagtail's own column says how long ago it is."""

    def get_value(self, instance: Any) -> str:
        """Return the day, or nothing."""
        day = super().get_value(instance)
        return date_format(day, "d/m/Y") if day else ""


class _ActionColumn(Column):
    """A link to the page, or to the form that creates it."""

    cell_template_name = "home/admin/required_action.html"


class RequiredContentReport(ReportView):
    """Per office: what must be published, whether it is, and when it was reviewed."""

    page_title = _("Required content")
    verbose_name_plural = _("required contents")
    header_icon = "clipboard-list"
    index_url_name = "home_required_content"
    index_results_url_name = "home_required_content_results"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS
    is_searchable = False
    default_ordering = None
    columns = [
        Column("label", label=_("What")),
        Column("office", label=_("Office")),
        StatusTagColumn(
            "state_label", label=_("State"), primary=lambda row: row.state in (State.GOOD, State.DUE)
        ),
        Column("note", label=_("What is missing")),
        _DayColumn("last_reviewed_on", label=_("Last reviewed")),
        Column("source", label=_("Asked for by")),
        _ActionColumn("url", label=_("To do")),
    ]
    list_export = ["office", "label", "state_label", "note", "last_reviewed_on", "source"]
    export_headings = {
        "office": _("Office"),
        "label": _("What"),
        "state_label": _("State"),
        "note": _("What is missing"),
        "last_reviewed_on": _("Last reviewed"),
        "source": _("Asked for by"),
    }

    def get_filtered_queryset(self) -> list[Row]:
        """Return the rows of the user's own offices."""
        user = self.request.user
        return rows_for(offices_of(user), user, timezone.localdate())

    def get_filename(self) -> str:
        """Name the file by its day."""
        return f"noi-dung-bat-buoc-{timezone.localdate():%Y-%m-%d}"


class ReviewFilters(WagtailFilterSet):
    """By the day before which nobody has reviewed."""

    last_reviewed_on = django_filters.DateFilter(
        label=_("Last reviewed before"), lookup_expr="lte", widget=AdminDateInput
    )
    live = django_filters.BooleanFilter(label=_("Published"))

    class Meta:
        model = ContentPage
        fields = ["last_reviewed_on", "live"]


class ReviewReport(ReportView):
    """Pages by their last review, the longest ago first."""

    page_title = _("Pages by last review")
    verbose_name_plural = _("pages")
    header_icon = "time"
    index_url_name = "home_review"
    index_results_url_name = "home_review_results"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS
    filterset_class = ReviewFilters
    is_searchable = False
    default_ordering = None
    columns = [
        TitleColumn("title", label=_("Page"), url_name="wagtailadmin_pages:edit"),
        Column("page_type_display_name", label=_("Kind")),
        Column("responsible_unit", label=_("Responsible unit")),
        _DayColumn("published_on", label=_("Published on")),
        _DayColumn("last_reviewed_on", label=_("Last reviewed")),
    ]
    list_export = [
        "title",
        "page_type_display_name",
        "responsible_unit",
        "published_on",
        "last_reviewed_on",
        "full_url",
    ]
    export_headings = {
        "title": _("Page"),
        "page_type_display_name": _("Kind"),
        "responsible_unit": _("Responsible unit"),
        "published_on": _("Published on"),
        "last_reviewed_on": _("Last reviewed"),
        "full_url": _("Web address"),
    }

    def get_queryset(self) -> QuerySet[ContentPage]:
        """Return the source pages that the user may edit."""
        own: Any = page_permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["change", "publish"]
        )
        return (
            ContentPage.objects.in_language(source_language())
            .filter(pk__in=own.values("pk"))
            .select_related("content_type", "locale")
            .order_by("last_reviewed_on", "published_on", "pk")
        )
