"""Which pages a search may show: one place, whichever engine finds them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.models import ContentPage
from search.engines.base import SearchQuery


def visible(query: SearchQuery) -> Any:
    """Return the pages that the reader may see, whatever the filters (search.counts).

    Live, public, in the language, of the office or shared with it; a page whose time is over is left out at once, not only
    when the next run of ``publish_scheduled`` takes it down.
    """
    pages = ContentPage.objects.for_site(query.site, query.language)
    return pages.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
