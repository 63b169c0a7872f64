"""A new index beside the one in use, and the swap: at no moment are there no results, and no change is lost.

While the new index is being filled its name stands in ``IndexState.building``, and ``search.outbox`` tells both indexes of
every change. Versions (see RemoteIndexMixin) keep what is copied from replacing what was delivered in the meantime. It is
written to by an alias of its own: when somebody removes it, writing fails instead of making another.
"""

from __future__ import annotations

import logging
from typing import Any

from django.utils.crypto import get_random_string

from search.building import announce

logger = logging.getLogger(__name__)


class AliasRebuilder:
    """Builds a new index for what Wagtail knows by the name of an alias.

    Args:
        index: the alias.
    """

    def __init__(self, index: Any) -> None:
        self.alias = index
        backend = index.backend
        self.es, self._backend = backend.es, backend.alias
        name = f"{index.name}_{get_random_string(7).lower()}"
        self.index = backend.index_class(backend, name).as_target()

    def start(self) -> Any:
        """Make the new index and return it; from now on changes reach it too."""
        self.index.put()
        self.index.put_alias(self.index.written)
        announce(self._backend, {self.alias.name: self.index.name})
        return self.index

    def finish(self) -> None:
        """Let the new index take over in one step, and remove all others of this name."""
        self._pack()
        self.index.refresh()
        indices = self.es.indices
        name = self.alias.name
        if indices.exists_alias(name=name):
            steps = [{"remove": {"index": old, "alias": name}} for old in indices.get_alias(name=name)]
        elif indices.exists(index=name):
            # an index, not an alias, has the name: it goes in the same step as the alias comes
            steps = [{"remove_index": {"index": name}}]
        else:
            steps = []
        steps += [
            {"add": {"index": self.index.name, "alias": name}},
            {"remove": {"index": self.index.name, "alias": self.index.written}},
        ]
        indices.update_aliases(body={"actions": steps})
        self._is_over()
        self._remove_others()

    def _pack(self) -> None:
        """Have the index written into one piece: each piece is searched for itself, and a question asks for many terms.

        A server that takes longer than it is given goes on by itself; without a piece of one's own nothing is wrong.
        """
        try:
            self.es.indices.forcemerge(index=self.index.name, params={"max_num_segments": 1})
        except Exception as problem:
            logger.warning("The new index %s is not packed: %s", self.index.name, problem)

    def abandon(self) -> None:
        """Remove the new index; the one in use stays."""
        self._is_over()
        self.index.delete()

    def _remove_others(self) -> None:
        prefix = f"{self.alias.name}_"
        for name in list(self.es.indices.get(index=f"{prefix}*")):
            # "site-core_place" is not to take "site-core_place_abcdefg" of another model's index for one of its own
            if name != self.index.name and len(name) == len(self.index.name):
                self.es.indices.delete(index=name)

    def _is_over(self) -> None:
        announce(self._backend, {self.alias.name: None}, only=self.index.name)
