"""The guides section's first page, and series."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Site
from wagtail.search import index

from core.blocks import BodyBlock
from core.fields import StreamField
from core.models import ContentPage
from core.navigation import Link, main_menu
from guides.listing import read_listing
from guides.models.guide import GuidePage
from guides.querysets import SeriesManager


def item_list(cards: list[Any], request: HttpRequest, first: int = 1) -> dict[str, Any]:
    """Return cards as a schema.org ItemList that counts from ``first``."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": card.title,
                "url": request.build_absolute_uri(card.url),
            }
            for number, card in enumerate(cards, start=first)
        ],
    }


class GuideSeriesPage(ContentPage):
    """Guides that are best followed in order: the order of its subpages."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    objects = SeriesManager()

    kind_label = _("Guide series")
    search_kind = "huong-dan"
    schema_type = "CollectionPage"
    parent_page_types = ["guides.GuideIndexPage"]
    subpage_types = ["guides.GuidePage"]

    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("guide series")
        verbose_name_plural = _("guide series")
        indexes: list[models.Index] = []

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Return related pages; the preview of a page that was never saved has none."""
        return super().related(request, limit) if self.pk else []

    def card_extras(self) -> dict[str, Any]:
        """Show how many guides there are, where the selection counted them."""
        count = getattr(self, "guide_count", 0)
        return {
            "meta": [ngettext("%(count)d guide", "%(count)d guides", count) % {"count": count}]
            if count
            else []
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the guides in order."""
        context = super().get_context(request, *args, **kwargs)
        guides = GuidePage.objects.in_series(self).with_card_data() if self.path else []
        context["cards"] = self._shown = [guide.get_card(request) for guide in guides]
        return context

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add the guides as an ItemList."""
        data = super().get_structured_data(request)
        shown = getattr(self, "_shown", [])
        if shown:
            data["mainEntity"] = item_list(shown, request)
        return data


class GuideIndexPage(ContentPage):
    """Lists series and guides."""

    kind_label = _("Guides")
    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["guides.GuideSeriesPage", "guides.GuidePage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    search_fields = [*ContentPage.search_fields]
    content_panels = [*ContentPage.content_panels]

    class Meta:
        verbose_name = _("guides section")
        verbose_name_plural = _("guides sections")
        indexes: list[models.Index] = []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the listing.

        Raises:
            Http404: for a page of the listing that does not exist.
        """
        context = super().get_context(request, *args, **kwargs)
        site = Site.find_for_request(request)
        if site is None:
            raise Http404("no office")
        context["listing"] = self._shown = listing = read_listing(request, site, GuidePage, GuideSeriesPage)
        context["ways_on"] = [] if listing.cards else self._ways_on(request, listing.filters.is_active)
        return context

    def _ways_on(self, request: HttpRequest, filtered: bool) -> list[Link]:
        """Return where to look when the listing is empty: without filters, the main menu."""
        address = self.get_url(request) or "/"
        found = [Link(address, gettext("Show all without filters"))] if filtered else []
        return [*found, *(link for link in main_menu(request) if link.url != address)]

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Show nothing beside the listing."""
        return []

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add what the listing shows as an ItemList."""
        data = super().get_structured_data(request)
        shown = getattr(self, "_shown", None)
        if shown is not None and shown.cards:
            data["mainEntity"] = item_list(shown.cards, request, shown.page_obj.start_index())
        return data
