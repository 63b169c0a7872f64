"""App configuration of news."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """Bulletins, articles, thematic features."""

    name = "news"
    verbose_name = _("News")
