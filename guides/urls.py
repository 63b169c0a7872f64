"""Addresses of the guides app besides its pages."""

from django.urls import path

from guides import views

urlpatterns = [
    path("huong-dan/y-kien/<int:page_id>/", views.opinion, name="guides_opinion"),
    path("huong-dan/y-kien/<int:page_id>/cam-on/", views.thanks, name="guides_opinion_thanks"),
]
