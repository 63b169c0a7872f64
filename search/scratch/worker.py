"""What the processes that index run. Imports nothing of Django before it is set up: they begin with nothing loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def set_up() -> None:
    """Load the program in a new process."""
    import django  # noqa: PLC0415

    django.setup()
    hurry()


def hurry() -> None:
    """Spare SQLite the waits for the disk: nothing of a scratch has to survive a power cut."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-65536")


def read(label: str, keys: Sequence[int]) -> list[Any]:
    """Return the pages of one type (``app.Model``) with what indexing reads of them."""
    from django.apps import apps  # noqa: PLC0415

    pages = apps.get_model(label).objects.filter(pk__in=keys)
    return list(pages.select_related("locale").prefetch_related("topics", "places"))


def add(backend: str, label: str, keys: Sequence[int]) -> int:
    """Index pages of one type for a backend; return how many."""
    from django.apps import apps  # noqa: PLC0415
    from wagtail.search.backends import get_search_backend  # noqa: PLC0415

    model = apps.get_model(label)
    get_search_backend(backend).get_index_for_model(model).add_items(model, read(label, keys))
    return len(keys)
