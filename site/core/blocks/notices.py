"""Boxes that stand out: callout and anti-scam warning."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.text import rich_text


class CalloutBlock(blocks.StructBlock):
    """A quiet or loud box; the tone is said in words and by an icon, never by colour alone."""

    tone = blocks.ChoiceBlock(
        label=_("Kind of box"),
        choices=[
            ("info", _("Information")),
            ("success", _("Good news")),
            ("warning", _("Caution")),
            ("remember", _("Remember")),
        ],
        default="info",
    )
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=160)
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "blocks/callout.html"
        preview_value = {
            "tone": "remember",
            "title": "Nhớ mang theo",
            "text": "<p>Căn cước và điện thoại đã sạc pin.</p>",
        }
        description = _("A box for what readers must not overlook.")


class ScamWarningBlock(blocks.StructBlock):
    """A warning of fraud, always in the same form so that residents learn to recognise it."""

    title = blocks.CharBlock(label=_("Title"), max_length=160, default="Cảnh báo lừa đảo")
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Scam warning")
        template = "blocks/scam_warning.html"
        preview_value = {
            "title": "Cảnh báo lừa đảo",
            "text": "<p>Cán bộ không bao giờ hỏi mã OTP hay mật khẩu. Ai hỏi, anh/chị hãy cúp máy.</p>",
        }
        description = _("Warns of fraud and says what the office never asks for.")
