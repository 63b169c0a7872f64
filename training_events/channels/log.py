"""The channel of an office that has no provider: it sends nothing and says so."""

from __future__ import annotations

import logging

from training_events.channels.base import Receipt, masked

logger = logging.getLogger(__name__)


class LogChannel:
    """Writes down that a message would have gone out; its words stay in the outbox, for staff to read out on the telephone."""

    with_accents = True

    def send(self, phone: str, text: str, *, key: str) -> Receipt:
        """Write a line without words and without the number into the log."""
        logger.info(
            "No message service is connected: message %s (%s characters) to %s was not sent.",
            key,
            len(text),
            masked(phone),
        )
        return Receipt(is_sent=False)
