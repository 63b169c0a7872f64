"""Files below pages of the news section."""

from django.urls import re_path

from news import routes, views

_PAGE = r"^(?P<path>(?:[\w-]+/)+)"

urlpatterns = [
    re_path(rf"{_PAGE}feed\.(?P<form>atom|rss)$", views.feed, name="news_feed"),
    re_path(
        rf"{_PAGE}{routes.LOUDSPEAKER_FILE.replace('.', '[.]')}$",
        views.loudspeaker_file,
        name="news_loudspeaker",
    ),
]
