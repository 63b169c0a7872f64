"""Addresses of the search, in the language of the page."""

from django.urls import path
from django.utils.functional import lazy
from django.utils.translation import get_language

from search import views

app_name = "search"


def _route() -> str:
    """Return the first part of the address. Fixed here: an address must not depend on a compiled catalogue."""
    return "tim-kiem/" if (get_language() or "vi") == "vi" else "search/"


_search = lazy(_route, str)
_description = lazy(lambda: _route() + "opensearch.xml", str)

urlpatterns = [
    path(_search(), views.search, name="search"),
    path(_description(), views.description, name="description"),
]
