"""The news section's first page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin

from core.models import ContentPage


class NewsIndexPage(RoutablePageMixin, ContentPage):
    """Lists bulletins, articles and thematic features."""

    kind_label = _("News")
    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.BulletinPage", "news.ArticlePage", "news.FeaturePage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    search_fields = [*ContentPage.search_fields]
    content_panels = [*ContentPage.content_panels]

    class Meta:
        verbose_name = _("news section")
        verbose_name_plural = _("news sections")
        indexes: list[models.Index] = []
