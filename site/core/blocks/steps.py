"""Steps inside any page (guides have steps of their own)."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from core.blocks.media import alt_field
from core.blocks.text import rich_text


class StepItemBlock(blocks.StructBlock):
    """One step."""

    title = blocks.CharBlock(label=_("What to do"), max_length=160)
    text = rich_text(label=_("How"), required=False, default="")
    image = ImageChooserBlock(label=_("Image"), required=False)
    image_alt = alt_field()

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    """Numbered steps."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=160)
    items = blocks.ListBlock(StepItemBlock(), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "blocks/steps.html"
        preview_value = {
            "title": "Cách làm",
            "items": [
                {"title": "Mở ứng dụng", "text": "<p>Bấm vào biểu tượng trên màn hình.</p>"},
                {"title": "Nhập số điện thoại", "text": "<p>Nhập 10 chữ số, bắt đầu bằng 0.</p>"},
            ],
        }
        description = _("Numbered steps with pictures.")
