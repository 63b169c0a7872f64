"""Changes on their way to the indexes: noted with the change itself, delivered by a task, tried again until they arrive.

Saving and publishing only write rows to the database, one for each engine, whatever state the engines are in. A task that
fails, a worker that is killed and a server that is down lose nothing: the rows stay, and the next task, or ``manage
deliver_index`` every few minutes, takes them up.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django_tasks import task
from modelsearch.backends import import_backend
from modelsearch.backends.base import get_model_root
from wagtail.search.backends import get_search_backend

from core.showing import pages_that_show
from search import telling
from search.models import IndexChange, IndexState
from search.models.index_state import BATCH

logger = logging.getLogger(__name__)

PAGE = "wagtailcore.page"
#: Fewest changes in one go, however slow a server is.
LEAST = 10
#: Seconds before the first new try, and the longest time between two. Each failure doubles the time.
FIRST_RETRY, LONGEST_RETRY = 5, 300
#: Seconds that a task works; what is left then goes to one of a lower priority, since a message to a resident must not wait.
AT_A_TIME, LATER = 5.0, -40
#: Seconds after which whoever is telling an engine, and says nothing, no longer keeps others from it.
BUSY = 60
#: Seconds after which a change that nobody delivered was forgotten: ``manage deliver_index`` takes it up.
FORGOTTEN = 60


def server_names() -> list[str]:
    """Return the aliases of the backends that are search servers."""
    return [
        name
        for name, conf in settings.WAGTAILSEARCH_BACKENDS.items()
        if getattr(import_backend(conf["BACKEND"]), "is_server", False)
    ]


def engine_names() -> list[str]:
    """Return the aliases of all backends, the database first: it keeps what result lists show, and is never down."""
    servers = server_names()
    return [name for name in settings.WAGTAILSEARCH_BACKENDS if name not in servers] + servers


def server(name: str) -> Any:
    """Return the backend of a search server, which knows its alias."""
    backend = get_search_backend(name)
    backend.alias = name
    return backend


def note(objects: Sequence[Model], *, follows: bool = False) -> None:
    """Note that objects were saved or deleted; it is delivered after the transaction.

    Args:
        objects: of models that are searched.
        follows: they show something that has changed: they are told after all others, and urgent changes of theirs stay urgent.
    """
    _note([(get_model_root(type(obj))._meta.label_lower, str(obj.pk)) for obj in objects], follows=follows)


def _note(changes: Iterable[tuple[str, str]], *, follows: bool = False) -> None:
    listed = list(dict.fromkeys(changes))
    if not listed:
        return
    number = time.time_ns()
    IndexChange.objects.bulk_create(
        [
            IndexChange(backend=name, model=model, object_id=key, number=number, follows=follows)
            for model, key in listed
            for name in settings.WAGTAILSEARCH_BACKENDS
        ],
        update_conflicts=True,
        unique_fields=["backend", "model", "object_id"],
        update_fields=["number", "is_told", *([] if follows else ["follows"])],
        batch_size=500,
    )
    # a row of this transaction, as the changes are: no worker sees it before they can be read
    deliver.enqueue()


def note_pages(keys: Iterable[int]) -> None:
    """Note pages in which something stands that has changed, as the name of a topic (core.showing)."""
    _note([(PAGE, str(key)) for key in sorted(keys)], follows=True)


@task()
def deliver() -> int:
    """Tell the engines of changes that they do not know yet; return how many. What fails is tried again later."""
    delivered, is_over = deliver_now(AT_A_TIME)
    if not is_over:
        deliver.using(priority=LATER).enqueue()
    return delivered


def deliver_now(seconds: float | None = None) -> tuple[int, bool]:
    """Tell the engines; return how many changes they were told of, and whether that was all that was to be tried.

    Args:
        seconds: about how long; None, or where tasks run at once: until nothing is left.
    """
    until = time.monotonic() + seconds if seconds and deliver.get_backend().supports_defer else None
    delivered, is_over = 0, True
    for name in engine_names():
        number, is_done = _deliver_to(name, until)
        delivered, is_over = delivered + number, is_over and is_done
    return delivered, is_over


def deliver_forgotten() -> int:
    """Deliver changes that no task has taken up, as after a worker was killed; return how many."""
    before = time.time_ns() - FORGOTTEN * 1_000_000_000
    waiting = set(
        IndexChange.objects.filter(is_told=False, number__lt=before)
        .order_by()
        .values_list("backend", flat=True)
        .distinct()
    )
    # whoever failed lately has a task that will try again at its hour
    later = set(
        IndexState.objects.filter(retry_at__gt=timezone.now() - datetime.timedelta(seconds=FORGOTTEN))
        .values_list("backend", flat=True)
    )  # fmt: skip
    return sum(_deliver_to(name, None)[0] for name in engine_names() if name in waiting - later)


def _deliver_to(name: str, until: float | None) -> tuple[int, bool]:
    """Tell one engine, unless somebody else is at it; see ``deliver_now``."""
    waiting = IndexChange.objects.filter(backend=name, is_told=False).order_by("pk")
    groups = list(waiting.order_by("follows", "model").values_list("follows", "model").distinct())
    if not groups:
        return 0, True
    state, _ = IndexState.objects.get_or_create(backend=name)
    states = IndexState.objects.filter(backend=name)
    if not _go_on(states.filter(Q(busy_until__isnull=True) | Q(busy_until__lt=timezone.now()))):
        # he looks once more when he is done; unless he was killed
        if deliver.get_backend().supports_defer:
            deliver.using(run_after=timezone.now() + datetime.timedelta(seconds=BUSY)).enqueue()
        return 0, True
    try:
        delivered, is_complete, is_over = _deliver_groups(name, state, waiting, groups, until)
    finally:
        states.update(busy_until=None)
    if is_complete:
        if state.tries or state.retry_at or state.batch < BATCH:
            states.update(retry_at=None, tries=0, batch=min(2 * state.batch, BATCH))
        if is_over and waiting.exists():
            deliver.enqueue()
    return delivered, is_over


def _go_on(states: QuerySet[IndexState]) -> bool:
    return bool(states.update(busy_until=timezone.now() + datetime.timedelta(seconds=BUSY)))


def _deliver_groups(
    name: str,
    state: IndexState,
    waiting: QuerySet[IndexChange],
    groups: Sequence[tuple[bool, str]],
    until: float | None,
) -> tuple[int, bool, bool]:
    """Return how many changes were told, whether none failed, and whether all were tried."""
    engine = telling.Server(server(name)) if name in server_names() else telling.Database(name)
    size = min(state.batch, engine.batch)
    delivered, is_complete = 0, True
    for follows, model in groups:
        # each index by itself: one that is missing holds up no other
        rows, last = waiting.filter(follows=follows, model=model), 0
        while changes := list(rows.filter(pk__gt=last)[:size]):
            last = changes[-1].pk
            failed = _told(engine, name, model, changes, state)
            is_complete = is_complete and failed == set()
            if failed is None:
                break
            delivered += len(changes) - len(failed)
            if len(changes) < size:
                break
            if until is not None and time.monotonic() > until:
                return delivered, is_complete, False
            _go_on(IndexState.objects.filter(backend=name))
    return delivered, is_complete, True


def _told(
    engine: telling.Engine, name: str, model: str, changes: Sequence[IndexChange], state: IndexState
) -> set[str] | None:
    """Tell one engine; return the keys that it could not take, None where it took nothing, and see to a new try of those."""
    try:
        found = engine.tell(model, [change.object_id for change in changes], quiet=state.tries > 0)
    except Exception as problem:
        is_first = _retry_later(name, halved=state.batch if engine.is_too_slow(problem) else 0)
        engine.report(problem, len(changes), is_first=is_first)
        return None
    if found.failed:
        _retry_later(name)
    told = [change for change in changes if change.object_id not in found.failed]
    if name == engine_names()[0] and not changes[0].follows:
        note_pages({key for obj in found.objects for key in pages_that_show(obj)})
    _settle(engine, name, told)
    return found.failed


def _settle(engine: telling.Engine, name: str, told: Sequence[IndexChange]) -> None:
    """Strike out what an engine was told. A change that came in the meantime has another number and stays."""
    keys = [change.pk for change in told]
    rows: QuerySet[IndexChange] = IndexChange.objects.filter(pk__in=keys, number__in={c.number for c in told})
    if engine.keeps_newer:
        _remove(rows)
        return
    # asked after the changes were read: a rebuild that begins later reads what they have changed
    is_building = IndexState.objects.filter(backend=name).exclude(building={}).exists()
    if (rows.update(is_told=True) if is_building else _remove(rows)) < len(keys):
        # somebody else has told the engine of a newer change and struck it out, perhaps before our older one was written
        left = set(IndexChange.objects.filter(pk__in=keys).values_list("pk", flat=True))
        _note([(c.model, c.object_id) for c in told if c.pk not in left], follows=True)


def _remove(rows: QuerySet[IndexChange]) -> int:
    """Delete rows; return how many. Nobody else hears of them, and asking the many listeners would read each row first."""
    if not connection.features.has_select_for_update_skip_locked:
        return rows._raw_delete(rows.db)
    with transaction.atomic():
        keys = _free(rows)
        free = IndexChange.objects.filter(pk__in=keys)
        return free._raw_delete(free.db) if keys else 0


def _free(rows: QuerySet[IndexChange]) -> list[int]:
    """Lock rows and return their keys, without those that an editor's transaction is writing: they are noted anew, and neither
    may wait for the other.
    """
    return list(rows.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True))


def strike_out(known: Sequence[tuple[int, int]]) -> None:
    """Strike out changes, each by key and number, that stand in an index which was built anew."""
    for start in range(0, len(known), BATCH):
        part = known[start : start + BATCH]
        keys, numbers = {pk for pk, _number in part}, {number for _pk, number in part}
        _remove(IndexChange.objects.filter(pk__in=keys, number__in=numbers))


def tell_again(name: str) -> None:
    """Have a database told once more of what happened while its index was being built anew from what may be older."""
    with transaction.atomic():
        free = _free(IndexChange.objects.filter(backend=name))
        for start in range(0, len(free), BATCH):
            rows = IndexChange.objects.filter(pk__in=free[start : start + BATCH])
            rows.update(is_told=False, number=time.time_ns())


def _retry_later(name: str, halved: int = 0) -> bool:
    """See to one new try, however many tasks have failed in the meantime; return whether this was the first failure.

    Args:
        name: alias of the engine.
        halved: the number of changes that was too much for it; 0: it was not their number.
    """
    IndexState.objects.get_or_create(backend=name)
    now = timezone.now()
    states = IndexState.objects.filter(backend=name)
    if halved:
        states.filter(batch=halved).update(batch=max(halved // 2, LEAST))
    tries = states.values_list("tries", flat=True).get()
    wait = datetime.timedelta(seconds=min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY))
    free = states.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now))
    if free.update(retry_at=now + wait, tries=F("tries") + 1) and deliver.get_backend().supports_defer:
        deliver.using(run_after=now + wait).enqueue()
    return not tries
