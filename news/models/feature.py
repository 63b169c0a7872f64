"""Thematic features: one theme, what there is about it."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.blocks import BodyBlock
from core.fields import StreamField
from core.offices import remember
from news.blocks import FeatureSectionsBlock
from news.gathering import Section, gather
from news.models.base import NewsPage


class FeaturePage(NewsPage):
    """Gathers articles, guides, training events and documents around one theme."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    sections = StreamField(FeatureSectionsBlock(), verbose_name=_("sections"), blank=True)

    kind_label = _("Thematic feature")
    schema_type = "CollectionPage"

    search_fields = [*NewsPage.search_fields, index.SearchField("body"), index.SearchField("sections")]
    content_panels = [*NewsPage.content_panels, FieldPanel("body"), FieldPanel("sections")]

    class Meta:
        verbose_name = _("thematic feature")
        verbose_name_plural = _("thematic features")
        indexes: list[models.Index] = []

    @property
    def item_count(self) -> int:
        """How many pages and documents editors gathered; counted in the stored data, without a query."""
        return sum(
            len(block["value"].get(name) or [])
            for block in self.sections.raw_data
            if block["type"] == "section"
            for name in ("pages", "documents")
        )

    def card_extras(self) -> dict[str, Any]:
        """Show how much the feature gathers."""
        count = self.item_count
        return {
            "meta": [ngettext("%(count)d item", "%(count)d items", count) % {"count": count}] if count else []
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the sections with their cards and documents."""
        context = super().get_context(request, *args, **kwargs)
        self.gathered: list[Section] = self._gather(request)
        context["sections"] = self.gathered
        context["toc_entries"] = [
            {"id": f"phan-{number}", "title": section.title}
            for number, section in enumerate(self.gathered, start=1)
        ]
        return context

    def _gather(self, request: HttpRequest) -> list[Section]:
        """Return the sections; what readers see is kept for a minute, as on the front page, a preview never is."""
        if not self.pk or getattr(request, "is_preview", False):
            return gather(self.sections, request)
        key = ("feature", self.pk, get_language(), request.get_host())
        found: list[Section] = remember(*key, make=lambda: gather(self.sections, request))
        return found

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Name the parts."""
        data = super().get_structured_data(request)
        cards = [card for section in getattr(self, "gathered", []) for card in section.cards]
        if cards:
            data["hasPart"] = [
                {"@type": "WebPage", "name": card.title, "url": request.build_absolute_uri(card.url)}
                for card in cards
            ]
        return data
