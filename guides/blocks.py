"""Blocks of a guide: what is needed, steps, mistakes, questions.

Optional texts are "" and never None when they are missing from the stored data: wagtail-localize cannot read None.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from core.blocks import rich_text


class NeedsBlock(blocks.StreamBlock):
    """What to have at hand, one thing a line."""

    need = blocks.CharBlock(
        label=_("Thing"), max_length=200, icon="tick", template="guides/blocks/need.html",
        description=_("One thing to have at hand."), preview_value="Căn cước còn hạn",
    )  # fmt: skip


class GuideStepBlock(blocks.StructBlock):
    """One step with a picture, a tip and a warning."""

    title = blocks.CharBlock(
        label=_("What to do"), max_length=160, help_text=_("Begin with a verb, for example “Tap Register”.")
    )
    text = rich_text(label=_("How"), required=False, default="")
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
    tip = blocks.TextBlock(label=_("Tip"), required=False, default="", rows=2)
    warning = blocks.TextBlock(label=_("Warning"), required=False, default="", rows=2)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        template = "guides/blocks/step.html"
        description = _("A numbered step.")
        preview_value: dict[str, Any] = {
            "title": "Mở ứng dụng và bấm Đăng nhập",
            "text": "<p>Nhập số định danh cá nhân, rồi bấm <b>Đăng nhập</b>.</p>",
            "tip": "Chữ nhỏ quá? Bật cỡ chữ lớn trong phần Cài đặt của điện thoại.",
            "warning": "Không đọc mã OTP cho bất kỳ ai.",
        }


class StepsBlock(blocks.StreamBlock):
    """The steps in order; their numbers follow from it."""

    step = GuideStepBlock()


class MistakeBlock(blocks.StructBlock):
    """What often goes wrong and what helps."""

    mistake = blocks.TextBlock(label=_("What goes wrong"), rows=2)
    fix = blocks.TextBlock(label=_("What to do then"), rows=2)

    class Meta:
        icon = "warning"
        label = _("Mistake")
        template = "guides/blocks/mistake.html"
        description = _("A common mistake and its remedy.")
        preview_value = {
            "mistake": "Nhập sai mật khẩu nhiều lần, tài khoản bị khóa.",
            "fix": "Chờ 30 phút rồi bấm Quên mật khẩu.",
        }


class MistakesBlock(blocks.StreamBlock):
    """Common mistakes."""

    mistake = MistakeBlock()


class QuestionBlock(blocks.StructBlock):
    """A question that people ask at the counter, with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=250)
    answer = rich_text(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")
        template = "guides/blocks/question.html"
        description = _("A question and its answer.")
        preview_value = {
            "question": "Có mất phí không?",
            "answer": "<p>Không, anh/chị không phải trả tiền.</p>",
        }


class QuestionsBlock(blocks.StreamBlock):
    """Questions and answers."""

    question = QuestionBlock()
