"""Ask the engine that is set; when it fails, ask the database."""

from __future__ import annotations

import dataclasses
import logging

from django.core.cache import cache

from search.engines.base import Engine, SearchQuery, SearchResults
from search.engines.site import BackendEngine

logger = logging.getLogger(__name__)

DATABASE_BACKEND = "search.engines.database"
#: After a failure the engine is left alone for so long (seconds), so that readers do not wait for it one by one.
PAUSE_SECONDS = 30
_DOWN_KEY = "search.engine.down"


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
    if not cache.get(_DOWN_KEY):
        try:
            return engine().search(query)
        except Exception:
            logger.exception("The search engine failed; the database answers for %s seconds.", PAUSE_SECONDS)
            cache.set(_DOWN_KEY, True, PAUSE_SECONDS)
    return dataclasses.replace(database_engine().search(query), degraded=True)
