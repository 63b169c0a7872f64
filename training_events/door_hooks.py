"""The day of an event in the staff area: door, papers, several registrations at once; and a warning before signing out."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks

from training_events.views import door, papers
from training_events.views.staff_bulk import BulkView


@hooks.register("register_admin_urls")
def door_urls() -> list[URLPattern]:
    """One folder for all doors: the service worker in it reaches no further."""
    return [
        path("ban-don-tiep/sw.js", door.worker, name="training_events_door_worker"),
        path(
            "ban-don-tiep/<int:pk>/<uuid:session_key>/", door.DoorView.as_view(), name="training_events_door"
        ),
        path(
            "ban-don-tiep/<int:pk>/<uuid:session_key>/dong-bo/",
            door.DoorSyncView.as_view(),
            name="training_events_door_sync",
        ),
        path(
            "training-events/<int:pk>/diem-danh/<uuid:session_key>.pdf",
            papers.SheetView.as_view(),
            name="training_events_sheet",
        ),
        path("training-events/<int:pk>/registrations/bulk/", BulkView.as_view(), name="training_events_bulk"),
        path("training-events/<int:pk>/the.pdf", papers.BadgesView.as_view(), name="training_events_badges"),
        path(
            "training-events/<int:pk>/giay-chung-nhan.pdf",
            papers.CertificatesView.as_view(),
            name="training_events_certificates",
        ),
        path(
            "training-events/<int:pk>/giay-chung-nhan/",
            papers.StandingsView.as_view(),
            name="training_events_standings",
        ),
    ]


@hooks.register("insert_global_admin_js")
def warn_before_signing_out() -> SafeString:
    """Signing out empties the device: ask first where check-ins have not been sent yet."""
    return format_html(
        '<script type="module" src="{}" data-sign-out data-lose="{}"></script>',
        static("js/door_sign_out.js"),
        _(
            "%s entries of the reception desk have not been sent yet. If you sign out now, they are lost. Sign out all the same?"
        ),
    )
