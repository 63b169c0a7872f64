"""Ways on: button, document, related pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from core.models import ContentPage
from core.navigation import specific_cards
from core.taxonomy import in_active_language


def page_link(page: Page | None) -> str:
    """Return the address of ``page`` in the active language where it is translated, of ``page`` itself otherwise."""
    if page is None:
        return ""
    return next((shown.url or "" for _page, shown in in_active_language([page]) if shown.live), "")


class ButtonValue(blocks.StructValue):
    """Values of a button."""

    @property
    def href(self) -> str:
        """Where the button leads: a page of ours or an address outside."""
        return page_link(self.get("page")) or self.get("url") or ""

    @property
    def is_external(self) -> bool:
        """Whether the button leaves the website."""
        return not self.get("page") and bool(self.get("url"))


class ButtonBlock(blocks.StructBlock):
    """A button to a page or an address."""

    text = blocks.CharBlock(label=_("Words on the button"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or a web address"), required=False, default="")

    class Meta:
        icon = "link"
        label = _("Button")
        template = "blocks/button.html"
        value_class = ButtonValue
        preview_value = {"text": "Đăng ký tham gia", "url": "https://example.vn/"}
        description = _("Leads to a page or another website.")

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Ask for exactly one target."""
        value = super().clean(value)
        if bool(value.get("page")) == bool(value.get("url")):
            error = ValidationError(_("Choose a page or enter an address, one of the two."))
            raise StructBlockValidationError(block_errors={"url": error})
        return value


class DocumentBlock(blocks.StructBlock):
    """A document to download, with type and size."""

    document = DocumentChooserBlock(label=_("Document"))
    note = blocks.CharBlock(label=_("Note"), required=False, default="", max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "blocks/document.html"
        description = _("A file to download; type and size are shown.")


class RelatedPagesValue(blocks.StructValue):
    """Values of a list of pages."""

    @property
    def cards(self) -> list[Any]:
        """The pages as cards, in the active language."""
        chosen = [page for page in self.get("pages") or [] if page]
        pages = [shown for _page, shown in in_active_language(chosen) if shown.live]
        content = [page for page in pages if issubclass(page.specific_class or Page, ContentPage)]
        return [page.get_card() for page in specific_cards(content)]


class RelatedPagesBlock(blocks.StructBlock):
    """Cards of pages inside the text."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=160)
    pages = blocks.ListBlock(blocks.PageChooserBlock(label=_("Page")), label=_("Pages"), min_num=1)

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Related pages")
        template = "blocks/related_pages.html"
        value_class = RelatedPagesValue
        description = _("Cards that lead to other pages.")
