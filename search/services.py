"""Ask the engine that is set; when it fails, ask the database.

How long an engine that fails is left alone is the business of its breaker (``search.breaker``).
"""

from __future__ import annotations

import dataclasses

from django.conf import settings
from wagtail.search.backends import get_search_backend

from search.engines.base import Engine, SearchQuery, SearchResults
from search.engines.site import BackendEngine

DATABASE_BACKEND = "search.engines.database"


def engine() -> Engine:
    """Return the engine that SEARCH_URL names."""
    return BackendEngine("default")


def database_engine() -> Engine:
    """Return the search of the database, which is always up to date."""
    return BackendEngine(DATABASE_BACKEND)


def search(query: SearchQuery) -> SearchResults:
    """Return the results of ``query``; ``degraded`` when the database stood in for the engine.

    Raises only when the database itself fails.
    """
    if settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] == DATABASE_BACKEND:
        return engine().search(query)
    try:
        return engine().search(query)
    except Exception as problem:
        get_search_backend("default").report(problem)
    return dataclasses.replace(database_engine().search(query), degraded=True)
