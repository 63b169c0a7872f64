"""SEARCH_URL → WAGTAILSEARCH_BACKENDS. Engines are named by dotted path, so settings import no app code."""

from typing import Any

from config.parsers import split

EXAMPLE = "opensearch+https://user:password@localhost:9200/site"
#: The search of the database, whichever it is. Beside a search server it stands in when the server does not answer.
DATABASE = {"BACKEND": "search.engines.database"}
#: Threads of one process of the web server (gunicorn.conf.py): each may ask the search server at the same time.
THREADS = 8


def from_url(raw: str) -> dict[str, dict[str, Any]]:
    """database://, elasticsearch+http(s)://host:9200/prefix or opensearch+http(s)://… ; the path is the prefix of index names.

    ``default`` answers; with a search server ``database`` is kept up to date beside it.
    Raises ValueError with a clause that completes "SEARCH_URL …".
    """
    schemes = {"database"} | {
        f"{engine}+{scheme}" for engine in ("elasticsearch", "opensearch") for scheme in ("http", "https")
    }
    parts = split(raw, schemes, EXAMPLE)
    if parts.scheme == "database":
        return {"default": dict(DATABASE)}
    if not parts.hostname:
        raise ValueError(f"names no server (an example: {EXAMPLE})")
    engine, _, scheme = parts.scheme.partition("+")
    server = {
        "BACKEND": f"search.engines.{engine}",
        "URLS": [f"{scheme}://{parts.netloc}"],
        "INDEX_PREFIX": (parts.path.strip("/") or "site") + "-",
        "CONNECTIONS": THREADS,
        # Seconds. Readers wait so long for all that is asked for one page; the worker indexes.
        "READ_TIMEOUT": 0.8,
        "TIMEOUT": 10,
        # Our own outbox (search.outbox) tells the server of changes, again and again until it knows.
        "AUTO_UPDATE": False,
    }
    return {"default": server, "database": dict(DATABASE)}
