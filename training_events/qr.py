"""QR codes of slips and badges. They hold a code that only the door understands: no name, no number, no address."""

from __future__ import annotations

import base64
import binascii
import io
import uuid

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from training_events import codes

#: Tells our codes from the many others that are scanned by mistake; upper case keeps the picture small.
_PREFIX = "TH:"


def for_registration(code: str) -> str:
    """Return what the slip's picture says: the registration's code, which opens nothing without the phone's last digits."""
    return f"{_PREFIX}{code}"


def for_person(key: uuid.UUID) -> str:
    """Return what a badge's picture says: the participant's random key. A badge is seen by everybody, so it holds no code."""
    return _PREFIX + base64.b32encode(key.bytes).decode().rstrip("=")


def read(text: str) -> str | uuid.UUID | None:
    """Return the registration code or participant's key that a scanner read; None for anything else."""
    text = text.strip().upper()
    if not text.startswith(_PREFIX):
        return None
    rest = text.removeprefix(_PREFIX)
    if len(rest) == codes.LENGTH and codes.clean(rest) == rest:
        return rest
    try:
        return uuid.UUID(bytes=base64.b32decode(rest + "=" * (-len(rest) % 8)))
    except (binascii.Error, ValueError):
        return None


def picture(payload: str, *, label: str) -> SafeString:
    """Return the code as inline SVG, dark on light in both colour schemes: scanners need it.

    Args:
        payload: what the code says.
        label: what the picture is, for people who do not see it.
    """
    svg = segno.make(payload, error="m", micro=False, boost_error=False).svg_inline(
        omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr__picture", lineclass=None
    )
    drawing = mark_safe(svg)  # noqa: S308 - drawn from modules, holds no text
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, drawing)


def svg(payload: str) -> str:
    """Return the code as an SVG file, for documents."""
    out = io.BytesIO()
    segno.make(payload, error="m", micro=False, boost_error=False).save(
        out, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False
    )
    return out.getvalue().decode()
