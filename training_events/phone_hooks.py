"""Calls in the staff area: registering somebody by phone, changing a registration for somebody."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from training_events.views import staff_change, staff_phone


@hooks.register("register_admin_urls")
def phone_urls() -> list[URLPattern]:
    """Addresses below the event."""
    return [
        path(
            "training-events/<int:pk>/ghi-qua-dien-thoai/",
            staff_phone.PhoneView.as_view(),
            name="training_events_phone",
        ),
        path(
            "training-events/<int:pk>/ghi-qua-dien-thoai/cho/",
            staff_phone.CallSeatsView.as_view(),
            name="training_events_phone_seats",
        ),
        path(
            "training-events/<int:pk>/ghi-qua-dien-thoai/<int:registration>/",
            staff_phone.PhoneDoneView.as_view(),
            name="training_events_phone_done",
        ),
        path(
            "training-events/<int:pk>/registrations/<int:registration>/sua/",
            staff_change.StaffChangeView.as_view(),
            name="training_events_staff_change",
        ),
    ]
