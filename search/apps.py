"""App configuration of the search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search in Vietnamese, however it is typed."""

    name = "search"
    label = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what changes the index."""
        from search import document_signals, signals, suggestion_signals, vocabulary_signals  # noqa: F401 - needs the models

        signals.connect()
