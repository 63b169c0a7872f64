"""Writing to an index of a search server."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from modelsearch.index import class_is_indexed

logger = logging.getLogger(__name__)

#: Documents in one request.
CHUNK = 200
CONFLICT = 409
#: How often an index being built offers documents again that a busy server refuses (429), the seconds before the first time,
#: which double, and the longest pause: a minute and a half in all. Changes are tried again by the outbox.
PATIENCE = {"max_retries": 7, "initial_backoff": 1, "max_backoff": 30}


class NotIndexed(Exception):
    """The server could not take documents: their index is missing, or it has too much to do."""


class RemoteIndexMixin:
    """Writes documents with the time at which they were read as their version: what is older never replaces what is newer."""

    backend: Any
    es: Any
    name: str
    mapping_class: type[Any]
    #: It has no readers yet: it is being built.
    is_target = False

    @property
    def written(self) -> str:
        """The name that is written to, always an alias: a server makes an index of its own, with fields of its own guessing,
        of another name that is missing.
        """
        return f"{self.name}-new" if self.is_target else self.name

    def as_target(self) -> Any:
        """Let this index, which no reader's alias stands for, be written to."""
        self.is_target = True
        return self

    def add_models(self, models: Sequence[Any]) -> None:
        """Tell the server of the fields of several models in one request: each is a change of state of the whole cluster."""
        fields: dict[str, Any] = {}
        for model in models:
            mapping = self.mapping_class(model).get_mapping()
            fields |= mapping.pop("properties")
        self.es.indices.put_mapping(index=self.name, body={**mapping, "properties": fields})

    def add_item(self, item: Any) -> None:
        """Index an object."""
        self.add_items(type(item), [item])

    def add_items(self, model: Any, items: Sequence[Any], number: int | None = None) -> None:
        """Index objects of one model.

        Args:
            model: their class.
            items: the objects.
            number: time before they were read (nanoseconds); now, where it is left out.

        Raises:
            NotIndexed: see there.
        """
        if not class_is_indexed(model) or not items:
            return
        number = time.time_ns() if number is None else number
        mapping = self.mapping_class(model)
        self.write(
            {
                "_op_type": "index",
                "_id": mapping.get_document_id(item),
                "version": number,
                "version_type": "external_gte",
                "_source": mapping.get_document(item),
            }
            for item in items
        )

    def delete_item(self, item: Any) -> None:
        """Remove an object."""
        self.remove([str(item.pk)])

    def remove(self, keys: Iterable[str], number: int | None = None) -> None:
        """Remove objects by their keys; those that are not there are no error."""
        number = time.time_ns() if number is None else number
        self.write(
            {"_op_type": "delete", "_id": key, "version": number, "version_type": "external_gte"}
            for key in keys
        )

    def write(self, actions: Iterable[dict[str, Any]]) -> None:
        """Send actions in requests of CHUNK documents."""
        options: dict[str, Any] = {"require_alias": True, **(PATIENCE if self.is_target else {})}
        if self.backend.refresh_at_once:
            options["refresh"] = True
        _, errors = self.backend.bulk(
            self.es, actions, index=self.written, chunk_size=CHUNK, raise_on_error=False, **options
        )
        for error in errors:
            [(kind, answer)] = error.items()
            status = answer["status"]
            if status == CONFLICT or (kind == "delete" and status == 404 and "error" not in answer):
                continue
            if status != 400:
                raise NotIndexed(str(answer.get("error", answer))[:500])
            # it will refuse this document every time: it must not keep the others out
            logger.error(
                "The search server refuses %s of %s: %s", answer["_id"], self.name, answer.get("error")
            )
