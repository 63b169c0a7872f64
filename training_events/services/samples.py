"""Registrations for a sample site: made by the same service as real ones, with names and numbers that nobody has."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from training_events.models import EventPage, EventStatus, SeatPool
from training_events.services import pools
from training_events.services.registration import RegistrationData, register

#: Sizes of the sample parties, in turn.
_PARTIES = (1, 1, 2, 1, 3)


def fill_with_samples(event: EventPage, *, confirmed: int, waiting: int) -> int:
    """Register sample people for an event that has no registration yet, within its registration window.

    Args:
        event: a live event in any state: also a cancelled or a past one had registrations before.
        confirmed: how many seats to take; no more than there are.
        waiting: how many parties of one to put on the waiting list of a full event.

    Returns:
        The number of registrations made.
    """
    pool = pools.ensure_pool(event)
    if pool.registrations.exists():
        return 0
    opened = pool.opens_at or timezone.now() - datetime.timedelta(days=10)
    made = 0
    with transaction.atomic():
        # what closed the event to visitors came after its registrations; sync_pool puts it back below
        SeatPool.objects.filter(pk=pool.pk).update(
            status=EventStatus.SCHEDULED, staff_only=False, waiting_list=True, opens_at=None
        )
        left = confirmed
        while left > 0:
            size = min(_PARTIES[made % len(_PARTIES)], left, pool.max_party)
            made += 1
            _register(pool, made, size, opened)
            left -= size
        for _number in range(waiting):
            made += 1
            _register(pool, made, 1, opened)
        pools.sync_pool(event)
    return made


def _register(pool: SeatPool, number: int, size: int, opened: datetime.datetime) -> None:
    moment = opened + datetime.timedelta(minutes=7 * number)
    data = RegistrationData(
        name=f"Người dân mẫu {number}",
        phone=f"+849000{number:05d}",
        party_size=size,
        idempotency_key=f"sample-{pool.event_key}-{number}",
        consent_text="Đăng ký mẫu, không phải của người thật.",
        consent_version="sample",
    )
    register(pool, data, now=moment)
