"""Words: heading, paragraph, quote, accordion."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

#: What editors may do inside a paragraph. Headings are blocks, so that the outline of a page stays in order.
RICH_TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link", "document-link"]


def rich_text(**kwargs: Any) -> blocks.RichTextBlock:
    """Return a rich-text block with the site's features."""
    return blocks.RichTextBlock(features=RICH_TEXT_FEATURES, **kwargs)


class HeadingBlock(blocks.StructBlock):
    """A heading of the second or third level."""

    text = blocks.CharBlock(label=_("Heading"), max_length=160)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("h2", _("Section")), ("h3", _("Part of a section"))], default="h2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"
        preview_value = {"text": "Cần chuẩn bị những gì?", "level": "h2"}
        description = _("A heading between paragraphs.")


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        """Use the site's features."""
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        template = "blocks/paragraph.html"
        preview_value = (
            "<p>Bà con mang theo căn cước và điện thoại đến điểm hỗ trợ. Tổ công nghệ số cộng đồng sẽ hướng dẫn "
            "<b>từng bước</b>, không mất phí.</p>"
        )
        description = _("Text with lists, links, bold and italic.")


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Quote"))
    author = blocks.CharBlock(label=_("Who said it"), required=False, default="", max_length=120)
    role = blocks.CharBlock(label=_("Role"), required=False, default="", max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "blocks/quote.html"
        preview_value = {
            "text": "Giờ tôi nộp hồ sơ ngay tại nhà, khỏi phải chạy xe lên xã.",
            "author": "Nguyễn Văn A",
            "role": "người dân (nội dung mẫu)",
        }
        description = _("Words of a person, with name and role.")


class AccordionItemBlock(blocks.StructBlock):
    """One part of an accordion."""

    title = blocks.CharBlock(label=_("Question or title"), max_length=200)
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "list-ul"
        label = _("Part")


class AccordionBlock(blocks.StructBlock):
    """Parts that open on a tap."""

    items = blocks.ListBlock(AccordionItemBlock(), label=_("Parts"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        template = "blocks/accordion.html"
        preview_value = {
            "items": [
                {"title": "Có mất phí không?", "text": "<p>Không. Lớp tập huấn hoàn toàn miễn phí.</p>"},
                {"title": "Không có email thì sao?", "text": "<p>Anh/chị chỉ cần số điện thoại.</p>"},
            ]
        }
        description = _("Questions and answers that open one by one.")
