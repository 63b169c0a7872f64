"""Reading the vocabulary in the reader's language.

Pages refer to the rows of the source locale only (docs/architecture.md), so a name in another language is looked
up here: one query per model and request, none at all in the source language.
"""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import models
from django.utils.translation import get_language
from wagtail.models import Locale, TranslatableMixin

T = TypeVar("T", bound=models.Model)
_names = Local()


def source_language() -> str:
    """Return the language code of the source locale."""
    return settings.LANGUAGE_CODE


def source_rows(model: type[T]) -> models.QuerySet[T]:
    """Return the rows of a vocabulary model in the source locale, in its own order."""
    return model._default_manager.filter(locale__language_code=source_language())


def _table(model: type[models.Model], language: str) -> dict[Any, models.Model]:
    """Return translation key → row for one model and language, read once per request."""
    tables = getattr(_names, "tables", None)
    if tables is None:
        tables = _names.tables = {}
    key = (model, language)
    if key not in tables:
        rows = model._default_manager.filter(locale__language_code=language)
        tables[key] = {row.translation_key: row for row in rows}  # type: ignore[attr-defined]
    return tables[key]


def localized(row: T | None) -> T | None:
    """Return the row of the active language, or the row itself where no translation exists."""
    language = get_language() or source_language()
    if row is None or language == source_language() or not isinstance(row, TranslatableMixin):
        return row
    return cast("T", _table(type(row), language).get(cast("Any", row).translation_key, row))


def localized_all(rows: Iterable[T]) -> list[T]:
    """Return ``rows`` in the active language, order kept."""
    return [found for row in rows if (found := localized(row)) is not None]


def source_locale() -> Locale:
    """Return the source locale.

    Raises:
        Locale.DoesNotExist: when migrations have not made it yet.
    """
    return Locale.objects.get(language_code=source_language())


def _forget(**_kwargs: Any) -> None:
    _names.tables = {}


request_started.connect(_forget, dispatch_uid="core.taxonomy.start")
request_finished.connect(_forget, dispatch_uid="core.taxonomy.finish")
