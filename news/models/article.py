"""Articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import BodyBlock
from core.fields import StreamField
from news.models.base import NewsPage


class ArticlePage(NewsPage):
    """A piece of news of any length."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    source_name = models.CharField(
        _("source"), max_length=160, blank=True, help_text=_("Who reported it first, when it was not us.")
    )
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    kind_label = _("Article")
    schema_type = "NewsArticle"
    search_fields = [*NewsPage.search_fields, index.SearchField("body"), index.SearchField("source_name")]
    override_translatable_fields = [
        *NewsPage.override_translatable_fields,
        SynchronizedField("source_url"),
    ]
    content_panels = [
        *NewsPage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("source_name"), FieldPanel("source_url")], heading=_("Source")),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes: list[models.Index] = []
