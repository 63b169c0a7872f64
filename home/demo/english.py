"""English versions of sample pages, made with wagtail-localize as a translator would make them.

home/demo/content/english.yaml names the pages (parents first) and holds the English of every Vietnamese string in them.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from core.models import ContentPage
from home.demo import content_files


def translate_pages(find_page: Callable[[str, str], ContentPage], new: set[int]) -> int:
    """Translate and publish the listed pages among ``new`` (primary keys); returns how many."""
    if not (content_files.CONTENT / "english.yaml").exists():
        return 0
    data = content_files.read("english")
    locale = Locale.objects.get(language_code="en")
    made = 0
    for reference in data["pages"]:
        page = find_page("office", reference)
        if page.pk in new:
            # read anew: the builder's own object does not know the rows and dates that publishing gave it
            translate(ContentPage.objects.get(pk=page.pk).specific, locale, data["strings"])
            made += 1
    return made


def translate(page: Any, locale: Locale, strings: dict[str, str]) -> None:
    """Translate one page with ``strings`` (source string → English) and publish it with the source's dates.

    A string without a translation stays Vietnamese; tests/home asks that there is none.
    """
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source).select_related("string", "context"):
        text = strings.get(segment.string.data)
        if text:
            StringTranslation.objects.update_or_create(
                locale=locale,
                translation_of=segment.string,
                context=segment.context,
                defaults={"data": text, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL},
            )
    translation.save_target(publish=True)
    made = ContentPage.objects.filter(translation_key=page.translation_key, locale=locale)
    dates = {"first_published_at": page.first_published_at, "last_published_at": page.last_published_at}
    # wagtail-localize publishes when the transaction ends; the dates are set after that
    transaction.on_commit(lambda: made.update(**dates))


def untranslated(pages: list[Any], strings: dict[str, str]) -> list[str]:
    """Return the strings of ``pages`` that ``strings`` lacks, in the order in which they are read."""
    missing: dict[str, None] = {}
    for page in pages:
        source, _created = TranslationSource.update_or_create_from_instance(page)
        for segment in StringSegment.objects.filter(source=source).select_related("string").order_by("order"):
            if segment.string.data not in strings:
                missing[segment.string.data] = None
    return list(missing)
