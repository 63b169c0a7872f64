"""The admin: reports on readers' opinions."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from guides import reports


class ReportMenuItem(MenuItem):
    """An entry of the reports menu for those who may read one of the report's pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of pages."""
        allowed: bool = page_permission_policy.user_has_any_permission(request.user, reports.PERMISSIONS)
        return allowed


def _item(label: Any, url_name: str, icon_name: str) -> ReportMenuItem:
    return ReportMenuItem(label, reverse(url_name), name=url_name, icon_name=icon_name, order=800)


@hooks.register("register_reports_menu_item")
def opinion_report() -> MenuItem:
    """Show the totals."""
    return _item(_("Readers' opinions of guides"), "guides_opinion_report", "help")


@hooks.register("register_reports_menu_item")
def remark_report() -> MenuItem:
    """Show the remarks."""
    return _item(_("Readers' remarks on guides"), "guides_remark_report", "comment")


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """Return the addresses of the reports."""
    totals, remarks = reports.OpinionReportView, reports.RemarkReportView
    return [
        path("reports/guides/", totals.as_view(), name="guides_opinion_report"),
        path(
            "reports/guides/results/", totals.as_view(results_only=True), name="guides_opinion_report_results"
        ),
        path("reports/guides/remarks/", remarks.as_view(), name="guides_remark_report"),
        path(
            "reports/guides/remarks/results/",
            remarks.as_view(results_only=True),
            name="guides_remark_report_results",
        ),
        path("reports/guides/remarks/<int:pk>/delete/", reports.delete_remark, name="guides_delete_remark"),
    ]
