"""In which pages something else stands: the name of a topic, the other names of a place.

What shows such things from a copy, as the search index does, asks here which pages to read again when one was saved. Each
section answers for its own pages, so nobody needs to know it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q
from django.dispatch import Signal, receiver

from core.models import Audience, ContentPage, Pillar, Place, Topic

#: Sent with ``instance``, an object that was saved or is about to be deleted; receivers return the keys of the pages, or None.
asked = Signal()

_RELATIONS: dict[type[Model], str] = {
    Topic: "topic_items__tag",
    Place: "places",
    Audience: "audiences",
    Pillar: "pillar",
}


def pages_that_show(instance: Model) -> set[int]:
    """Return the keys of the pages, of all offices and languages, in which something of ``instance`` stands."""
    answers: list[tuple[Any, Any]] = asked.send(type(instance), instance=instance)
    return {key for _receiver, keys in answers for key in keys or ()}


@receiver(asked)
def pages_of_term(instance: Any, **_kwargs: Any) -> Iterable[int] | None:
    """Return the pages that are classified by a term; a translation's are those of the term itself, to which all pages refer."""
    relation = _RELATIONS.get(type(instance))
    if relation is None:
        return None
    of_term = Q(**{f"{relation}__translation_key": instance.translation_key})
    return ContentPage.objects.filter(of_term).order_by().values_list("pk", flat=True).distinct()
