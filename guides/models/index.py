"""The guides section's first page, and series."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.blocks import BodyBlock
from core.fields import StreamField
from core.models import ContentPage


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


class GuideSeriesPage(ContentPage):
    """Guides that are best followed in order: the order of its subpages."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    kind_label = _("Guide series")
    schema_type = "CollectionPage"
    parent_page_types = ["guides.GuideIndexPage"]
    subpage_types = ["guides.GuidePage"]

    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("guide series")
        verbose_name_plural = _("guide series")
        indexes: list[models.Index] = []
