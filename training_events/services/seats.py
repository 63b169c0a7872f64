"""The one place where seats change: one short transaction that holds the pool's row, one conditional UPDATE.

Never count and then insert: between the two, another request inserts as well and the event is oversold. See
docs/registration.md.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Case, F, Q, Sum, Value, When

from training_events.models import Registration, SeatPool, SeatReserve


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


def has_room(
    pool: SeatPool, count: int, reserve: SeatReserve | None = None, *, now: datetime.datetime
) -> bool:
    """Return whether a party gets ``count`` seats by the rule that ``take`` enforces; for a pool and a reserve just read.

    Whoever fits into the seats kept for him needs nothing but room in the hall. Whoever needs more than those takes seats of
    everybody, and then what is still held back for others must fit in as well. Where no more is promised than there is, the two
    come to the same; where seats were lowered or promised twice, only the first gives anybody the seats that are there.

    Args:
        pool: the pool.
        count: seats, at least 1.
        reserve: the reserve of those who ask, if they have one.
        now: the moment (aware) that decides whether seats are still held back.
    """
    if pool.capacity is None:
        return True
    own = 0 if reserve is None else reserve.unused
    others = 0 if count <= own else max(0, pool.held_at(now) - own)
    return pool.taken + count + others <= pool.capacity


def best(
    pool: SeatPool, count: int, claims: Sequence[SeatReserve], *, now: datetime.datetime
) -> SeatReserve | None:
    """Return on which of its claims a party takes its seats: one that has them all goes before one that has some.

    Where it fits on none of them, the first (its commune's) counts; None for a party without a claim.
    """
    ordered = sorted(claims, key=lambda one: one.unused < count)
    return next((one for one in ordered if has_room(pool, count, one, now=now)), next(iter(claims), None))


def next_arrival(pool_id: int) -> int:
    """Return the number of the party that arrives now, counted from 1; to be called while holding the pool."""
    SeatPool.objects.filter(pk=pool_id).update(arrivals=F("arrivals") + 1)
    return SeatPool.objects.values_list("arrivals", flat=True).get(pk=pool_id)


def take(
    pool_id: int, count: int, *, now: datetime.datetime, reserve_id: int | None = None, beyond: bool = False
) -> bool:
    """Take ``count`` seats, all or none; return whether there were enough. To be called while holding the pool.

    Seats held back for others are not free (the rule: ``has_room``). Those for whom seats are held back use up their own first,
    so that taking them lowers ``held`` by as much.

    Args:
        pool_id: the pool.
        count: seats, at least 1.
        now: the moment (aware) that decides whether seats are still held back.
        reserve_id: the reserve of those who take them, if they have one.
        beyond: whether staff seat the party past the capacity.
    """
    own = _unused(reserve_id)
    used = min(count, own)
    rows = SeatPool.objects.filter(pk=pool_id)
    if not beyond:
        others = Case(When(held_until__lte=now, then=Value(0)), default=F("held") - own)
        free = F("capacity") - count - (Value(0) if count <= own else others)
        enough = Q(capacity__isnull=True) | Q(taken__lte=free)
        rows = rows.filter(enough)
    if rows.update(taken=F("taken") + count, held=F("held") - used) != 1:
        return False
    if reserve_id is not None:
        SeatReserve.objects.filter(pk=reserve_id).update(taken=F("taken") + count)
    return True


def give_back(pool_id: int, count: int, *, reserve_id: int | None = None) -> None:
    """Free ``count`` seats that a party held; those of a reserve are held back again."""
    before = _unused(reserve_id)
    if reserve_id is not None:
        SeatReserve.objects.filter(pk=reserve_id).update(taken=F("taken") - count)
    SeatPool.objects.filter(pk=pool_id).update(
        taken=F("taken") - count, held=F("held") + _unused(reserve_id) - before
    )


def count_reserves(pool_id: int) -> None:
    """Count the seats of every reserve anew after an editor changed them; to be called while holding the pool."""
    rows = Registration.objects.filter(
        pool_id=pool_id, status__in=Registration.HOLDING, reserve__isnull=False
    )
    taken = dict(rows.order_by().values_list("reserve").annotate(total=Sum("party_size")))
    held = 0
    for reserve in SeatReserve.objects.filter(pool_id=pool_id):
        reserve.taken = taken.get(reserve.pk, 0)
        reserve.save(update_fields=["taken"])
        held += reserve.unused
    SeatPool.objects.filter(pk=pool_id).update(held=held)


def give_up(pool_id: int, reserves: Sequence[SeatReserve]) -> int:
    """Hold nothing back for these reserves any more, nor what their parties give back later; return how many seats that frees.

    Who has a seat keeps it. To be called while holding the pool.
    """
    freed = sum(one.unused for one in reserves)
    SeatReserve.objects.filter(pk__in=[one.pk for one in reserves]).update(capacity=0)
    count_reserves(pool_id)
    return freed


def _unused(reserve_id: int | None) -> int:
    return 0 if reserve_id is None else SeatReserve.objects.get(pk=reserve_id).unused
