"""The admin: registrations beside each event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from training_events import (  # noqa: F401 - they register their own hooks
    admin_reports,
    door_hooks,
    message_hooks,
    page_hooks,
    phone_hooks,
)
from training_events.models import EventPage, EventSeriesPage
from training_events.services import removal, series
from training_events.views.exports import RegistrationExportView
from training_events.views.staff import RegistrationListView
from training_events.views.staff_registration import RegistrationDetailView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses below the staff area."""
    return [
        path(
            "training-events/<int:pk>/registrations/",
            RegistrationListView.as_view(),
            name="training_events_registrations",
        ),
        path(
            "training-events/<int:pk>/registrations/<int:registration>/",
            RegistrationDetailView.as_view(),
            name="training_events_registration",
        ),
        *(
            path(
                f"training-events/<int:pk>/registrations.{form}",
                RegistrationExportView.as_view(),
                {"form": form},
                name=f"training_events_registrations_{form}",
            )
            for form in ("csv", "xlsx")
        ),
    ]


def _button(page: Page, user: Any) -> Iterator[Button]:
    is_event = page.cached_content_type.model_class() in (EventPage, EventSeriesPage)
    if is_event and page.permissions_for_user(user).can_edit():
        url = reverse("training_events_registrations", args=[page.pk])
        yield Button(_("Registrations"), url, icon_name="group", priority=5)
        figures = reverse("training_events_event_figures", args=[page.pk])
        yield Button(_("Figures"), figures, icon_name="table", priority=7)


@hooks.register("register_page_header_buttons")
def header_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer the list in the menu of the event's own page."""
    return _button(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Offer the list in the page explorer."""
    return _button(page, user)


@hooks.register("before_move_page")
def keep_registrations(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move an event with registrations into a series, and a date that people registered for out of one."""
    event = page.specific
    if not isinstance(event, EventPage) or destination.pk == page.get_parent().pk:
        return None
    into_series = isinstance(destination.specific, EventSeriesPage)
    if into_series and series.has_own_registrations(event):
        text = _("People are registered for this class itself. It cannot become part of a series any more.")
    elif removal.leaving(event, now=timezone.now()) is not None:
        text = _(
            "People are registered for the series and count on the date of this class. It cannot leave the series; if it does "
            "not take place, cancel it or postpone it instead."
        )
    else:
        return None
    messages.error(request, text)
    return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Name what the page's history records."""
    actions.register_action(
        "training_events.export", _("Export registrations"), _("Exported the registrations of this event")
    )

    @actions.register_action("training_events.release")
    class ReleaseFormatter(LogFormatter):
        """Says whose seats were given to everybody, and how many."""

        label = _("Release seats held back")

        def format_message(self, log_entry: Any) -> str:
            """Return the line of the history."""
            data = log_entry.data
            text = _("Gave %(seats)s seats held back for %(labels)s to everybody: the commune was deleted.")
            return str(text) % {"seats": data["seats"], "labels": ", ".join(data["labels"])}
