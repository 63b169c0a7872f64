"""Who builds an index anew, what is remembered of it meanwhile, and what becomes of a rebuild whose process was killed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from search import claims, outbox
from search.models import IndexState

logger = logging.getLogger(__name__)

CLAIM = "rebuild"
#: Seconds after which a rebuild that gave no sign of life no longer blocks another. It gives one with every chunk; a server that
#: has too much to do lets a chunk wait for a minute and a half (remote_index.PATIENCE).
SILENT = 180


class AlreadyRunning(Exception):
    """Another process is building the index."""


class Overtaken(Exception):
    """This rebuild was silent for so long that another process has begun one: it stops."""


class Builder:
    """A rebuild that is going on.

    Args:
        owner: of the claim.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def goes_on(self) -> None:
        """Give a sign of life.

        Raises:
            Overtaken: see there.
        """
        if not claims.keep(CLAIM, self.owner):
            raise Overtaken("Another process has begun to build the search index.")


@contextmanager
def alone() -> Iterator[Builder]:
    """Build while nobody else does, on whichever machine.

    Raises:
        AlreadyRunning: see there.
    """
    owner = claims.take(CLAIM, SILENT)
    if owner is None:
        raise AlreadyRunning("The search index is being built already.")
    try:
        _clear()
        yield Builder(owner)
    finally:
        claims.release(CLAIM, owner)


def clear_broken_off() -> bool:
    """Clear away what a rebuild left whose process was killed; return whether there was anything."""
    if claims.is_held(CLAIM, SILENT) or not IndexState.objects.exclude(building={}).exists():
        return False
    with alone():
        return True


def _clear() -> None:
    """Remove half-built indexes, and have a database told again of what the rebuild may have overwritten."""
    for state in IndexState.objects.exclude(building={}):
        if state.backend in outbox.server_names():
            backend = outbox.server(state.backend)
            for name in state.building.values():
                try:
                    backend.index_class(backend, name).delete()
                except Exception as problem:
                    # the next rebuild removes it (AliasRebuilder.finish)
                    logger.warning("The half-built index %s stays: %s", name, problem)
        announce(state.backend, dict.fromkeys(state.building))
        if state.backend not in outbox.server_names():
            outbox.tell_again(state.backend)
        outbox.deliver.enqueue()


def announce(backend: str, names: dict[str, str | None], only: str | None = None) -> None:
    """Let everybody know which indexes are being built.

    Args:
        backend: alias of the engine.
        names: name of an index → of the one that is to take its place; None: it is no longer being built.
        only: leave those alone that somebody else is building: whose name is another.
    """
    with transaction.atomic():
        state, _ = IndexState.objects.select_for_update().get_or_create(backend=backend)
        for name, new in names.items():
            if new is not None:
                state.building[name] = new
            elif only is None or state.building.get(name) == only:
                state.building.pop(name, None)
        state.save(update_fields=["building"])


class InPlace:
    """Builds the index of a database entry by entry, where it is.

    What is read for it may be older than what the worker writes meanwhile. So changes that are delivered meanwhile are not struck
    out, and told again at the end.

    Args:
        name: alias of the engine.
        index: the index.
        builder: who builds.
    """

    def __init__(self, name: str, index: Any, builder: Builder) -> None:
        self._name, self._index, self._builder = name, index, builder

    def start(self) -> Any:
        """Let changes be kept from now on, remove entries of objects that are gone, and return the index."""
        announce(self._name, {"": self._builder.owner})
        self._index.delete_stale_entries()
        return self._index

    def finish(self) -> None:
        """Let changes be struck out again."""
        announce(self._name, {"": None}, only=self._builder.owner)

    def abandon(self) -> None:
        """Stop; what was overwritten is told again."""
        self.finish()
        outbox.tell_again(self._name)
