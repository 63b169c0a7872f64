"""What bulletins, articles and thematic features have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from core.models import ContentPage
from core.navigation import Link
from core.structured_data import organisation
from core.taxonomy import localized_all
from news.forms import NewsPageForm


def tag_links(section_url: str, param: str, rows: Iterable[Any]) -> list[Link]:
    """Return links to the listing at ``section_url`` filtered by each of ``rows``, named in the active language."""
    return (
        [Link(f"{section_url}?{param}={row.slug}", row.name) for row in localized_all(rows)]
        if section_url
        else []
    )


class NewsPage(ContentPage):
    """A page below a news section. Abstract: it adds rules and structured data, no table."""

    base_form_class = NewsPageForm
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Return related pages; the preview of a page that was never saved has none."""
        return super().related(request, limit) if self.pk else []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add links to the section's listings of the page's topics and places."""
        context = super().get_context(request, *args, **kwargs)
        section_url = context["breadcrumbs"][-1].url if context["breadcrumbs"] else ""
        context["topic_links"] = tag_links(section_url, "linh-vuc", self.topic_rows)
        context["place_links"] = tag_links(section_url, "dia-ban", self.places.all() if self.pk else [])
        return context

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add picture and author, which news readers of search engines ask for."""
        data = super().get_structured_data(request)
        if self.cover_image is not None:
            data["image"] = request.build_absolute_uri(self.cover_image.file.url)
        if self.responsible_unit:
            data["author"] = {"@type": "Organization", "name": self.responsible_unit}
        else:
            data["author"] = organisation(request)
        return data
