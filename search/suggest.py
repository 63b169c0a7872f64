"""Suggestions over HTTP: for the search box, and in the format that browsers read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core import limits
from search import suggestions
from search.views import language_of_request, site_of

#: Requests of one address in a minute: some hundred people who type at the same time.
A_MINUTE = 3_000
#: Seconds that browsers and caches may keep an answer, as long as the pages themselves.
KEEP = 60
FORMAT_PARAM, BROWSERS = "dang", "opensearch"


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer ``?q=`` with at most eight suggestions as ``{"q": …, "suggestions": [{text, url, kind, label}]}``.

    With ``dang=opensearch`` as browsers want it: [question, texts, descriptions, addresses].
    """
    site, language = site_of(request), language_of_request()
    if limits.exceeded(request, "search.suggest", A_MINUTE):
        return JsonResponse({"q": "", "suggestions": []}, status=429, headers={"Retry-After": "60"})
    typed = request.GET.get("q", "")[:200]
    found = suggestions.find(site, language, typed)
    shown = typed.encode("utf-8", "replace").decode()
    if request.GET.get(FORMAT_PARAM) == BROWSERS:
        answer: Any = [
            shown,
            [row.text for row in found],
            [row.label for row in found],
            [request.build_absolute_uri(row.url) for row in found],
        ]
        content_type = "application/x-suggestions+json; charset=utf-8"
    else:
        answer = {"q": shown, "suggestions": [asdict(row) for row in found]}
        content_type = "application/json; charset=utf-8"
    response = JsonResponse(
        answer, safe=False, content_type=content_type, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = f"public, max-age={KEEP}"
    response["X-Robots-Tag"] = "noindex"
    return response
