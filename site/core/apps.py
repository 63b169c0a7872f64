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
        """Register system checks and cache invalidation; names of staff in the Vietnamese order."""
        from django.contrib.auth import get_user_model

        from core import checks, signals  # noqa: F401
        from core.people import full_name

        # Wagtail and our own pages ask the user model; it would say "Lan Nguyễn Thị".
        get_user_model().add_to_class("get_full_name", full_name)
