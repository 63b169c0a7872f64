"""The admin's first page, the reports of the whole office, and what is left out because it would confuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from home import reports, translating
from home.today import today_for

#: Wagtail's panels that ours replaces, and its reports that count over all offices.
_REPLACED_PANELS = {"RecentEditsPanel", "WhatsNewInWagtailVersionPanel"}
_ADMINISTRATORS_ONLY = {"page-types-usage", "aging-pages"}


class TodayPanel(Component):
    """Answers what is to be done today."""

    name = "today"
    template_name = "home/admin/today.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the day of the signed-in user."""
        user = parent_context["request"].user if parent_context else None
        now = timezone.now()
        return {"today": today_for(user, now), "now": now}


@hooks.register("construct_homepage_panels")
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    """Begin with the day; Wagtail's panels of what waits for approval follow."""
    panels[:] = [panel for panel in panels if type(panel).__name__ not in _REPLACED_PANELS]
    panels.append(TodayPanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counts(request: HttpRequest, summary_items: list[Any]) -> None:
    """Leave out the counts of pages, images and documents: they say nothing about the day."""
    summary_items.clear()


class _ReportItem(MenuItem):
    """An entry of the reports menu for those who work on pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of pages."""
        allowed: bool = page_permission_policy.user_has_any_permission(request.user, reports.PERMISSIONS)
        return allowed


@hooks.register("register_reports_menu_item")
def required_content() -> MenuItem:
    """Show what must be published."""
    url = reverse("home_required_content")
    return _ReportItem(
        _("Required content"), url, name="required-content", icon_name="clipboard-list", order=100
    )


@hooks.register("register_reports_menu_item")
def review() -> MenuItem:
    """Show what was not reviewed for long."""
    return _ReportItem(
        _("Pages by last review"), reverse("home_review"), name="review", icon_name="time", order=110
    )


@hooks.register("construct_reports_menu")
def own_reports(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Keep reports that count over every office for administrators."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name not in _ADMINISTRATORS_ONLY]


@hooks.register("construct_help_menu")
def no_foreign_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's own news and its English manual: staff have docs/huong-dan-bien-tap.md."""
    menu_items[:] = [
        item for item in menu_items if item.name not in {"editor-guide"} and "whats-new" not in item.name
    ]


@hooks.register("register_admin_urls", order=-1)
def guarded_translation_urls() -> list[URLPattern]:
    """Stand before wagtail-localize's own addresses, which ask for a permission but not for whose page it is."""
    return translating.guarded_urls()


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """Return the addresses of the reports."""
    required, reviewed = reports.RequiredContentReport, reports.ReviewReport
    return [
        path("reports/required-content/", required.as_view(), name="home_required_content"),
        path(
            "reports/required-content/results/",
            required.as_view(results_only=True),
            name="home_required_content_results",
        ),
        path("reports/review/", reviewed.as_view(), name="home_review"),
        path("reports/review/results/", reviewed.as_view(results_only=True), name="home_review_results"),
    ]
