"""Whom to ask: contact and help point."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class ContactBlock(blocks.StructBlock):
    """A person or desk with phone, email, Zalo and hours."""

    name = blocks.CharBlock(label=_("Name"), max_length=120)
    role = blocks.CharBlock(label=_("Role"), required=False, default="", max_length=160)
    phone = blocks.CharBlock(label=_("Phone"), required=False, default="", max_length=30)
    email = blocks.EmailBlock(label=_("Email"), required=False, default="")
    zalo_url = blocks.URLBlock(label=_("Zalo address"), required=False, default="")
    hours = blocks.CharBlock(label=_("Hours"), required=False, default="", max_length=160)

    class Meta:
        icon = "user"
        label = _("Contact")
        template = "blocks/contact.html"
        preview_value = {
            "name": "Bộ phận một cửa (mẫu)",
            "role": "Hướng dẫn nộp hồ sơ",
            "phone": "0900 000 000",
            "hours": "Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00",
        }
        description = _("Whom to call or write to.")


class HelpPointBlock(SnippetChooserBlock):
    """A help point from the list of help points."""

    def __init__(self, **kwargs: object) -> None:
        """Choose among help points."""
        kwargs.pop("target_model", None)
        super().__init__("core.HelpPoint", **kwargs)

    class Meta:
        icon = "help"
        label = _("Help point")
        template = "blocks/help_point.html"
        description = _("Where people get help in person.")
