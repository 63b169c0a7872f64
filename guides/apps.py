"""App configuration of guides."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    """Guides."""

    name = "guides"
    verbose_name = _("Guides")
