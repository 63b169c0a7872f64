"""Blocks of the page kit. Each kind has a module here and a template in templates/blocks/."""

from core.blocks.body import BodyBlock
from core.blocks.contact import ContactBlock, HelpPointBlock
from core.blocks.data import FiguresBlock, TableBlock
from core.blocks.links import ButtonBlock, DocumentBlock, RelatedPagesBlock, page_link
from core.blocks.media import AudioBlock, GalleryBlock, ImageBlock, PanoramaBlock, VideoBlock
from core.blocks.notices import CalloutBlock, ScamWarningBlock
from core.blocks.steps import StepsBlock
from core.blocks.text import AccordionBlock, HeadingBlock, ParagraphBlock, QuoteBlock, rich_text

__all__ = [
    "AccordionBlock",
    "AudioBlock",
    "BodyBlock",
    "ButtonBlock",
    "CalloutBlock",
    "ContactBlock",
    "DocumentBlock",
    "FiguresBlock",
    "GalleryBlock",
    "HeadingBlock",
    "HelpPointBlock",
    "ImageBlock",
    "PanoramaBlock",
    "ParagraphBlock",
    "QuoteBlock",
    "RelatedPagesBlock",
    "ScamWarningBlock",
    "StepsBlock",
    "TableBlock",
    "VideoBlock",
    "page_link",
    "rich_text",
]
