"""Where an engine keeps its index, and whether there is one."""

from __future__ import annotations

import logging
from urllib.parse import urlparse

from django.conf import settings
from django.db import connection
from modelsearch.index import get_indexed_models
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.models import ContentPage
from search import outbox
from search.engines.remote_backend import status_of

logger = logging.getLogger(__name__)


def place_of(name: str) -> str:
    """Return the engine ``name`` with its hosts and the prefix of its indexes, or the kind of database. No user, no password."""
    if name not in outbox.server_names():
        return connection.vendor
    conf = settings.WAGTAILSEARCH_BACKENDS[name]
    urls = conf.get("URLS", [])
    hosts = [urlparse(url) for url in ([urls] if isinstance(urls, str) else urls)]
    engine = conf["BACKEND"].rpartition(".")[2]
    where = ",".join(f"{host.hostname}:{host.port or ''}" for host in hosts)
    return f"{engine} {where} {conf.get('INDEX_PREFIX', '')}"[:300]


def is_empty(name: str) -> bool:
    """Return whether an index is missing or holds no page although there are some; False where a server does not say."""
    if not ContentPage.objects.exists():
        return False
    if name not in outbox.server_names():
        entries = get_search_backend(name).get_index_for_model(Page).entries
        return not entries.exists()
    backend = outbox.server(name)
    names = {backend.get_index_for_model(model).name for model in get_indexed_models()}
    if backend.breaker.is_open:
        return False
    try:
        # "not found" where one of them is missing
        backend.reader.indices.get_alias(name=",".join(sorted(names)))
        return not backend.reader.count(index=backend.get_index_for_model(Page).name)["count"]
    except Exception as problem:
        if status_of(problem) == 404:
            return True
        if not backend.is_outage(problem):
            logger.warning("The search server %s does not say what it holds: %s", name, problem)
        return False
