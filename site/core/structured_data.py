"""schema.org data of pages (JSON-LD), asked for by Decree 224/2026 art. 11(5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from wagtail.models import Site

from core.offices import office_for_site

if TYPE_CHECKING:
    from core.models import ContentPage


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Return the publishing office as a GovernmentOrganization."""
    site = Site.find_for_request(request)
    if site is None:
        return {}
    office = office_for_site(site)
    data: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": office.organisation_name or office.short_name,
        "url": site.root_url,
    }
    if office.phone:
        data["telephone"] = office.phone
    if office.address:
        data["address"] = office.address
    return data


def for_page(page: ContentPage, request: HttpRequest) -> dict[str, Any]:
    """Return the data that every page type shares."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": page.schema_type,
        "name": page.title,
        "headline": page.title,
        "url": page.full_url,
        "inLanguage": page.locale.language_code,
        "datePublished": page.published_on.isoformat(),
        "publisher": organisation(request),
    }
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    description = page.search_description or page.intro
    if description:
        data["description"] = description
    if page.topic_rows:
        data["keywords"] = ", ".join(topic.name for topic in page.topic_rows)
    return data
