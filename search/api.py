"""The search as data, for other websites, apps and speaking assistants. Documented in docs/search-api.md."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import Site

from core import limits
from core.filters import PAGE_PARAM, PAGE_SIZE
from core.models import ContentPage
from search import kinds, services
from search.asked import Asked
from search.engines.base import Counts, SearchResult, SearchResults
from search.filters import KIND_PARAM, OPEN_PARAM, TERMS, rows
from search.views import language_of_request, site_of

A_MINUTE = 60
SIZE_PARAM, MAX_SIZE = "moi-trang", 50
#: The last page that may be asked for.
MAX_PAGE = 1_000
KEEP = 60
_METHODS = "GET, HEAD, OPTIONS"
_MARK = re.compile(r"(</?mark>)")


class Refused(Exception):
    """A request that cannot be answered: an HTTP status, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@csrf_exempt  # nothing is changed; without it a POST would be refused in HTML
def search(request: HttpRequest) -> HttpResponse:
    """Answer with JSON, errors included. Open to every website, without cookies."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    site = site_of(request)
    try:
        answer = _answer(request, site)
    except Refused as error:
        body = {"error": {"code": error.code, "message": error.message}}
        response: HttpResponse = _json(body, error.status)
        response["Cache-Control"] = "no-store"
        if error.status == 429:
            response["Retry-After"] = "60"
        if error.status == 405:
            response["Allow"] = _METHODS
        return _open(response)
    response = _json(answer, 200)
    response["Cache-Control"] = f"public, max-age={KEEP}"
    return _open(response)


def _json(body: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(
        body,
        status=status,
        content_type="application/json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = _METHODS
    response["Access-Control-Max-Age"] = "86400"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, site: Site) -> dict[str, Any]:
    if request.method not in ("GET", "HEAD"):
        raise Refused(405, "method", _("Only GET requests are answered here."))
    if limits.exceeded(request, "search.api", A_MINUTE):
        message = _("Too many requests: at most %(number)d in a minute. Please wait a minute.")
        raise Refused(429, "too_many", message % {"number": A_MINUTE})
    asked = Asked.read(request.GET)
    wrong = [*asked.filters.unknown, *asked.filters.mistyped]
    if wrong:
        raise Refused(400, "filter", _("The value of “%(name)s” is not known.") % {"name": wrong[0]})
    page = _number(request, PAGE_PARAM, 1, MAX_PAGE)
    size = _number(request, SIZE_PARAM, PAGE_SIZE, MAX_SIZE)
    language = language_of_request()
    found = services.search(asked.for_engine(site, language, page, size))
    return {
        "q": asked.text,
        "language": language,
        "read_as": found.asked_instead,
        "did_you_mean": found.did_you_mean,
        "total": found.total,
        "more": found.is_cut,
        "page": page,
        "pages": -(-found.total // size),
        "size": size,
        "degraded": found.degraded,
        "url": request.build_absolute_uri(asked.link(reverse("search:search"), {})),
        "results": _results(found, request),
        "counts": _counts(found.counts),
    }


def _number(request: HttpRequest, param: str, default: int, largest: int) -> int:
    raw = request.GET.get(param, "")
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6 or not 1 <= int(raw) <= largest:
        message = _("“%(name)s” must be a number from 1 to %(largest)d.")
        raise Refused(400, "number", message % {"name": param, "largest": largest})
    return int(raw)


def _results(found: SearchResults, request: HttpRequest) -> list[dict[str, Any]]:
    keys = [result.page_id for result in found.results]
    types = dict(ContentPage.objects.filter(pk__in=keys).order_by().values_list("pk", "content_type_id"))
    slugs = kinds.kind_by_content_type()
    return [
        _result(result, slugs.get(types.get(result.page_id, 0), kinds.PLAIN), request)
        for result in found.results
    ]


def _result(result: SearchResult, kind: str, request: HttpRequest) -> dict[str, Any]:
    text, marks = plain(result.excerpt)
    card = result.card
    answer: dict[str, Any] = {
        "title": card.title,
        "url": request.build_absolute_uri(card.url),
        "kind": kind,
        "kind_label": card.kind_label,
        "date": card.date.isoformat() if card.date else None,
        "intro": card.intro,
        "excerpt": text,
        "marks": marks,
        "office": card.source_label,
        "file": None,
    }
    if result.file:
        answer["file"] = {
            "title": result.file.title,
            "url": request.build_absolute_uri(result.file.url),
            "type": result.file.type_label,
            "size": result.file.size_label,
        }
    return answer


def plain(excerpt: SafeString) -> tuple[str, list[list[int]]]:
    """Return the text of a marked passage and where the marks stand in it: [start, end) in Unicode characters."""
    text, marks, start = "", [], 0
    for piece in _MARK.split(excerpt):
        if piece == "<mark>":
            start = len(text)
        elif piece == "</mark>":
            marks.append([start, len(text)])
        else:
            text += html.unescape(piece)
    return text, marks


def _counts(counts: Counts) -> dict[str, list[dict[str, Any]]]:
    """Return parameter → its choices with results: value for the address, name, number."""
    answer = {
        KIND_PARAM: [
            {"value": slug, "label": str(label), "count": counts.kind[slug]}
            for slug, label in kinds.LABELS.items()
            if counts.kind.get(slug)
        ]
    }
    for param, (name, _model) in TERMS.items():
        by_key: dict[int, int] = getattr(counts, name)
        answer[param] = [
            {"value": slug, "label": label, "count": by_key[key]}
            for key, slug, label in rows(param)
            if by_key.get(key)
        ]
    answer[OPEN_PARAM] = [{"value": "1", "label": _("Open for registration"), "count": counts.open}]
    if not counts.open:
        answer[OPEN_PARAM] = []
    return answer
