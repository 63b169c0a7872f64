"""Addresses of the search, in the language of the page."""

from django.urls import path
from django.utils.functional import lazy
from django.utils.translation import get_language

from search import api, suggest, views

app_name = "search"
#: The parts of the addresses. Fixed here: an address must not depend on a compiled catalogue.
_WORDS = {"search": "tim-kiem/", "suggest": "goi-y/", "clicked": "da-mo/"}


def _route(*names: str) -> str:
    """Return an address in the active language."""
    vietnamese = (get_language() or "vi") == "vi"
    return "".join(_WORDS[name] if vietnamese else f"{name}/" for name in names)


_search = lazy(lambda: _route("search"), str)
_suggest = lazy(lambda: _route("search", "suggest"), str)
_clicked = lazy(lambda: _route("search", "clicked"), str)
_api = lazy(lambda: _route("search") + "api/v1/", str)
_description = lazy(lambda: _route("search") + "opensearch.xml", str)

urlpatterns = [
    path(_search(), views.search, name="search"),
    path(_suggest(), suggest.suggest, name="suggest"),
    path(_clicked(), views.clicked, name="clicked"),
    path(_api(), api.search, name="api"),
    path(_description(), views.description, name="description"),
]
