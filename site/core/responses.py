"""Answers of our own kind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

logger = logging.getLogger(__name__)


class FollowedResponse(HttpResponse):
    """An answer after which something is done for which its reader does not wait.

    A server closes an answer when it has been sent (PEP 3333, HttpResponse.close); the connections to the database are given back
    after that. What fails then is written to the log: nobody can be told any more.
    """

    def __init__(self, content: str, *, follow: Callable[[], object], **options: Any) -> None:
        """Answer with ``content``. ``follow``: is called once. ``options``: those of HttpResponse."""
        super().__init__(content, **options)
        self._follow: Callable[[], object] | None = follow

    def close(self) -> None:
        """Do what follows, then close."""
        follow, self._follow = self._follow, None
        try:
            if follow is not None:
                follow()
        except Exception:
            logger.exception("What follows an answer failed.")
        finally:
            super().close()
