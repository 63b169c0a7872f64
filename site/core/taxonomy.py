"""Reading the vocabulary and the pages in the reader's language.

Pages refer to the rows of the source locale only (docs/architecture.md), so a name in another language is looked
up here. Vocabularies are small and read on every listing: they are kept like office data (core.memory).
"""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from wagtail.models import Locale, Page, TranslatableMixin

from core.memory import remember

T = TypeVar("T", bound=models.Model)


def source_language() -> str:
    """Return the language code of the source locale."""
    return settings.LANGUAGE_CODE


def source_rows(model: type[T]) -> models.QuerySet[T]:
    """Return the rows of a vocabulary model in the source locale, in its own order."""
    return model._default_manager.filter(locale__language_code=source_language())


def terms(model: type[T], language: str | None = None) -> list[T]:
    """Return all rows of a vocabulary in ``language`` (the source language when not given), kept for a minute."""
    language = language or source_language()
    rows = model._default_manager.filter(locale__language_code=language)
    return remember("terms", model._meta.label, language, make=lambda: list(rows))


def localized(row: T | None) -> T | None:
    """Return the row of the active language, or the row itself where no translation exists."""
    language = get_language() or source_language()
    if row is None or language == source_language() or not isinstance(row, TranslatableMixin):
        return row
    key = cast("Any", row).translation_key
    return next(
        (term for term in terms(type(row), language) if cast("Any", term).translation_key == key), row
    )


def localized_all(rows: Iterable[T]) -> list[T]:
    """Return ``rows`` in the active language, order kept."""
    return [found for row in rows if (found := localized(row)) is not None]


def source_locale() -> Locale:
    """Return the source locale.

    Raises:
        Locale.DoesNotExist: when migrations have not made it yet.
    """
    return Locale.objects.get(language_code=source_language())


def attach_locales(pages: Iterable[Page]) -> None:
    """Give pages their locale rows from memory: Wagtail asks for a page's locale to make its address."""
    by_key = remember(
        "locales", shared=True, make=lambda: {locale.pk: locale for locale in Locale.objects.all()}
    )
    for page in pages:
        locale = by_key.get(page.locale_id)
        if locale is not None:
            page.locale = locale


def in_active_language(pages: list[Page]) -> list[tuple[Page, Page]]:
    """Return (page, the page to show): its translation in the active language where that is live, else itself.

    Order is kept; one query at most.
    """
    attach_locales(pages)
    language = get_language() or source_language()
    other = [page.translation_key for page in pages if page.locale.language_code != language]
    by_key: dict[Any, Page] = {}
    if other:
        rows = Page.objects.filter(translation_key__in=other, locale__language_code=language).live()
        by_key = {row.translation_key: row for row in rows}
        attach_locales(by_key.values())
    return [(page, by_key.get(page.translation_key, page)) for page in pages]
