"""What every page needs and what changes a few times a year, kept for a minute.

Saving anything that it is made of empties the memory at once in this process (core/signals.py), in others after a minute, or
at once where all share one cache.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache

CACHE_SECONDS = 60
#: So long a process uses a shared value without asking the cache for it again, and so many of them.
OWN_SECONDS, OWN_VALUES = 5, 500
_VERSION_KEY = "core.memory.version"
#: Key → (until when, on the monotonic clock; value). Old versions are never asked for again and go when there are too many.
_own: dict[str, tuple[float, Any]] = {}


def _new_version() -> str:
    # never one that was used before: a cache that was emptied must not make old values current again
    return secrets.token_hex(8)


def remember(name: str, *parts: object, make: Callable[[], Any], shared: bool = False) -> Any:
    """Return the kept value of ``name`` and ``parts``, made by calling ``make`` where there is none.

    Args:
        name: what it is.
        parts: what it depends on.
        make: reads it.
        shared: nobody ever changes the value, so that all callers of this process may have the same one; a large value that
            every request needs is then not unpacked from the cache each time.
    """
    version = cache.get_or_set(_VERSION_KEY, _new_version, None)
    key = ":".join(["core.memory", str(version), name, *map(str, parts)])
    if not shared:
        return cache.get_or_set(key, make, CACHE_SECONDS)
    now = time.monotonic()
    until, value = _own.get(key, (0.0, None))
    if now >= until:
        value = cache.get_or_set(key, make, CACHE_SECONDS)
        if len(_own) >= OWN_VALUES:
            _own.clear()
        _own[key] = (now + OWN_SECONDS, value)
    return value


def forget() -> None:
    """Drop everything that is kept, for all offices."""
    cache.set(_VERSION_KEY, _new_version(), None)
