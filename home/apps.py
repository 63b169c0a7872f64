"""App configuration of the home page and standing pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The only app that sees all sections."""

    name = "home"
    verbose_name = _("Home and standing pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what follows from new pages."""
        from home import signals  # noqa: F401
