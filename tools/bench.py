"""Median time and number of queries of the sample site's pages, one per page type; then the times of the search.

Runs inside the process (no network), so it compares versions of the code, not machines.
"""

import os
import statistics
import time

import django
import search_bench

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

ROUNDS = 15


def measure(client: Client, path: str) -> tuple[float, int]:
    """Median milliseconds over ROUNDS requests and the queries of the last one, after one request to warm up."""
    client.get(path)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), len(queries)


def main() -> None:
    """Print one line per page type of the default site."""
    site = Site.objects.get(is_default_site=True)
    client = Client(headers={"host": f"{site.hostname}:{site.port}"})
    pages: dict[str, str] = {}
    for page in (
        Page.objects.live().descendant_of(site.root_page, inclusive=True).select_related("content_type")
    ):
        path = page.relative_url(site)
        if path:
            pages.setdefault(f"{page.content_type.app_label}.{page.content_type.model}", path)
    print(f"{'page type':<40}{'ms':>8}{'queries':>9}  path")
    for name, path in sorted(pages.items()):
        milliseconds, queries = measure(client, path)
        print(f"{name:<40}{milliseconds:>8.1f}{queries:>9}  {path}")
    connection.close()
    search_bench.main([])


if __name__ == "__main__":
    main()
