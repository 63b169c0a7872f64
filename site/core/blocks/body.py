"""The standard body of a page: every block of the kit."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.contact import ContactBlock, HelpPointBlock
from core.blocks.data import FiguresBlock, TableBlock
from core.blocks.links import ButtonBlock, DocumentBlock, RelatedPagesBlock
from core.blocks.media import AudioBlock, GalleryBlock, ImageBlock, PanoramaBlock, VideoBlock
from core.blocks.notices import CalloutBlock, ScamWarningBlock
from core.blocks.steps import StepsBlock
from core.blocks.text import AccordionBlock, HeadingBlock, ParagraphBlock, QuoteBlock

_TEXT, _PICTURE, _BOX, _WAY_ON = _("Text"), _("Pictures and sound"), _("Boxes and numbers"), _("Ways on")


class BodyBlock(blocks.StreamBlock):
    """All blocks in four groups, in the order in which editors need them."""

    paragraph = ParagraphBlock(group=_TEXT)
    heading = HeadingBlock(group=_TEXT)
    quote = QuoteBlock(group=_TEXT)
    accordion = AccordionBlock(group=_TEXT)
    steps = StepsBlock(group=_TEXT)
    image = ImageBlock(group=_PICTURE)
    gallery = GalleryBlock(group=_PICTURE)
    video = VideoBlock(group=_PICTURE)
    panorama = PanoramaBlock(group=_PICTURE)
    audio = AudioBlock(group=_PICTURE)
    callout = CalloutBlock(group=_BOX)
    scam_warning = ScamWarningBlock(group=_BOX)
    figures = FiguresBlock(group=_BOX)
    table = TableBlock(group=_BOX)
    document = DocumentBlock(group=_WAY_ON)
    button = ButtonBlock(group=_WAY_ON)
    related_pages = RelatedPagesBlock(group=_WAY_ON)
    contact = ContactBlock(group=_WAY_ON)
    help_point = HelpPointBlock(group=_WAY_ON)
