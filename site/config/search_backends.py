"""SEARCH_URL → the WAGTAILSEARCH_BACKENDS entry. Engines are named by dotted path, so settings import no app code."""

from typing import Any

from config.parsers import split

EXAMPLE = "opensearch+https://user:password@localhost:9200/site"


def from_url(raw: str) -> dict[str, Any]:
    """Entry of database://, elasticsearch+http(s)://host:9200/prefix or opensearch+http(s)://host:9200/prefix.

    The path is the prefix of the names of the indexes.

    Raises ValueError with a clause that completes "SEARCH_URL …".
    """
    engines = {
        "elasticsearch": "wagtail.search.backends.elasticsearch9",
        "opensearch": "wagtail.search.backends.opensearch3",
    }
    schemes = {"database"} | {f"{engine}+{scheme}" for engine in engines for scheme in ("http", "https")}
    parts = split(raw, schemes, EXAMPLE)
    if parts.scheme == "database":
        return {"BACKEND": "wagtail.search.backends.database"}
    if not parts.hostname:
        raise ValueError(f"names no server (an example: {EXAMPLE})")
    engine, _, scheme = parts.scheme.partition("+")
    return {
        "BACKEND": engines[engine],
        "URLS": [f"{scheme}://{parts.netloc}"],
        "INDEX_PREFIX": (parts.path.strip("/") or "site") + "-",
        "TIMEOUT": 10,
    }
