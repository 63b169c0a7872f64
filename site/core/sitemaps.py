"""Sitemap of one office: its own public pages in every language, nothing of other offices."""

from collections.abc import Iterable
from typing import Any

from wagtail.contrib.sitemaps.sitemap_generator import Sitemap as WagtailSitemap
from wagtail.models import Site

from core.models import ContentPage


class OfficeSitemap(WagtailSitemap):
    """Wagtail's sitemap leaves translated trees out, because they are no descendants of the site's root."""

    def items(self) -> Iterable[Any]:
        """Return the pages of the requested site."""
        site = Site.find_for_request(self.request)
        if site is None:
            return ContentPage.objects.none()
        return ContentPage.objects.below_site(site).live().public().select_related("locale").order_by("path")
