"""Thematic features: one theme, what there is about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.blocks import BodyBlock
from core.fields import StreamField
from core.models import ContentPage
from news.blocks import FeatureSectionsBlock


class FeaturePage(ContentPage):
    """Gathers articles, guides, training events and documents around one theme."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    sections = StreamField(FeatureSectionsBlock(), verbose_name=_("sections"), blank=True)

    kind_label = _("Thematic feature")
    schema_type = "CollectionPage"
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    search_fields = [*ContentPage.search_fields, index.SearchField("body"), index.SearchField("sections")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body"), FieldPanel("sections")]

    class Meta:
        verbose_name = _("thematic feature")
        verbose_name_plural = _("thematic features")
        indexes: list[models.Index] = []
