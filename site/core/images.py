"""Responsive pictures: sizes by name, WebP renditions, SVG as it is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Preset:
    """Widths in pixels of the renditions, an optional crop (width:height) and the ``sizes`` attribute."""

    widths: tuple[int, ...]
    sizes: str
    crop: tuple[int, int] | None = None


#: A phone of 390 px with a density of 2 needs 780 px at most; more only where the screen is wider.
PRESETS = {
    "thumb": Preset((160, 320), "120px", (4, 3)),
    "card": Preset((360, 720), "(min-width: 64rem) 22rem, (min-width: 40rem) 45vw, 92vw", (16, 9)),
    "cover": Preset((400, 800, 1280), "(min-width: 64rem) 60rem, 100vw", (16, 9)),
    "body": Preset((400, 800, 1200), "(min-width: 48rem) 42rem, 92vw"),
    "portrait": Preset((160, 320), "160px", (4, 5)),
}


def rendition_spec(preset: Preset, width: int) -> str:
    """Return Wagtail's filter specification for one width."""
    if preset.crop:
        across, down = preset.crop
        return f"fill-{width}x{round(width * down / across)}|format-webp|webpquality-72"
    return f"width-{width}|format-webp|webpquality-72"


def fetch_renditions(found: list[Any]) -> None:
    """Read the renditions of all raster images in ``found`` with one query at most."""
    raster = [image for image in found if not image.is_svg()]
    if raster:
        prefetch_related_objects(raster, "renditions")


def picture(
    image: Any, preset_name: str, *, alt: str | None = None, lazy: bool = True, css_class: str = ""
) -> SafeString:
    """Return an ``<img>`` for ``image`` (None gives an empty string).

    Args:
        image: a SiteImage or None.
        preset_name: a key of PRESETS.
        alt: text alternative; None takes the image's description, "" marks it as decoration.
        lazy: False for the one picture in the first screen.
        css_class: class attribute.
    """
    if image is None:
        return SafeString("")
    preset = PRESETS[preset_name]
    attributes: dict[str, Any] = {"alt": image.default_alt_text if alt is None else alt, "decoding": "async"}
    if css_class:
        attributes["class"] = css_class
    if lazy:
        attributes["loading"] = "lazy"
    else:
        attributes["fetchpriority"] = "high"
    if image.is_svg():
        width, height = image.width or 1200, image.height or 675
        attributes |= {"src": image.file.url, "width": round(width), "height": round(height)}
        return format_html("<img{}>", flatatt(attributes))
    specs = [rendition_spec(preset, width) for width in preset.widths if width <= image.width] or [
        rendition_spec(preset, min(image.width, preset.widths[0]))
    ]
    found = image.get_renditions(*specs)
    renditions = sorted((found[spec] for spec in specs), key=lambda rendition: rendition.width)
    largest = renditions[-1]
    attributes |= {
        "src": renditions[0].url,
        "width": largest.width,
        "height": largest.height,
        "sizes": preset.sizes,
    }
    attributes["srcset"] = ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions)
    return format_html("<img{}>", flatatt(attributes))
