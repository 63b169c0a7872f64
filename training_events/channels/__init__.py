"""Ways to reach a telephone: one small interface, so that a provider can be put in without touching a caller."""

from __future__ import annotations

from django.conf import settings

from training_events.channels.base import Channel, Receipt, Refused, TryLater
from training_events.channels.http import HttpChannel
from training_events.channels.log import LogChannel

__all__ = ["Channel", "HttpChannel", "LogChannel", "Receipt", "Refused", "TryLater", "phone_channel"]


def phone_channel() -> Channel:
    """Return the channel that the environment names (SMS_URL), else the one that only records."""
    if not settings.SMS_URL:
        return LogChannel()
    return HttpChannel(
        settings.SMS_URL,
        token=settings.SMS_TOKEN,
        sender=settings.SMS_SENDER,
        with_accents=settings.SMS_ACCENTS,
    )
