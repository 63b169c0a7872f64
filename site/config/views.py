"""Addresses for machines: is the server alive, what may a crawler visit."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training_events.services import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers; for monitors and proxies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """200 "ok" when messages go out and personal data are deleted, else 503 and what is wrong, a line each; for monitors.

    Not for proxies: pages are served all the same.
    """
    with translation.override("en"):
        found = health.troubles(now=timezone.now())
    return HttpResponse(
        "\n".join(found or ["ok"]) + "\n",
        status=503 if found else 200,
        content_type="text/plain; charset=utf-8",
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything but the staff area may be crawled; each host names its own sitemap."""
    lines = [
        "User-agent: *",
        f"Disallow: /{settings.ADMIN_PATH}",
        f"Sitemap: {request.scheme}://{request.get_host()}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
