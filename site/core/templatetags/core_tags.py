"""Template tags and filters of the shared vocabulary."""

import datetime
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page as PaginatorPage
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core import dates, images, navigation, offices, taxonomy
from core.blocks import page_link
from core.stylesheets import BUNDLE, part_names

register = template.Library()

_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[navigation.Link]:
    """Return the links of the office's main menu."""
    request = context.get("request")
    return navigation.main_menu(request) if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context: Context) -> list[navigation.Link]:
    """Return the links of the standing pages that are not in the main menu."""
    request = context.get("request")
    return navigation.footer_menu(request) if request else []


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[navigation.LanguageLink]:
    """Return the current page in each language of the office."""
    request = context.get("request")
    page = context.get("page")
    return navigation.language_links(request, page if isinstance(page, Page) else None) if request else []


@register.simple_tag(takes_context=True)
def current_office(context: Context) -> offices.Office | None:
    """Return the office that serves the request."""
    request = context.get("request")
    return offices.office_for_request(request) if request else None


@register.simple_tag
def stylesheets() -> list[str]:
    """Return the static names of the style sheets to link: one, or its parts with DEBUG."""
    return part_names() if settings.DEBUG else [BUNDLE]


@register.simple_tag
def picture(
    image: Any, preset: str, alt: str | None = None, lazy: bool = True, css_class: str = ""
) -> SafeString:
    """Return a responsive ``<img>``; see core.images.picture."""
    return images.picture(image, preset, alt=alt, lazy=lazy, css_class=css_class)


@lru_cache(maxsize=256)
def _icon_source(name: str) -> str:
    found = finders.find(f"icons/{name}.svg")
    return Path(str(found)).read_text(encoding="utf-8").strip() if found else ""


@register.simple_tag
def icon(name: str, css_class: str = "icon") -> SafeString:
    """Inline the drawing static/icons/<name>.svg as decoration; nothing where there is none."""
    source = _icon_source(name) if name.replace("-", "").replace("_", "").isalnum() else ""
    if not source:
        return SafeString("")
    source = source.replace("<svg", f'<svg class="{css_class}" aria-hidden="true" focusable="false"', 1)
    return mark_safe(source)  # noqa: S308 - our own files, read from static/icons


@register.filter
def localized(value: Any) -> Any:
    """Return a vocabulary row in the active language."""
    return taxonomy.localized(value)


@register.filter
def vi_date(value: datetime.date | None) -> str:
    """Return a date with its weekday."""
    return dates.weekday_date(value) if value else ""


@register.filter
def short_date(value: datetime.date | None) -> str:
    """Return a date without its weekday."""
    return dates.date_label(value) if value else ""


@register.filter
def vi_time(value: datetime.datetime | None) -> str:
    """Return a time of day in words that no end of a line parts ("7 giờ 30")."""
    return unbroken(dates.time_label(value)) if value else ""


@register.filter
def unbroken(value: str) -> str:
    """Return a number or a time that stays on one line: with no-break spaces."""
    return str(value or "").replace(" ", "\u00a0")


@register.filter
def short_time(value: datetime.datetime | None) -> str:
    """Return a time of day for tables."""
    return dates.time_short(value) if value else ""


@register.filter
def vi_number(value: float | None) -> str:
    """Return a number with the language's separators."""
    return "" if value is None else dates.number_label(value)


@register.filter
def tel(value: str) -> str:
    """Return a phone number for a ``tel:`` link: digits and a leading plus only."""
    text = str(value or "")
    return ("+" if text.startswith("+") else "") + "".join(char for char in text if char.isdigit())


@register.filter
def grouped(value: str) -> str:
    """Return a phone number of ten digits as it is read aloud ("0912 345 678"), anything else as it is."""
    text = str(value or "")
    return f"{text[:4]} {text[4:7]} {text[7:]}" if re.fullmatch(r"0[0-9]{9}", text) else text


@register.filter
def shown_numbers(page: PaginatorPage[Any]) -> list[int | None]:
    """Return the numbers of a paginator's pages that lead on from ``page``: the ends, its neighbours; None for those left out."""
    last, number = page.paginator.num_pages, page.number
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    found: list[int | None] = []
    for before, this in zip([0, *shown], shown, strict=False):
        found += [None, this] if this > before + 1 else [this]
    return found


@register.simple_tag(takes_context=True)
def full_url(context: Context, page: Page | None = None) -> str:
    """Return the absolute address of ``page`` or of the request without its query string."""
    request = context.get("request")
    if page is not None and getattr(page, "pk", None):
        return page.get_full_url(request) or ""
    return request.build_absolute_uri(request.path) if request else ""


@register.simple_tag
def link_to(page: Page | None) -> str:
    """Return the address of a chosen page in the active language, empty where it is not live."""
    return page_link(page)


@register.simple_tag(takes_context=True)
def structured_data(context: Context, page: Any) -> SafeString:
    """Return the page's JSON-LD script element."""
    request = context.get("request")
    if request is None or not hasattr(page, "get_structured_data"):
        return SafeString("")
    text = json.dumps(page.get_structured_data(request), ensure_ascii=False).translate(_JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """Return the request's query string with ``changes``; a value of None or "" removes the key."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return ""
    for key, value in changes.items():
        name = key.replace("_", "-")
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    return f"?{text}" if text else "?"
