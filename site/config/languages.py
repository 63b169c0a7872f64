"""The languages of the site and those that an office may switch on besides."""

from typing import TypedDict

import django.conf.locale


class LanguageInfo(TypedDict):
    """An entry of Django's LANG_INFO."""

    bidi: bool
    code: str
    name: str
    name_local: str


BASE = [("vi", "Tiếng Việt"), ("en", "English")]

# Languages of the region that Django does not know. Code: ISO 639-3.
REGIONAL: dict[str, LanguageInfo] = {
    "sti": {"bidi": False, "code": "sti", "name": "Bulo Stieng", "name_local": "S’tiêng"},
}


def languages(extra: list[str]) -> list[tuple[str, str]]:
    """Vietnamese, English and the extra ones, for LANGUAGES. Registers regional languages with Django.

    Raises ValueError with a clause that completes "EXTRA_LANGUAGES …".
    """
    django.conf.locale.LANG_INFO.update(REGIONAL)
    found = list(BASE)
    for code in extra:
        info = django.conf.locale.LANG_INFO.get(code, {})
        if not info.get("name_local"):
            raise ValueError(
                f"names the language {code}, which is not known (known besides Django's: {', '.join(REGIONAL)})"
            )
        if code not in dict(found):
            found.append((code, info["name_local"]))
    return found
