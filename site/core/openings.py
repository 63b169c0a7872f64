"""What pages take registrations now, and how that is said in a list: asked of whichever section has such pages.

Search works on pages in general and must not know the sections (siblings never import each other); seats change with every
registration and must not wait for an index. So a section registers here what answers for its pages, and lists ask at the moment
at which they are shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Badge:
    """The state of a page in a few words, with the tone of its badge (see ``core.cards.Card``)."""

    text: str
    tone: str


class Source(Protocol):
    """Answers for the pages of one section. Keys of other pages are left out of the answers."""

    def taking(self, keys: Collection[int] | None, now: datetime.datetime) -> set[int]:
        """Return which of the pages (primary keys; None: of all) a resident can register for at ``now`` (aware)."""
        ...

    def badges(self, keys: Collection[int], now: datetime.datetime) -> dict[int, Badge]:
        """Return the state of each of the pages at ``now`` (aware), in the active language."""
        ...

    def over(self, keys: Collection[int], now: datetime.datetime) -> set[int]:
        """Return which of the pages are about something that ended before ``now`` (aware); no query as a rule."""
        ...


_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask ``source`` from now on; called by ``AppConfig.ready`` of a section."""
    _sources.append(source)


def taking(keys: Collection[int] | None, now: datetime.datetime) -> set[int]:
    """See Source.taking; of all sections."""
    return {key for source in _sources for key in source.taking(keys, now)}


def badges(keys: Collection[int], now: datetime.datetime) -> dict[int, Badge]:
    """See Source.badges; of all sections."""
    return {key: badge for source in _sources for key, badge in source.badges(keys, now).items()}


def over(keys: Collection[int], now: datetime.datetime) -> set[int]:
    """See Source.over; of all sections."""
    return {key for source in _sources for key in source.over(keys, now)}
