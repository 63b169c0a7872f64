"""The admin: figures, a person's data, and who looked at personal data, in the reports menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core import staff
from training_events.views.figures import EventFiguresView, PeriodFiguresView
from training_events.views.looks import LooksReport
from training_events.views.people import PeopleView, may_answer


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """Addresses below the staff area."""
    return [
        path(
            "training-events/<int:pk>/figures/",
            EventFiguresView.as_view(),
            name="training_events_event_figures",
        ),
        path("reports/training-events/", PeriodFiguresView.as_view(), name="training_events_figures"),
        path("reports/personal-data/", PeopleView.as_view(), name="training_events_people"),
        path("reports/looks/", LooksReport.as_view(), name="training_events_looks"),
        path(
            "reports/looks/results/",
            LooksReport.as_view(results_only=True),
            name="training_events_looks_results",
        ),
    ]


class _OfficeItem(MenuItem):
    """Shown to who works for an office."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask which offices these are."""
        return bool(staff.offices_of(request.user))


class _AnsweringItem(MenuItem):
    """Shown to who answers for an office's events."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of pages."""
        return may_answer(request.user)


class _AdministratorItem(MenuItem):
    """Shown to administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the account."""
        user: Any = request.user
        return bool(user.is_superuser)


@hooks.register("register_reports_menu_item")
def figures_item() -> MenuItem:
    """How many came to what."""
    return _OfficeItem(
        _("Figures of training events"), reverse("training_events_figures"),
        name="training-figures", icon_name="table", order=120,
    )  # fmt: skip


@hooks.register("register_reports_menu_item")
def people_item() -> MenuItem:
    """What a person may ask of an office."""
    return _AnsweringItem(
        _("A person's data"),
        reverse("training_events_people"),
        name="person-data",
        icon_name="user",
        order=130,
    )


@hooks.register("register_reports_menu_item")
def looks_item() -> MenuItem:
    """Who looked at personal data."""
    return _AdministratorItem(
        _("Who looked at personal data"), reverse("training_events_looks"),
        name="personal-data-looks", icon_name="view", order=140,
    )  # fmt: skip
