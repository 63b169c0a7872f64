"""The two offices of the sample: sites, settings, collections, vocabulary, help points."""

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Collection, Locale, Page, Site

from core import taxonomy
from core.models import Audience, HelpPoint, OfficeSettings, Pillar, Place, SkillGroup, Topic
from core.models.office import TRANSLATED_FIELDS, Alert, OfficeTranslation, OfficialChannel
from home.demo import content_files
from home.demo.media import Media

PRIVACY_SLUG = "quyen-rieng-tu"
HOST_NAMES = {"office": "localhost", "commune": "da-kia.localhost"}
_MODELS: dict[str, Any] = {
    "pillars": Pillar,
    "topics": Topic,
    "audiences": Audience,
    "skill_groups": SkillGroup,
    "places": Place,
}


def locales() -> dict[str, Locale]:
    """Return the locales of the sample, Vietnamese and English."""
    return {code: Locale.objects.get_or_create(language_code=code)[0] for code in ("vi", "en")}


def build_vocabulary() -> None:
    """Create the missing terms in Vietnamese and English; existing ones are left as staff made them."""
    data = content_files.read("vocabulary")
    by_code = locales()
    for section, model in _MODELS.items():
        for row in data[section]:
            _build_term(model, row, by_code)
    for row in data["places"]:
        place = taxonomy.source_rows(Place).get(slug=row["slug"])
        for name in ("parent", "successor"):
            target = row.get(name)
            if target and getattr(place, f"{name}_id") is None:
                setattr(place, name, taxonomy.source_rows(Place).get(slug=target))
                place.save()


def _build_term(model: Any, row: dict[str, Any], by_code: dict[str, Locale]) -> None:
    values = {key: value for key, value in row.items() if key not in ("en", "parent", "successor", "title")}
    if "title" in row:
        values["name"] = row["title"]
    if isinstance(values.get("aliases"), list):
        values["aliases"] = "\n".join(values["aliases"])
    names = {field.name for field in model._meta.fields}
    values = {key: value for key, value in values.items() if key in names and value is not None}
    source, _created = model._default_manager.get_or_create(
        locale=by_code["vi"], slug=row["slug"], defaults={**values, "slug": row["slug"]}
    )
    english = row.get("en")
    rows = model._default_manager.filter(locale=by_code["en"], translation_key=source.translation_key)
    if english and not rows.exists():
        copy = source.copy_for_translation(by_code["en"])
        copy.name = english.get("title") or english.get("name") or source.name
        if english.get("summary") and hasattr(copy, "summary"):
            copy.summary = english["summary"]
        copy.save()


def build_collections() -> dict[str, Collection]:
    """Return the collection of each office, created where missing."""
    root = Collection.get_first_root_node()
    found = {}
    for key, data in content_files.read("settings").items():
        name = data["short_name"]
        found[key] = root.get_children().filter(name=name).first() or root.add_child(name=name)
    return found


def build_sites(homes: dict[str, Page]) -> dict[str, Site]:
    """Point a Site at each home page: the first office is the default site."""
    found = {}
    for key, home in homes.items():
        site = Site.objects.filter(root_page=home).first()
        if site is None:
            site = (Site.objects.filter(is_default_site=True).first() if key == "office" else None) or Site()
            site.hostname, site.port, site.root_page = HOST_NAMES[key], settings.PORT, home
            site.is_default_site = key == "office"
            site.site_name = content_files.read("settings")[key]["short_name"]
            site.save()
        found[key] = site
    return found


def build_settings(
    sites: dict[str, Site], collections: dict[str, Collection], media: Media, find_page: Any
) -> None:
    """Fill the settings of offices that have none yet."""
    now = timezone.now()
    by_code = locales()
    for key, data in content_files.read("settings").items():
        office = OfficeSettings.for_site(sites[key])
        if office.organisation_name:
            continue
        for name in (*TRANSLATED_FIELDS, "phone", "hotline", "email"):
            setattr(office, name, data.get(name) or "")
        office.collection = collections[key]
        office.privacy_page = find_page(key, PRIVACY_SLUG)
        office.share_image = media.image(data["share_image"]) if data.get("share_image") else None
        office.shares_from = sites[data["shares_from"]] if data.get("shares_from") else None
        office.channels.set([OfficialChannel(**row) for row in data.get("channels") or []])
        office.alerts.set([_alert(row, key, now, by_code, find_page) for row in data.get("alerts") or []])
        office.save()
        if data.get("en"):
            texts = {name: data["en"].get(name) or "" for name in TRANSLATED_FIELDS}
            OfficeTranslation.objects.create(office=office, locale=by_code["en"], **texts)


def _alert(
    row: dict[str, Any], key: str, now: datetime.datetime, by_code: dict[str, Locale], find_page: Any
) -> Alert:
    return Alert(
        level=row.get("level", "info"),
        message=row["message"],
        link_page=find_page(key, row["link_page"]) if row.get("link_page") else None,
        link_url=row.get("link_url") or "",
        locale=by_code[row.get("locale", "vi")],
        starts_at=now + datetime.timedelta(days=row["starts_day"]),
        ends_at=now + datetime.timedelta(days=row["ends_day"]),
    )


def build_help_points(sites: dict[str, Site]) -> dict[str, HelpPoint]:
    """Return the help points by key, created where missing."""
    found = {}
    vi = locales()["vi"]
    for rank, row in enumerate(content_files.read("help_points")):
        place = taxonomy.source_rows(Place).filter(slug=row.get("place")).first()
        values = {k: row.get(k) or "" for k in ("address", "opening_hours", "phone")}
        values["offers"] = "\n".join(part.strip() for part in str(row.get("offers") or "").split(";"))
        found[row["key"]], _created = HelpPoint.objects.get_or_create(
            site=sites[row["site"]], name=row["name"], locale=vi,
            defaults={**values, "place": place, "has_wifi": bool(row.get("has_wifi")), "sort_order": rank},
        )  # fmt: skip
    return found
