"""Blocks: what editors may leave empty is an empty text, not nothing."""

from collections.abc import Iterator

from wagtail import blocks

from core.blocks import BodyBlock
from guides.models import GuidePage
from news.models import BulletinPage, FeaturePage

_TEXTS = (blocks.CharBlock, blocks.TextBlock, blocks.EmailBlock, blocks.URLBlock, blocks.RichTextBlock)


def _inside(block: blocks.Block, path: str) -> Iterator[tuple[str, blocks.Block]]:
    yield path, block
    for name, child in getattr(block, "child_blocks", {}).items():
        yield from _inside(child, f"{path}.{name}")
    if isinstance(block, blocks.ListBlock):
        yield from _inside(block.child_block, f"{path}[]")


def test_texts_that_may_be_left_empty_are_empty_texts() -> None:
    """Values that a program makes lack them otherwise, and None is no text: wagtail-localize stumbles over it."""
    every = list(_inside(BodyBlock(), "body"))
    for model in (GuidePage, BulletinPage, FeaturePage):
        for field in model._meta.fields:
            if hasattr(field, "stream_block"):
                every += _inside(field.stream_block, f"{model.__name__}.{field.name}")
    optional = {path: block for path, block in every if isinstance(block, _TEXTS) and not block.required}
    assert len(optional) >= 30
    assert {path for path, block in optional.items() if block.get_default() is None} == set()
    assert {path for path, block in optional.items() if str(block.get_default())} == set()
