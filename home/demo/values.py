"""From the YAML of the sample content to what StreamFields and rich-text fields store."""

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from core.blocks import TableBlock
from home.demo.media import Media

_PAGE_LINK = re.compile(r'<a page="([^"]+)">')
_NAMESPACE = uuid.UUID("5d6f1c1e-6d0f-4f0e-9f38-1b7a3f0c2024")


class Values:
    """Converts values; needs to know media, pages and help points by their keys."""

    def __init__(
        self, media: Media, find_page: Callable[[str, str], Page], find_point: Callable[[str], Any]
    ) -> None:
        """Take the finders. ``find_page(site, reference)`` gets ``slug`` or ``commune:slug``."""
        self._media, self._find_page, self._find_point = media, find_page, find_point

    def rich_text(self, site: str, html: str) -> str:
        """Return stored rich text: ``<a page="slug">`` becomes an internal link."""
        html = re.sub(r"\s*\n\s*", " ", html or "").strip()
        return _PAGE_LINK.sub(lambda m: f'<a linktype="page" id="{self._find_page(site, m[1]).pk}">', html)

    def stream(
        self, site: str, key: str, block: blocks.StreamBlock, items: list[dict[str, Any]]
    ) -> StreamValue:
        """Return a StreamField value; ids are made from ``key``, so that a rebuilt site has the same ones."""
        return StreamValue(block, self._stream(site, key, block, items), is_lazy=True)

    def _stream(
        self, site: str, key: str, block: blocks.StreamBlock, items: list[Any]
    ) -> list[dict[str, Any]]:
        raw = []
        for rank, item in enumerate(items or []):
            name = item["type"]
            if name not in block.child_blocks:
                raise ValueError(f"{key}: no block of type {name!r}")
            path = f"{key}/{rank}:{name}"
            raw.append(
                {
                    "type": name,
                    "value": self._raw(site, path, block.child_blocks[name], item.get("value")),
                    "id": str(uuid.uuid5(_NAMESPACE, path)),
                }
            )
        return raw

    def _raw(self, site: str, key: str, block: blocks.Block, value: Any) -> Any:
        if isinstance(block, TableBlock):
            return self._table(value)
        if isinstance(block, blocks.StructBlock):
            return self._struct(site, key, block, value)
        if isinstance(block, blocks.StreamBlock):
            return self._stream(site, key, block, value)
        if isinstance(block, blocks.ListBlock):
            return [
                {
                    "type": "item",
                    "value": self._raw(site, f"{key}/{rank}", block.child_block, item),
                    "id": str(uuid.uuid5(_NAMESPACE, f"{key}/{rank}")),
                }
                for rank, item in enumerate(value or [])
            ]
        if isinstance(block, blocks.RichTextBlock):
            return self.rich_text(site, value)
        if value in (None, ""):
            return None if isinstance(block, blocks.ChooserBlock) else ""
        if isinstance(block, ImageChooserBlock):
            return self._media.image(value).pk
        if isinstance(block, DocumentChooserBlock):
            return self._media.document(value).pk
        if isinstance(block, blocks.PageChooserBlock):
            return self._find_page(site, value).pk
        if isinstance(block, SnippetChooserBlock):
            return self._find_point(value).pk
        return value.isoformat() if isinstance(value, datetime.date) else value

    def _struct(
        self, site: str, key: str, block: blocks.StructBlock, value: dict[str, Any]
    ) -> dict[str, Any]:
        unknown = set(value) - set(block.child_blocks)
        if unknown:
            raise ValueError(f"{key}: no field {', '.join(sorted(unknown))} in {type(block).__name__}")
        return {
            name: self._raw(site, f"{key}/{name}", child, value[name])
            if name in value
            else self._empty(child)
            for name, child in block.child_blocks.items()
        }

    def _empty(self, block: blocks.Block) -> Any:
        """Return what the editor stores for a field left empty (wagtail-localize stumbles over a missing text)."""
        default = block.get_default()
        if default is not None:
            return block.get_prep_value(default)
        return None if isinstance(block, blocks.ChooserBlock) else ""

    def _table(self, value: dict[str, Any]) -> dict[str, Any]:
        return {
            "caption": value["caption"],
            "table": {
                "data": [["" if cell is None else str(cell) for cell in row] for row in value["rows"]],
                "first_row_is_table_header": value.get("first_row_is_header", True),
                "first_col_is_header": False,
                "table_caption": "",
                "cell": [],
                "mergeCells": [],
            },
        }
