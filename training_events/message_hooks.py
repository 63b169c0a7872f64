"""The admin: messages and opinions beside each event (imported by wagtail_hooks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from training_events.models import EventPage, EventSeriesPage
from training_events.views.staff_calls import CallsView
from training_events.views.staff_messages import FeedbackListView, MessageListView, MessagePreviewView


@hooks.register("register_admin_urls")
def message_urls() -> list[URLPattern]:
    """Addresses below the staff area."""
    base = "training-events/<int:pk>"
    return [
        path("training-events/calls/", CallsView.as_view(), name="training_events_calls"),
        path(f"{base}/messages/", MessageListView.as_view(), name="training_events_messages"),
        path(
            f"{base}/messages/preview/", MessagePreviewView.as_view(), name="training_events_message_preview"
        ),
        path(f"{base}/opinions/", FeedbackListView.as_view(), name="training_events_opinions"),
    ]


@hooks.register("register_page_header_buttons")
def message_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer messages and opinions in the menu of the event's own page."""
    is_event = page.cached_content_type.model_class() in (EventPage, EventSeriesPage)
    if is_event and page.permissions_for_user(user).can_edit():
        for name, label, icon, rank in (
            ("training_events_messages", _("Messages"), "mail", 6),
            ("training_events_opinions", _("Opinions"), "comment", 7),
        ):
            yield Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=rank)
