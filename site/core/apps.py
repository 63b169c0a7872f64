"""App configuration of the shared vocabulary."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Base page, taxonomy, blocks, office settings: what every section speaks."""

    name = "core"
    label = "core"
    verbose_name = _("Shared vocabulary")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register system checks and cache invalidation."""
        from core import checks, signals  # noqa: F401
