"""Pictures, sound and film. Nothing is loaded from elsewhere before the reader asks for it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

_YOUTUBE = re.compile(
    r"^https://(?:www\.youtube\.com/watch\?v=|youtu\.be/|www\.youtube-nocookie\.com/embed/)([\w-]{6,20})"
)


def alt_field() -> blocks.CharBlock:
    """Return the field for an image's text alternative in this place."""
    return blocks.CharBlock(
        label=_("Text alternative"),
        required=False,
        default="",
        max_length=250,
        help_text=_(
            "What the picture shows, for people who cannot see it. Empty: the image's own description."
        ),
    )


class ImageBlock(blocks.StructBlock):
    """A picture with caption and credit."""

    image = ImageChooserBlock(label=_("Image"))
    alt = alt_field()
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=250)
    credit = blocks.CharBlock(label=_("Credit"), required=False, default="", max_length=120)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blocks/image.html"
        description = _("A picture with caption and credit.")


class GalleryImageBlock(blocks.StructBlock):
    """A picture of a gallery."""

    image = ImageChooserBlock(label=_("Image"))
    alt = alt_field()
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=250)

    class Meta:
        icon = "image"
        label = _("Image")


class GalleryBlock(blocks.StructBlock):
    """Several pictures, all visible: no carousel."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=160)
    images = blocks.ListBlock(GalleryImageBlock(), label=_("Images"), min_num=2)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "blocks/gallery.html"
        description = _("Several pictures side by side.")


class ClickToLoadValue(blocks.StructValue):
    """Values of a block whose content comes from elsewhere."""

    @property
    def embed_url(self) -> str:
        """The address for the frame: YouTube without cookies, other addresses as they are."""
        url = self.get("url") or ""
        match = _YOUTUBE.match(url)
        return f"https://www.youtube-nocookie.com/embed/{match[1]}" if match else url

    @property
    def host(self) -> str:
        """The host name that readers are told about before they click."""
        return (self.get("url") or "").split("//")[-1].split("/")[0]


class ClickToLoadBlock(blocks.StructBlock):
    """What video and panorama have in common."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    url = blocks.URLBlock(
        label=_("Web address"), help_text=_("It is loaded only when a reader taps the picture.")
    )
    still = ImageChooserBlock(label=_("Still picture"), required=False)
    still_alt = alt_field()

    class Meta:
        value_class = ClickToLoadValue

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse addresses without https: a phone would warn or block."""
        value = super().clean(value)
        if not value["url"].startswith("https://"):
            raise StructBlockValidationError(
                block_errors={"url": ValidationError(_("The address must begin with https://."))}
            )
        return value


class VideoBlock(ClickToLoadBlock):
    """A film behind a still picture."""

    transcript = blocks.TextBlock(
        label=_("What is said and shown"),
        required=False,
        default="",
        help_text=_("For people who cannot hear or load the film."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"
        description = _("A film that loads only after a tap.")


class PanoramaBlock(ClickToLoadBlock):
    """A 360° view behind a still picture."""

    note = blocks.CharBlock(label=_("Note"), required=False, default="", max_length=200)

    class Meta:
        icon = "view"
        label = _("360° view")
        template = "blocks/panorama.html"
        description = _("A 360° view that loads only after a tap.")


class AudioBlock(blocks.StructBlock):
    """A recording with its transcript."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    document = DocumentChooserBlock(label=_("Sound file"))
    transcript = blocks.TextBlock(label=_("Transcript"))

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "blocks/audio.html"
        description = _("A recording, with the same words to read.")
