"""Form widgets of the admin."""

from typing import Any

from wagtail.admin.widgets import SlugInput


class VietnameseSlugInput(SlugInput):
    """Wagtail's slug input for ASCII slugs; static/js/admin_slug.js folds Vietnamese before Wagtail's script sees it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Keep to ASCII whatever WAGTAIL_ALLOW_UNICODE_SLUGS says."""
        super().__init__(
            attrs={"data-w-slug-allow-unicode-value": "false", "data-vietnamese-slug": "", **(attrs or {})}
        )
