"""Addresses of registration and of calendar files. Forms and personal pages are never cached; they stand in no page tree."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from training_events.views import calendar, certificate, change, feedback, kept, lookup, own, register


class KeyConverter(IntConverter):
    """A primary key. Longer numbers are no key at all, and databases refuse to look for them."""

    regex = "[0-9]{1,9}"


register_converter(KeyConverter, "key")

app_name = "training_events"
urlpatterns = [
    path("dang-ky/<key:pk>/", register.RegisterView.as_view(), name="register"),
    path("dang-ky/<key:pk>/lich.ics", calendar.event_calendar, name="calendar"),
    path("dang-ky/<key:pk>/du-lieu-ca-nhan/", kept.kept, name="kept"),
    path("dang-ky/du-lieu-ca-nhan/", kept.kept, name="kept"),
    path("dang-ky/tra-cuu/", lookup.LookupView.as_view(), name="lookup"),
    path("dang-ky/xac-nhan/<str:token>/", own.RegistrationView.as_view(), name="registration"),
    path("dang-ky/xac-nhan/<str:token>/sua/", change.ChangeView.as_view(), name="change"),
    path("dang-ky/xac-nhan/<str:token>/huy/", own.CancelView.as_view(), name="cancel"),
    path("dang-ky/gop-y/<str:signed>/", feedback.FeedbackView.as_view(), name="feedback"),
    path("xac-nhan/", certificate.CertificateView.as_view(), name="certificates"),
    path("xac-nhan/<str:code>/", certificate.CertificateView.as_view(), name="certificate"),
    path("lich-tap-huan.ics", calendar.feed, name="feed"),
    path("lich-tap-huan/<str:kind>/<slug:slug>.ics", calendar.feed, name="feed_of"),
]
