"""A circuit breaker around the search server: when it fails, readers do not wait for it one by one.

Closed: everybody asks the server. After a failure it is open: nobody does, for a pause that doubles with every failure. When
the pause is over one reader tries (half-open): if that works it is closed again. The state is in the cache, so that all
processes that share a cache share it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.cache import cache

logger = logging.getLogger(__name__)

#: Seconds: the first pause, the longest one, and how long one reader may try before another may.
FIRST_PAUSE, LONGEST_PAUSE, TRIAL = 2.0, 60.0, 5.0
#: Seconds after which a state is forgotten that nobody has asked about: the next reader then simply tries.
KEPT = 3600


@dataclass(frozen=True, slots=True)
class Outage:
    """Since when a server has not answered (seconds since the epoch), until when it is left alone, and how long the pause is."""

    since: float
    until: float
    pause: float


class Breaker:
    """The breaker of one server.

    Args:
        name: of the server; part of the cache key.
        on_return: called after the server has answered again.
    """

    def __init__(self, name: str, on_return: Callable[[], object] = lambda: None) -> None:
        self._key, self._trial = f"search.breaker.{name}", f"search.breaker.{name}.trial"
        self.name, self._on_return = name, on_return

    @property
    def outage(self) -> Outage | None:
        """The outage that is going on, as far as is known."""
        return cache.get(self._key)

    @property
    def is_open(self) -> bool:
        """Whether the server is being left alone."""
        outage = self.outage
        return outage is not None and outage.until > time.time()

    def allows(self) -> bool:
        """Return whether to ask the server now. Whoever was allowed says afterwards how it went."""
        outage = self.outage
        if outage is None:
            return True
        return outage.until <= time.time() and cache.add(self._trial, True, TRIAL)

    def failed(self, reason: object) -> None:
        """Leave the server alone for a while. ``reason``: for the log, which gets one line for each outage."""
        now, outage = time.time(), self.outage
        if outage is None:
            logger.warning("The search server %s fails; the database stands in. (%s)", self.name, reason)
            outage = Outage(now, now + FIRST_PAUSE, FIRST_PAUSE)
        elif outage.until <= now:
            pause = min(outage.pause * 2, LONGEST_PAUSE)
            outage = replace(outage, until=now + pause, pause=pause)
        cache.set(self._key, outage, KEPT)
        cache.delete(self._trial)

    def succeeded(self) -> None:
        """Let everybody ask the server again."""
        outage = self.outage
        if outage is None:
            return
        # readers who began to ask before the failure must not end a pause that has just begun
        if outage.until > time.time():
            return
        cache.delete_many([self._key, self._trial])
        logger.warning(
            "The search server %s answers again after %.0f seconds.", self.name, time.time() - outage.since
        )
        self._on_return()

    def reset(self) -> None:
        """Forget all failures: somebody has seen the server work."""
        cache.delete_many([self._key, self._trial])
