"""Addresses with a file name (feeds, loudspeaker script). Wagtail's own routing answers at slashes only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe, quote_etag
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page, Site

from core.offices import office_for_site
from news import loudspeaker
from news.feeds import FEEDS
from news.models import BulletinPage, NewsIndexPage
from news.models.index import KINDS

#: Seconds for which caches may keep a feed; readers ask every hour or so.
FEED_CACHE_SECONDS = 300


def _serve(request: HttpRequest, path: str, answer: Callable[[Any], HttpResponse]) -> HttpResponse:
    """Return ``answer(page)`` for the live page at ``path`` by the way that Wagtail serves the page itself.

    So a private page keeps its files private: Wagtail's hooks answer in our place.

    Raises:
        Http404: when no page is there.
    """
    found = Page.route_for_request(request, path)
    if found is None:
        raise Http404("no such page")
    page, args, kwargs = found

    def chain(page: Any, _request: HttpRequest, _args: Any, _kwargs: Any) -> HttpResponse:
        return answer(page)

    for wrap in reversed(hooks.get_hooks("on_serve_page")):
        chain = wrap(chain)
    for check in hooks.get_hooks("before_serve_page"):
        refusal = check(page, request, args, kwargs)
        if isinstance(refusal, HttpResponse):
            return refusal
    return chain(page, request, args, kwargs)


@require_safe
def feed(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """Answer with the Atom or RSS feed of a listing; filters in the query string as in the listing.

    Answers 304 to a reader that has the newest version already (ETag, Last-Modified).

    Args:
        request: the request.
        path: address of a news section or one of its listings.
        form: ``atom`` or ``rss``.

    Raises:
        Http404: where no news section is.
    """
    return _serve(request, path, lambda page: _feed(request, page, form))


def _feed(request: HttpRequest, page: Any, form: str) -> HttpResponse:
    if not isinstance(page, NewsIndexPage):
        raise Http404("no news section")
    route_name = request.routable_resolver_match.url_name  # type: ignore[attr-defined]
    kind = next(kind for kind in KINDS if kind.name == route_name)
    response = FEEDS[form](request, index=page, kind=kind, site=Site.find_for_request(request))
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["Cache-Control"] = f"public, max-age={FEED_CACHE_SECONDS}"
    last_modified = parse_http_date_safe(response.get("Last-Modified", ""))
    return get_conditional_response(request, response["ETag"], last_modified, response) or response


@require_safe
def loudspeaker_file(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with a bulletin's loudspeaker script as a text file.

    Raises:
        Http404: where no bulletin with a script is.
    """
    return _serve(request, path, lambda page: _loudspeaker_file(request, page))


def _loudspeaker_file(request: HttpRequest, page: Any) -> HttpResponse:
    if not isinstance(page, BulletinPage) or not page.loudspeaker_script.strip():
        raise Http404("no script")
    site = Site.find_for_request(request)
    head = [
        office_for_site(site).organisation_name if site else "",
        page.title,
        " · ".join(part for part in (capfirst(page.number_label), page.period_label) if part),
        _("Reading time: %(time)s") % {"time": page.reading_label},
    ]
    response = HttpResponse(
        loudspeaker.text_file(head, page.loudspeaker_script), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = (
        f'attachment; filename="ban-doc-loa-so-{page.number:02d}-{page.year}.txt"'
    )
    response["Cache-Control"] = "public, max-age=60"
    return response
