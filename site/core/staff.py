"""Which offices a member of staff works for. What staff see in the admin starts here; what they may do, Wagtail decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet
from wagtail.models import Page, Site

from core.offices import site_paths

if TYPE_CHECKING:
    from core.models import OfficeSettings


def offices_of(user: Any) -> list[Site]:
    """Return the Sites whose pages ``user`` may add, change or publish, by name; all of them for administrators."""
    sites = Site.objects.select_related("root_page").order_by("-is_default_site", "site_name", "hostname")
    if not user.is_active or user.is_anonymous:
        return []
    if user.is_superuser:
        return list(sites)
    granted = list(
        Page.objects.filter(group_permissions__group__user=user).values_list("path", flat=True).distinct()
    )
    return [site for site in sites if any(_touch(site.root_page.path, path) for path in granted)]


def _touch(root: str, granted: str) -> bool:
    """Tell whether a permission given at ``granted`` reaches into the tree below ``root``."""
    return root.startswith(granted) or granted.startswith(root)


def sharing_sites(sites: list[Site]) -> list[Site]:
    """Return the Sites from which ``sites`` take shared content."""
    model: type[OfficeSettings] = apps.get_model("core.OfficeSettings")
    keys = model.objects.filter(site__in=sites, shares_from__isnull=False).values("shares_from")
    return list(Site.objects.filter(pk__in=keys).select_related("root_page"))


def choosable_pages(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """Narrow ``pages`` to what ``user`` may link to: own pages, and live ones of the office that shares with theirs."""
    if user.is_superuser:
        return pages
    sites = offices_of(user)
    wanted = Q(pk__in=[])
    for site in sites:
        for path in site_paths(site).own:
            wanted |= Q(path__startswith=path)
    for site in sharing_sites(sites):
        for path in site_paths(site).own:
            wanted |= Q(path__startswith=path, live=True)
    return pages.filter(wanted)


def site_of(page: Page) -> Site | None:
    """Return the Site in whose tree (of any language) ``page`` stands; the deepest one where Sites are nested."""
    found: tuple[int, Site] | None = None
    for site in Site.objects.select_related("root_page"):
        for path in site_paths(site).own:
            if page.path.startswith(path) and (found is None or len(path) > found[0]):
                found = (len(path), site)
    return found[1] if found else None
