"""Which office a request, a page or a path belongs to; its data, kept for a minute (core.memory)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site

from core.memory import forget, remember
from core.taxonomy import source_language

__all__ = [
    "Office", "SitePaths", "forget", "office_for_request", "office_for_site", "office_name_for_page", "remember",
    "restricted_paths", "site_paths",
]  # fmt: skip

if TYPE_CHECKING:
    from core.models import Alert, OfficeSettings, OfficialChannel

# Page models use this module, so it asks the registry for the models of the office.


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Tree paths: ``own`` roots of a site (one per language), ``shared`` roots of the office that shares with it."""

    own: tuple[str, ...]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """An office in one language, as templates see it."""

    site: Site
    settings: OfficeSettings
    organisation_name: str
    short_name: str
    parent_organisation: str
    slogan: str
    address: str
    opening_hours: str
    footer_text: str
    notice: str
    channels: list[OfficialChannel] = field(default_factory=list)
    all_alerts: list[Alert] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        """Give the untranslated settings (phone, email …) under the same roof."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.settings, name)

    @property
    def current_alerts(self) -> list[Alert]:
        """Alerts in force now, urgent first."""
        order = {"urgent": 0, "warning": 1, "info": 2}
        return sorted(
            (alert for alert in self.all_alerts if alert.is_current), key=lambda alert: order[alert.level]
        )


def site_paths(site: Site) -> SitePaths:
    """Return the tree paths of ``site`` and of the office that shares with it."""
    return remember("paths", site.pk, shared=True, make=lambda: _read_paths(site))


def _read_paths(site: Site) -> SitePaths:
    shares_from = (
        apps.get_model("core.OfficeSettings").objects.filter(site=site).values("shares_from__root_page")
    )
    roots = (
        Page.objects.filter(pk__in=[site.root_page_id]).values("translation_key", "pk"),
        Page.objects.filter(pk__in=shares_from).values("translation_key", "pk"),
    )
    found = []
    for rows in roots:
        keys = [row["translation_key"] for row in rows]
        found.append(tuple(Page.objects.filter(translation_key__in=keys).values_list("path", flat=True)))
    return SitePaths(own=found[0], shared=found[1])


def restricted_paths() -> tuple[str, ...]:
    """Return the tree paths of pages that not everybody may see."""
    return remember("restricted", shared=True, make=_read_restricted)


def _read_restricted() -> tuple[str, ...]:
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def office_for_site(site: Site, language: str | None = None) -> Office:
    """Return the office of ``site`` in ``language`` (the active one when not given)."""
    language = language or get_language() or source_language()
    return remember("office", site.pk, language, make=lambda: _read_office(site, language))


def _read_office(site: Site, language: str) -> Office:
    settings = apps.get_model("core.OfficeSettings").for_site(site)
    alerts = settings.alerts.filter(
        Q(locale__isnull=True) | Q(locale__language_code=language),
        Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()),
    ).select_related("link_page")
    # read now: it is shown on every page and kept with the office
    _image = settings.share_image
    texts = {name: settings.text(name, language) for name in settings.translated_fields}
    if not texts["short_name"]:
        texts["short_name"] = texts["organisation_name"] or site.site_name or site.hostname
    return Office(
        site=site,
        settings=settings,
        channels=list(settings.channels.all()),
        all_alerts=list(alerts),
        **texts,
    )


def office_for_request(request: HttpRequest) -> Office | None:
    """Return the office that serves ``request``, None where no Site matches."""
    site = Site.find_for_request(request)
    return office_for_site(site) if site else None


def office_name_for_page(page: Page) -> str:
    """Return the short name of the office that publishes ``page`` (for content shown by another office)."""
    language = page.locale.language_code
    names = remember("names", language, shared=True, make=lambda: _read_names(language))
    for path, name in names:
        if page.path.startswith(path):
            return name
    return ""


def _read_names(language: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for site in Site.objects.select_related("root_page"):
        name = office_for_site(site, language).short_name
        found.extend((path, name) for path in _read_paths(site).own)
    return sorted(found, key=lambda row: -len(row[0]))
