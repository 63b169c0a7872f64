"""Addresses of registration. They are never cached: forms and personal pages stand here, not in the page tree."""

from django.urls import path

from training_events.views import calendar, lookup, own, register

app_name = "training_events"
urlpatterns = [
    path("dang-ky/<int:pk>/", register.RegisterView.as_view(), name="register"),
    path("dang-ky/<int:pk>/lich.ics", calendar.event_calendar, name="calendar"),
    path("dang-ky/tra-cuu/", lookup.LookupView.as_view(), name="lookup"),
    path("dang-ky/xac-nhan/<str:token>/", own.RegistrationView.as_view(), name="registration"),
    path("dang-ky/xac-nhan/<str:token>/huy/", own.CancelView.as_view(), name="cancel"),
]
