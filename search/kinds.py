"""The kinds that readers filter by. Search works on pages in general: a page type says its kind, it is not named here.

A page type's kind is its ``search_kind`` (one of the slugs below), else its model name without "page" where that is the name
of a kind (``GuidePage`` → guide); every other type is a plain page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import ContentPage

#: Model name without "page" → slug in the address.
SLUGS = {
    "bulletin": "ban-tin",
    "article": "bai-viet",
    "feature": "chuyen-de",
    "guide": "huong-dan",
    "event": "tap-huan",
}
PLAIN = "trang"
LABELS: dict[str, str | Promise] = {
    "ban-tin": _("Bulletin"),
    "bai-viet": _("Article"),
    "chuyen-de": _("Thematic feature"),
    "huong-dan": _("Guide"),
    "tap-huan": _("Training event"),
    PLAIN: _("Information page"),
}


def kind_of(model: type) -> str:
    """Return the kind of a page type."""
    declared = getattr(model, "search_kind", "")
    return declared or SLUGS.get(model.__name__.lower().removesuffix("page"), PLAIN)


@cache
def page_types() -> tuple[type[ContentPage], ...]:
    """Return all page types that residents read."""
    return tuple(model for model in apps.get_models() if issubclass(model, ContentPage))


def helping_types() -> list[int]:
    """Return the content type ids of pages that tell where people help in person (``search_help`` of a page type)."""
    models = [model for model in page_types() if getattr(model, "search_help", False)]
    return [kind.pk for kind in ContentType.objects.get_for_models(*models).values()] if models else []


def kind_by_content_type() -> dict[int, str]:
    """Return content type id → kind."""
    return {
        kind.pk: kind_of(model) for model, kind in ContentType.objects.get_for_models(*page_types()).items()
    }


def type_by_content_type() -> dict[int, Any]:
    """Return content type id → page type."""
    return {kind.pk: model for model, kind in ContentType.objects.get_for_models(*page_types()).items()}
