"""Which files a page offers to its readers, and which pages offer a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex, get_page_models

from core.models import ContentPage, SiteDocument

#: Name of the method of a page type that lists files without naming them in its content, as a library does.
LISTING = "listed_documents"
_DOCUMENT_LINK = re.compile(r'<a\b[^>]*\blinktype="document"[^>]*>')
_ID = re.compile(r'\bid="(\d+)"')


def public() -> QuerySet[SiteDocument]:
    """Return the documents that everybody may download: in no collection with a privacy setting, nor below one."""
    hidden = Q(pk__in=[])
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        hidden |= Q(collection__path__startswith=path)
    return SiteDocument.objects.exclude(hidden)


def document_ids(page: ContentPage) -> list[int]:
    """Return the keys of the documents that the content of ``page`` names, in the order of the content.

    Looks at the content itself, not at Wagtail's reference index, which a task writes later. A document that was deleted may
    still be named.
    """
    return list(dict.fromkeys(_named(page)))


def _named(obj: Model) -> Iterator[int]:
    for field, wanted in _fields(type(obj)):
        value = field.value_from_object(obj)
        if value is None:
            continue
        if isinstance(field, StreamField):
            yield from _in_stream(value, wanted)
        elif field.is_relation:
            yield value
        else:
            yield from _in_html(str(value))
    for accessor in _children(type(obj)):
        for child in getattr(obj, accessor).all():
            yield from _named(child)


@lru_cache(maxsize=256)
def _fields(model: type[Model]) -> tuple[tuple[Any, frozenset[str]], ...]:
    """Return the fields of a model in which a document may stand; of a stream also the block types that may name one."""
    found = []
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            wanted = frozenset(
                name for name, child in field.stream_block.child_blocks.items() if _may_name(child)
            )
            if wanted:
                found.append((field, wanted))
        elif hasattr(field, "extract_references") or (
            field.many_to_one and field.concrete and field.related_model is SiteDocument
        ):
            found.append((field, frozenset()))
    return tuple(found)


@lru_cache(maxsize=256)
def _children(model: type[Model]) -> tuple[str, ...]:
    """Return the names of child relations whose rows may name a document: most have none and cost no query."""
    return tuple(
        relation.get_accessor_name()
        for relation in get_all_child_relations(model)
        if _fields(relation.related_model) or _children(relation.related_model)
    )


def _may_name(block: blocks.Block) -> bool:
    if isinstance(block, (DocumentChooserBlock, blocks.RichTextBlock)):
        return True
    if isinstance(block, blocks.ListBlock):
        return _may_name(block.child_block)
    if isinstance(block, (blocks.BaseStructBlock, blocks.BaseStreamBlock)):
        return any(_may_name(child) for child in block.child_blocks.values())
    return False


def _in_stream(value: Any, wanted: frozenset[str]) -> Iterator[int]:
    for raw in value.raw_data:
        if raw["type"] in wanted:
            yield from _in_block(value.stream_block.child_blocks[raw["type"]], raw["value"])


def _in_block(block: blocks.Block, raw: Any) -> Iterator[int]:
    """Return the documents in a block's stored form: reading that asks the database nothing."""
    if isinstance(block, DocumentChooserBlock):
        if isinstance(raw, int):
            yield raw
    elif isinstance(block, blocks.RichTextBlock):
        yield from _in_html(str(raw or ""))
    elif isinstance(block, blocks.ListBlock):
        for item in raw or []:
            stored = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            yield from _in_block(block.child_block, item["value"] if stored else item)
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            if isinstance(raw, dict) and _may_name(child):
                yield from _in_block(child, raw.get(name))
    elif isinstance(block, blocks.BaseStreamBlock):
        for item in raw or []:
            if item["type"] in block.child_blocks:
                yield from _in_block(block.child_blocks[item["type"]], item["value"])


def _in_html(html: str) -> Iterator[int]:
    for link in _DOCUMENT_LINK.findall(html):
        found = _ID.search(link)
        if found:
            yield int(found[1])


def _references(keys: list[int] | None = None) -> QuerySet[ReferenceIndex]:
    """Return Wagtail's references from pages to documents (to ``keys`` only)."""
    types = ContentType.objects
    rows = ReferenceIndex.objects.filter(
        base_content_type=types.get_for_model(Page), to_content_type=types.get_for_model(SiteDocument)
    )
    return rows if keys is None else rows.filter(to_object_id__in=[str(key) for key in keys])


def offered(page: ContentPage) -> list[int]:
    """Return the keys of the documents that readers of ``page`` are offered, in its order; none of a page that is not live.

    A list of all files (the library) leaves those to others that a page of its own explains: that page is the better answer.
    """
    if not page.live:
        return []
    specific = page if type(page) is page.specific_class else page.specific
    found = document_ids(specific)
    listing = getattr(specific, LISTING, None)
    if listing is not None:
        keys = [document.pk for document in listing()]
        sources = list(
            _references(keys).exclude(object_id=str(page.pk)).values_list("object_id", "to_object_id")
        )
        others = ContentPage.objects.live().filter(
            pk__in={int(source) for source, _ in sources}, locale=page.locale
        )
        live = set(others.values_list("pk", flat=True))
        explained = {int(key) for source, key in sources if int(source) in live}
        found += [key for key in keys if key not in explained]
    return list(dict.fromkeys(found))


def pages_offering(keys: list[int]) -> list[Page]:
    """Return the live pages that offer any of the documents ``keys``, and every page that lists files."""
    sources = [int(key) for key in _references(keys).values_list("object_id", flat=True).distinct()]
    listing = [model for model in get_page_models() if hasattr(model, LISTING)]
    lists = (
        Q(content_type__in=list(ContentType.objects.get_for_models(*listing).values()))
        if listing
        else Q(pk__in=[])
    )
    return list(ContentPage.objects.live().filter(Q(pk__in=sources) | lists).select_related("content_type"))
