"""The search page and its description for browsers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from core import limits
from core.cards import Card
from core.filters import PAGE_PARAM, PAGE_SIZE
from core.models import ContentPage
from core.offices import office_for_site, site_paths
from core.responses import FollowedResponse
from core.taxonomy import source_language
from search import log, nothing, promoted, selection, services, terms
from search.asked import EXACT_PARAM, NEWEST, QUERY_PARAM, SORT_PARAM, Asked, clean_text
from search.engines.base import SearchQuery, SearchResults
from search.engines.site import plan_for

#: Requests of one address in a minute. Many people may stand behind it (a village hall, a mobile network).
PAGES_A_MINUTE, CLICKS_A_MINUTE = 1_200, 1_200
#: What the beacon names instead of a page when the card of a topic was opened.
TERM_CARD = "nhom"
#: Popular questions offered to a reader who has not typed anything.
POPULAR = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort and the address that does."""

    label: str
    url: str
    is_current: bool


def site_of(request: HttpRequest) -> Site:
    """Return the office of a request.

    Raises:
        Http404: where no office answers at the host.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("no such site")
    return site


def language_of_request() -> str:
    """Return the language in which is asked and answered."""
    return get_language() or source_language()


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


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results of ``?q=``, narrowed by filters; without a question ways to begin; with filters only their pages.

    Unknown filters give an empty list with ways on, an unknown page 404.
    """
    site, language = site_of(request), language_of_request()
    number = _page_number(request)
    asked = Asked.read(request.GET)
    here = reverse("search:search")
    context: dict[str, Any] = {"asked": asked, "query": asked.text, "here": here}
    if not asked:
        context |= {
            "topic_links": terms.topic_links(site, language),
            "popular": nothing.popular_links(site, language, POPULAR),
        }
        return render(request, "search/search.html", context)
    if limits.exceeded(request, "search.page", PAGES_A_MINUTE):
        return render(request, "search/too_many.html", {"query": asked.text}, status=429)
    found = SearchResults()
    if not asked.filters.unknown:
        found = services.search(asked.for_engine(site, language, number, PAGE_SIZE))
    page = _page(found.total, number)
    context |= {
        "found": found,
        "page_obj": page,
        "form": asked.filters.form(found.counts, site, language),
        "kept": [(name, value) for name, value in asked.parameters.items() if name not in asked.filters.raw],
        "chips": [Chip(label, asked.link(here, {param: ""})) for param, label in asked.filters.selected],
        "clear": asked.link(here, dict.fromkeys(asked.filters.raw, "")),
        "orders": _orders(asked, here),
        "topic": _topic(asked, site, language),
        **_above(asked, found, site, language, here, number),
    }
    chosen = {key for key, _card in context.get("promoted", ())}
    context["rows"] = [
        (rank, result)
        for rank, result in enumerate(found.results, start=page.start_index() or 1)
        if result.page_id not in chosen
    ]
    if not found.total:
        context |= {"ways": nothing.ways_on(asked, site, language), "office": office_for_site(site)}
    html = render_to_string("search/search.html", context, request)
    if request.method != "GET" or number > 1 or not asked.is_plain:
        return HttpResponse(html)
    client = limits.client(request)
    return FollowedResponse(
        html, follow=lambda: log.record(site, language, asked.text, found.total, client=client)
    )


def _orders(asked: Asked, here: str) -> list[Order]:
    return [
        Order(_("Best match"), asked.link(here, {SORT_PARAM: ""}), not asked.newest_first),
        Order(_("Newest first"), asked.link(here, {SORT_PARAM: NEWEST}), asked.newest_first),
    ]


def _topic(asked: Asked, site: Site, language: str) -> terms.Term | None:
    """Return the term whose pages are listed: the only filter, without a question."""
    if asked.text or len(asked.filters.raw) != 1:
        return None
    ((param, slug),) = asked.filters.raw.items()
    return next(
        (term for term in terms.terms(site, language) if (term.param, term.slug) == (param, slug)), None
    )


def _above(
    asked: Asked, found: SearchResults, site: Site, language: str, here: str, number: int
) -> dict[str, Any]:
    """Return what stands above the list: how the question was read, what staff chose for it, the topic it names."""
    if not asked.text:
        return {}
    above: dict[str, Any] = {
        "exactly": asked.link(here, {EXACT_PARAM: "1"}) if found.asked_instead else "",
        "meant": asked.link(here, {QUERY_PARAM: found.did_you_mean, EXACT_PARAM: ""})
        if found.did_you_mean
        else "",
    }
    if number > 1 or asked.filters.raw:
        return above
    keys = promoted.for_question(site, language, asked.text)
    if not keys and found.asked_instead:
        keys = promoted.for_question(site, language, found.asked_instead)
    return above | {
        "term": terms.named(site, language, asked.text, found.asked_instead),
        "promoted": promoted_cards(keys, site, language),
    }


def promoted_cards(keys: list[int], site: Site, language: str) -> list[tuple[int, Card]]:
    """Return (primary key, card) of pages that staff chose, in their order; only what the reader may see."""
    if not keys:
        return []
    visible = selection.visible(SearchQuery("", site, language))
    rows: Iterable[ContentPage] = visible.filter(pk__in=keys).select_related("locale")
    own = site_paths(site).own
    cards = {}
    for page in rows:
        is_own = any(page.path.startswith(path) for path in own)
        cards[page.pk] = Card(
            url=(page.get_url(current_site=site) if is_own else page.full_url) or "",
            title=page.title,
            intro=page.intro or page.search_description,
        )
    return [(key, cards[key]) for key in keys if key in cards]


@csrf_exempt
@require_POST
def clicked(request: HttpRequest) -> HttpResponse:
    """Count that a result was opened (a beacon of static/js/search_clicks.js). Says nothing, sets nothing, knows nobody.

    Without a token, because pages are kept by caches: only requests of this website's own pages count, which browsers mark.
    """
    site = site_of(request)
    if not _is_from_here(request) or limits.exceeded(request, "search.clicked", CLICKS_A_MINUTE):
        return HttpResponse(status=204)
    sent: QueryDict = request.POST
    text, page_id, rank = clean_text(sent.get("q", "")), sent.get("page", ""), sent.get("rank", "")
    language, client = language_of_request(), limits.client(request)
    if text and page_id == TERM_CARD:
        if terms.named(site, language, text, _read_as(text, site, language)):
            log.clicked(site, language, text, None, 1, client=client)
    elif text and all(raw.isascii() and raw.isdigit() and len(raw) < 10 for raw in (page_id, rank)):
        log.clicked(site, language, text, int(page_id), int(rank), client=client)
    return HttpResponse(status=204)


def _read_as(text: str, site: Site, language: str) -> str:
    return plan_for(SearchQuery(text, site, language)).read_as


def _is_from_here(request: HttpRequest) -> bool:
    fetched = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "")
    same = origin == f"{request.scheme}://{request.get_host()}"
    return same and fetched in (None, "same-origin")


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Describe the search box in OpenSearch format, so that a browser can offer it in its address bar."""
    site = site_of(request)
    addresses = {
        name: request.build_absolute_uri(reverse(f"search:{view}"))
        for name, view in (
            ("page", "search"),
            ("suggest", "suggest"),
            ("api", "api"),
            ("self", "description"),
        )
    }
    context = {"office": office_for_site(site), "addresses": addresses, "language": language_of_request()}
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
