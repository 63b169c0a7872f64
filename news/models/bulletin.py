"""Bulletins: numbered issues with items that are read, printed and read out over loudspeakers."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.fields import StreamField
from core.models import ContentPage
from news.blocks import BulletinItemsBlock


class BulletinPage(ContentPage):
    """An issue of the bulletin."""

    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1)], help_text=_("Counts from 1 again every year.")
    )
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)
    items = StreamField(BulletinItemsBlock(), verbose_name=_("items"), blank=True)
    loudspeaker_script = models.TextField(
        _("loudspeaker script"),
        blank=True,
        help_text=_("Short sentences to be read aloud. An empty line makes a new paragraph, that is, a pause."),
    )

    kind_label = _("Bulletin")
    schema_type = "NewsArticle"
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("items"),
        index.SearchField("loudspeaker_script"),
        index.FilterField("number"),
    ]
    override_translatable_fields = [
        *ContentPage.override_translatable_fields,
        *(SynchronizedField(name, overridable=False) for name in ("number", "period_start", "period_end")),
    ]
    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("number"), FieldPanel("period_start"), FieldPanel("period_end")])],
            heading=_("Issue"),
        ),
        FieldPanel("items"),
        FieldPanel("loudspeaker_script"),
    ]

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        indexes: list[models.Index] = []
