"""Pages from documents, thousands at a time: rows as a save would leave them, without revisions and tasks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.blocks import StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site

from core import vietnamese
from core.models import ContentPage, Topic
from core.models.pages import TopicTag
from search import kinds
from search.scratch.documents import Document

BATCH = 500
#: The pages above the documents are no results: a title without a letter is never found.
NO_WORD = "–"


def page_types() -> dict[str, type[ContentPage]]:
    """Return type of document → page type, for every kind that readers filter by."""
    slugs = {slug: name for name, slug in kinds.SLUGS.items()}
    found: dict[str, type[ContentPage]] = {}
    for model in kinds.page_types():
        name = slugs.get(kinds.kind_of(model))
        if name:
            found.setdefault(name, model)
    return found


class Tree:
    """Builds a site with one section per page type and the documents below them."""

    def __init__(self) -> None:
        self.locale = Locale.objects.get_or_create(language_code="vi")[0]
        self.now = timezone.now()
        self.types = page_types()
        self._sections: dict[type, Page] = {}
        self._children: dict[int, int] = {}
        self._topics: dict[str, Topic] = {}
        self._number = 0
        root = Page.get_first_root_node()
        self._children[root.pk] = root.numchild
        self._root = root

    def add(self, documents: Sequence[Document]) -> dict[int, str]:
        """Insert one batch; return primary key → id of the document."""
        found: dict[int, str] = {}
        with transaction.atomic():
            for name, model in self.types.items():
                chosen = [document for document in documents if document.type == name]
                if not chosen:
                    continue
                section = self._section(model)
                pages = [self._page(model, section, document) for document in chosen]
                insert(pages)
                found.update({page.pk: document.id for page, document in zip(pages, chosen, strict=True)})
                self._tag(pages, chosen)
        return found

    def finish(self) -> Site:
        """Count the children of each section and let the site begin at the home page."""
        for key, number in self._children.items():
            Page.objects.filter(pk=key).update(numchild=number)
        home = next((page for page in self._sections.values() if page.depth == 2), None)
        Site.objects.all().delete()
        site = Site(hostname="localhost", port=80, site_name=NO_WORD, is_default_site=True)
        site.root_page = Page.objects.get(pk=(home or self._root).pk)
        site.save()
        return site

    def _section(self, model: type[ContentPage]) -> Page:
        """Return the page below which editors put pages of this type, made with everything above it where missing."""
        parents = [parent for parent in model.allowed_parent_page_models() if parent is not model]
        parent = parents[0] if parents else Page
        if parent is Page:
            return self._root
        if parent not in self._sections:
            above = self._section(parent)
            page = self._row(parent, above, NO_WORD, f"muc-{len(self._sections) + 1}")
            insert([page])
            self._sections[parent] = page
        return self._sections[parent]

    def _row(self, model: type[Page], parent: Page, title: str, slug: str) -> Any:
        number = self._children.get(parent.pk, 0) + 1
        self._children[parent.pk] = number
        page = model(
            title=title,
            draft_title=title,
            slug=slug,
            locale=self.locale,
            translation_key=uuid.uuid4(),
            content_type=ContentType.objects.get_for_model(model),
            path=Page._get_path(parent.path, parent.depth + 1, number),
            depth=parent.depth + 1,
            numchild=0,
            url_path=f"{parent.url_path}{slug}/",
            live=True,
            first_published_at=self.now,
            last_published_at=self.now,
        )
        for field in model._meta.concrete_fields:
            self._fill(page, field)
        return page

    def _fill(self, page: Any, field: models.Field[Any, Any]) -> None:
        """Give a number where a page type asks for one and has none of its own (the number of an issue)."""
        is_number = (
            isinstance(field, models.IntegerField) and not field.primary_key and not field.remote_field
        )
        if is_number and not field.null and getattr(page, field.attname) is None:
            self._number += 1
            setattr(page, field.attname, self._number % 32_000 + 1)

    def _page(self, model: type[ContentPage], section: Page, document: Document) -> Any:
        slug = vietnamese.slugify(document.id, fallback="tai-lieu")[:60]
        page = self._row(model, section, document.title, f"{slug}-{self._children.get(section.pk, 0) + 1}")
        page.intro = document.intro
        page.published_on = document.date
        write_text(page, document)
        return page

    def _tag(self, pages: Sequence[Any], documents: Sequence[Document]) -> None:
        rows = []
        for page, document in zip(pages, documents, strict=True):
            topics = {topic.pk: topic for topic in map(self._topic, document.tags)}
            rows += [TopicTag(tag=topic, content_object_id=page.pk) for topic in topics.values()]
        TopicTag.objects.bulk_create(rows)

    def _topic(self, name: str) -> Topic:
        slug = vietnamese.slugify(name, fallback="khac")[:100]
        if slug not in self._topics:
            self._topics[slug] = Topic.objects.get_or_create(
                slug=slug, locale=self.locale, defaults={"name": name}
            )[0]
        return self._topics[slug]


def write_text(page: Any, document: Document) -> None:
    """Put the paragraphs where the page type keeps its text: ``body``, else its first stream of items.

    A page type without either keeps title and introduction only.
    """
    streams = [field for field in type(page)._meta.concrete_fields if isinstance(field, StreamField)]
    for field in sorted(streams, key=lambda field: field.name != "body"):
        blocks = stream(field.stream_block, document)
        if blocks:
            setattr(page, field.attname, json.dumps(blocks))
            return


def stream(block: StreamBlock, document: Document) -> list[dict[str, Any]]:
    """Return the stored form of a stream with the document's text; empty where its blocks hold no running text."""
    if "paragraph" in block.child_blocks:
        return [_body_block(block, heading, text) for heading, text in document.paragraphs]
    for name, child in block.child_blocks.items():
        if isinstance(child, StructBlock) and {"title", "text"} <= set(child.child_blocks):
            return [
                _block(name, {"title": title, "text": "".join(f"<p>{escape(text)}</p>" for text in texts)})
                for title, texts in _parts(document.paragraphs)
            ]
    return []


