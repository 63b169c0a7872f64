"""The search page and its description for browsers."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.filters import PAGE_PARAM, PAGE_SIZE
from core.navigation import Link
from core.offices import office_for_site
from core.taxonomy import source_language
from core.vietnamese import to_nfc
from search import services
from search.engines.base import SearchQuery, SearchResults
from search.filters import SearchFilters, topics

#: What the box takes; longer questions are cut.
MAX_LENGTH = 200


def _page_number(request: HttpRequest) -> int:
    raw = request.GET.get(PAGE_PARAM, "1")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6 or int(raw) < 1:
        raise Http404("no such page")
    return int(raw)


def _page(total: int, number: int) -> Page[int]:
    paginator = Paginator(range(total), PAGE_SIZE)
    if number > paginator.num_pages:
        raise Http404("no such page")
    return paginator.page(number)


def _ways_on(filters: SearchFilters, text: str) -> list[Link]:
    """Return where a reader may go on who found nothing: the same question without filters, the topics, home."""
    found = []
    here = reverse("search:search")
    if filters.raw and text:
        found.append(Link(f"{here}?{_query(q=text)}", _("Search again without filters")))
    found += [Link(f"{here}?{_query(**{'linh-vuc': slug})}", label) for slug, label in topics()[:6]]
    return found


def _query(**values: str) -> str:
    return urlencode(values)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results of ``?q=``, narrowed by filters; without a question the topics; with filters only their pages.

    Unknown filters give an empty list with ways on, an unknown page 404.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("no such site")
    text = " ".join(to_nfc(request.GET.get("q", "").replace("\x00", " "))[:MAX_LENGTH].split())
    number = _page_number(request)
    filters = SearchFilters.from_request(request)
    asked = bool(text or filters.raw)
    found = SearchResults()
    if asked and not filters.unknown:
        query = SearchQuery(
            text=text,
            site=site,
            language=get_language() or source_language(),
            filters=filters.filters,
            page=number,
            size=PAGE_SIZE,
        )
        found = services.search(query)
    here = reverse("search:search")
    context: dict[str, Any] = {
        "query": text,
        "asked": asked,
        "found": found,
        "page_obj": _page(found.total, number),
        "groups": filters.groups(found.counts.kind) if asked else [],
        "selected": filters.selected,
        "ways_on": _ways_on(filters, text) if asked and not found.total else [],
        "topic_links": []
        if asked
        else [Link(f"{here}?{_query(**{'linh-vuc': s})}", label) for s, label in topics()],
    }
    return render(request, "search/search.html", context)


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Describe the search box in OpenSearch format, so that a browser can offer it in its address bar."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("no such site")
    context = {
        "office": office_for_site(site),
        "address": request.build_absolute_uri(reverse("search:search")),
    }
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
