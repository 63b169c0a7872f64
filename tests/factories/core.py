"""Factories of offices and of the vocabulary."""

from itertools import count
from typing import Any

from wagtail.models import Locale, Page, Site

from core import offices, vietnamese
from core.models import Audience, OfficeSettings, Pillar, Place, Topic
from home.models import HomePage

_numbers = count(1)


def make_locale(code: str) -> Locale:
    """Return the locale ``code``, created where missing."""
    return Locale.objects.get_or_create(language_code=code)[0]


def make_office(
    hostname: str = "localhost",
    port: int = 80,
    title: str = "Trang chủ",
    languages: tuple[str, ...] = ("vi",),
    **settings: Any,
) -> Site:
    """Return the Site of a new office with a live home page in each language.

    The first language is the source. ``settings`` are fields of OfficeSettings (``organisation_name``, ``shares_from`` …).
    """
    tree_root = Page.get_first_root_node()
    home = HomePage(title=title, slug=f"trang-chu-{next(_numbers)}", locale=make_locale(languages[0]))
    tree_root.add_child(instance=home)
    for code in languages[1:]:
        translation = home.copy_for_translation(make_locale(code), copy_parents=True)
        translation.live = True
        translation.save()
    is_default = (
        not Site.objects.exclude(hostname="localhost", root_page__slug="home")
        .filter(is_default_site=True)
        .exists()
    )
    if is_default:
        Site.objects.all().delete()
    site = Site.objects.create(
        hostname=hostname, port=port, root_page=home, site_name=title, is_default_site=is_default
    )
    office = OfficeSettings.for_site(site)
    office.organisation_name = settings.pop("organisation_name", title)
    for name, value in settings.items():
        setattr(office, name, value)
    office.save()
    offices.forget()
    return site


def home_of(site: Site, language: str = "vi") -> HomePage:
    """Return the office's home page in ``language``."""
    return HomePage.objects.get(
        translation_key=site.root_page.translation_key, locale__language_code=language
    )


def make_topic(name: str = "Dịch vụ công", **values: Any) -> Topic:
    """Return a topic in the source locale."""
    return Topic.objects.create(name=name, locale=make_locale("vi"), **values)


def make_pillar(name: str = "Xã hội số", **values: Any) -> Pillar:
    """Return a pillar in the source locale."""
    return Pillar.objects.create(name=name, locale=make_locale("vi"), **values)


def make_place(name: str = "Đắk Ơ", **values: Any) -> Place:
    """Return a place in the source locale."""
    return Place.objects.create(
        name=name, slug=values.pop("slug", vietnamese.slugify(name)), locale=make_locale("vi"), **values
    )


def make_audience(name: str = "Người dân", **values: Any) -> Audience:
    """Return an audience in the source locale."""
    return Audience.objects.create(name=name, locale=make_locale("vi"), **values)
