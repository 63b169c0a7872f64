"""Blocks of news pages: the items of a bulletin, the sections of a thematic feature.

Optional texts are "" and never None when they are missing from the stored data: wagtail-localize cannot read None.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from core.blocks import rich_text


class BulletinItemBlock(blocks.StructBlock):
    """One item of a bulletin: short, complete in itself, with a way to read on."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    text = rich_text(label=_("Text"))
    image = ImageChooserBlock(label=_("Image"), required=False)
    image_alt = blocks.CharBlock(
        label=_("Text alternative"),
        required=False,
        default="",
        max_length=250,
        help_text=_(
            "What the picture shows, for people who cannot see it. Empty: the image's own description."
        ),
    )
    page = blocks.PageChooserBlock(label=_("Page to read on"), required=False)
    source = blocks.CharBlock(label=_("Source"), required=False, default="", max_length=160)

    class Meta:
        icon = "doc-full"
        label = _("Item")
        template = "news/blocks/item.html"
        description = _("A short piece of news in the bulletin.")
        preview_value: dict[str, Any] = {
            "title": "Điểm hỗ trợ mở thêm buổi tối thứ Năm (mẫu)",
            "text": "<p>Bà con đi làm cả ngày nay có thể ghé buổi tối, từ 18 giờ đến 20 giờ.</p>",
            "source": "Tổ biên tập (nội dung mẫu)",
        }


class BulletinItemsBlock(blocks.StreamBlock):
    """The items in the order in which they are read."""

    item = BulletinItemBlock()


class FeatureSectionBlock(blocks.StructBlock):
    """One part of a thematic feature: a few words, then pages and documents."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    text = rich_text(label=_("Text"), required=False, default="")
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("Page")),
        label=_("Pages"),
        default=[],
        help_text=_(
            "Articles, guides, training events … A page that is unpublished later disappears by itself."
        ),
    )
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"), default=[])

    class Meta:
        icon = "folder-open-inverse"
        label = _("Section")
        description = _("Gathers pages and documents under one title.")
        # the page template shows sections, because their cards are read for the whole page at once
        template = "news/blocks/section.html"
        preview_value: dict[str, Any] = {
            "title": "Bắt đầu từ đâu? (mẫu)",
            "text": "<p>Ba hướng dẫn ngắn cho người mới dùng điện thoại thông minh.</p>",
            "pages": [],
            "documents": [],
        }


class FeatureSectionsBlock(blocks.StreamBlock):
    """The parts of a feature in reading order."""

    section = FeatureSectionBlock()