def _body_block(block: StreamBlock, heading: bool, text: str) -> dict[str, Any]:
    if heading and "heading" in block.child_blocks:
        return _block("heading", {"text": text, "level": "h2"})
    return _block("paragraph", f"<p>{escape(text)}</p>")


def _block(name: str, value: Any) -> dict[str, Any]:
    return {"type": name, "value": value, "id": str(uuid.uuid4())}


def _parts(paragraphs: Iterable[tuple[bool, str]]) -> list[tuple[str, list[str]]]:
    """Return (heading, paragraphs below it)."""
    found: list[tuple[str, list[str]]] = []
    for heading, text in paragraphs:
        if heading or not found:
            found.append((text, []) if heading else ("", [text]))
        else:
            found[-1][1].append(text)
    return found


def insert(pages: Sequence[Any]) -> None:
    """Insert pages of one type, table by table.

    Django refuses bulk_create for models with several tables; what it does itself for a save is done here for many rows.
    """
    model = type(pages[0])
    chain = [*reversed(model._meta.get_parent_list()), model]
    chain.sort(key=lambda table: len(table._meta.get_parent_list()))
    for table in chain:
        fields = [
            field for field in table._meta.local_concrete_fields if not isinstance(field, models.AutoField)
        ]
        made: list[Any] = []
        size = max(1, connection.ops.bulk_batch_size(fields, list(pages)))
        for start in range(0, len(pages), size):
            made += table._base_manager.get_queryset()._insert(
                pages[start : start + size], fields=fields, using=connection.alias,
                returning_fields=table._meta.db_returning_fields,
            ) or []  # fmt: skip
        for page, row in zip(pages, made, strict=False):
            for field, value in zip(table._meta.db_returning_fields, row, strict=True):
                setattr(page, field.attname, value)
        for page in pages:
            for lower in chain:
                for parent, link in lower._meta.parents.items():
                    if parent is table and link is not None:
                        setattr(page, link.attname, getattr(page, table._meta.pk.attname))
    for page in pages:
        page._state.adding = False
