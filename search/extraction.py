"""The texts of an object that its ``search_fields`` name, sorted by weight."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Manager, Model
from django.utils import translation
from django.utils.encoding import force_str
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField

from core.models import ContentPage
from search import documents
from search.analysis import section_lines
from search.highlight import readable
from search.models import PageText

#: A database refuses NUL in text.
_NO_NUL = {0: " "}


@dataclass
class Texts:
    """``title``: the title; ``lead``: fields with a boost; ``body``: the rest; ``related``: names of related objects.

    ``files``: key and text of each file that a page offers to everybody.
    """

    title: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    files: list[tuple[int, str]] = field(default_factory=list)
    autocomplete: list[str] = field(default_factory=list)

    @property
    def below_title(self) -> tuple[list[str], list[str], list[str], list[str]]:
        """All but the title, from what says most of a page to what says least."""
        return self.lead, self.related, self.body, [text for _key, text in self.files]


def _strings(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, str):
        yield value.translate(_NO_NUL)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple, set)):
        for item in value:
            yield from _strings(item)
    else:
        yield force_str(value).translate(_NO_NUL)


def extract(obj: Model) -> Texts:
    """Return the texts of an indexed object."""
    found = Texts()
    for entry in obj.get_search_fields():  # type: ignore[attr-defined]
        if isinstance(entry, SearchField):
            if entry.field_name == "title":
                found.title.extend(_strings(entry.get_value(obj)))
            elif (entry.boost or 1) > 1:
                found.lead.extend(_strings(entry.get_value(obj)))
            else:
                found.body.extend(_strings(entry.get_value(obj)))
        elif isinstance(entry, AutocompleteField):
            found.autocomplete.extend(_strings(entry.get_value(obj)))
        elif isinstance(entry, RelatedFields):
            _extract_related(entry, obj, found)
    if isinstance(obj, ContentPage):
        found.files.extend((document.pk, text) for document, text in documents.texts_for(obj))
    return found


def _extract_related(entry: Any, obj: Model, found: Texts) -> None:
    value = entry.get_value(obj)
    if value is None:
        return
    rows = (
        value.all()
        if isinstance(value, Manager) or hasattr(value, "all")
        else [value() if callable(value) else value]
    )
    for row in rows:
        for inner in entry.fields:
            if isinstance(inner, RelatedFields):
                _extract_related(inner, row, found)
            elif isinstance(inner, SearchField):
                found.related.extend(_strings(inner.get_value(row)))
            elif isinstance(inner, AutocompleteField):
                found.autocomplete.extend(_strings(inner.get_value(row)))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is narrowed and sorted by, and what its card says; see PageText."""

    date: datetime.date | None
    meta: list[str]
    facets: str


def shown(page: ContentPage) -> Shown:
    """Return what is kept of a page besides its texts."""
    with translation.override(page.locale.language_code):
        card = page.get_card()
        meta = [str(line) for line in card.meta]
    return Shown(card.date, meta, _facets(page))


def store_texts(objs: Sequence[Any], texts: dict[Any, Texts]) -> None:
    """Keep what result lists show of pages. ``texts``: by primary key. Objects of other models are left alone."""
    rows = []
    for page in objs:
        if not isinstance(page, ContentPage):
            continue
        found = texts[page.pk]
        says = shown(page)
        folded, exact = section_lines(
            [found.title, found.lead, found.body + found.related, [text for _key, text in found.files]]
        )
        text, bare = readable("\n".join([*found.lead, *found.body]))
        rows.append(
            PageText(
                page_id=page.pk,
                text=text,
                bare=bare,
                folded=folded,
                exact=exact,
                date=says.date,
                meta=says.meta,
                facets=says.facets,
                files=documents.described(found.files),
            )
        )
    PageText.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=[column.name for column in PageText._meta.fields if not column.primary_key],
    )


def _facets(page: ContentPage) -> str:
    """Return what filters narrow the page by, as PageText keeps it."""
    rows = (
        *(f"t{item.tag_id}" for item in page.topic_items.all()),
        *(f"p{place.pk}" for place in page.places.all()),
        *(f"a{audience.pk}" for audience in page.audiences.all()),
    )
    return " ".join(rows)
