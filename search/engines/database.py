"""The search of the database that is in use: FTS5 in SQLite, full text in PostgreSQL."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from modelsearch.backends.database.sqlite.utils import fts5_available


def SearchBackend(params: dict[str, Any]) -> Any:
    """Return the backend for the default database.

    Raises:
        ImproperlyConfigured: for another database, or an SQLite without FTS5.
    """
    if connection.vendor == "postgresql":
        from search.engines.postgres import VietnamesePostgresBackend  # noqa: PLC0415 - only where it can be imported

        return VietnamesePostgresBackend(params)
    if connection.vendor == "sqlite":
        if not fts5_available():
            raise ImproperlyConfigured("This SQLite has no FTS5, which search needs; install a newer SQLite.")
        from search.engines.sqlite import VietnameseSQLiteBackend  # noqa: PLC0415 - only where it can be imported

        return VietnameseSQLiteBackend(params)
    raise ImproperlyConfigured(f"Search knows SQLite and PostgreSQL, not {connection.vendor}.")
