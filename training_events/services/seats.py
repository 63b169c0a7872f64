"""The one place where seats change: one short transaction that holds the pool's row, one conditional UPDATE.

Never count and then insert: between the two, another request inserts as well and the event is oversold. See
docs/registration.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F, Q

from training_events.models import SeatPool


@contextmanager
def holding(pool_id: int) -> Iterator[SeatPool]:
    """Open a transaction in which nobody else can change the pool, and give the pool as it is now.

    The first statement writes to the pool's row: PostgreSQL then holds the row until the commit, SQLite (transactions
    begin IMMEDIATE) holds the database.

    Raises:
        SeatPool.DoesNotExist: when there is no such pool.
    """
    with transaction.atomic():
        SeatPool.objects.filter(pk=pool_id).update(arrivals=F("arrivals"))
        yield SeatPool.objects.get(pk=pool_id)


def next_arrival(pool_id: int) -> int:
    """Return the number of the party that arrives now, counted from 1; to be called while holding the pool."""
    SeatPool.objects.filter(pk=pool_id).update(arrivals=F("arrivals") + 1)
    return SeatPool.objects.values_list("arrivals", flat=True).get(pk=pool_id)


def take(pool_id: int, count: int) -> bool:
    """Take ``count`` seats, all or none; return whether there were enough."""
    enough = Q(capacity__isnull=True) | Q(taken__lte=F("capacity") - count)
    return SeatPool.objects.filter(enough, pk=pool_id).update(taken=F("taken") + count) == 1


def give_back(pool_id: int, count: int) -> None:
    """Free ``count`` seats that a party held."""
    SeatPool.objects.filter(pk=pool_id).update(taken=F("taken") - count)
