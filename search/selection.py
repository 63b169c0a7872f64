"""Which pages a search may show: one place, whichever engine finds them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.models import ContentPage
from search.engines.base import SearchQuery


def visible(query: SearchQuery) -> Any:
    """Return the pages that the reader may see and that pass all filters but the kind.

    Live, public, in the language, of the office or shared with it; a page whose time is over is left out at once, not only
    when the next run of ``publish_scheduled`` takes it down.
    """
    pages = ContentPage.objects.for_site(query.site, query.language)
    pages = pages.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
    filters = query.filters
    if filters.pillar is not None:
        pages = pages.filter(pillar_id=filters.pillar)
    if filters.topic is not None:
        pages = pages.filter(topic_items__tag_id=filters.topic)
    if filters.place is not None:
        pages = pages.filter(places=filters.place)
    if filters.audience is not None:
        pages = pages.filter(audiences=filters.audience)
    return pages
