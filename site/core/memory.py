"""What every page needs and what changes a few times a year, kept for a minute.

Saving anything that it is made of empties the memory at once in this process (core/signals.py), in others after a minute, or
at once where all share one cache.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

CACHE_SECONDS = 60
_VERSION_KEY = "core.memory.version"


def remember(name: str, *parts: object, make: Callable[[], Any]) -> Any:
    """Return the kept value of ``name`` and ``parts``, made by calling ``make`` where there is none."""
    version = cache.get_or_set(_VERSION_KEY, 1, None)
    key = ":".join(["core.memory", str(version), name, *map(str, parts)])
    return cache.get_or_set(key, make, CACHE_SECONDS)


def forget() -> None:
    """Drop everything that is kept, for all offices."""
    try:
        cache.incr(_VERSION_KEY)
    except ValueError:
        cache.set(_VERSION_KEY, 1, None)
