"""What the first question of a process would wait for: code, templates, the thesaurus, the counted words."""

from __future__ import annotations

import gc
import io
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.db import connections
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from core.taxonomy import source_language
from search import services
from search.engines.base import SearchQuery

logger = logging.getLogger(__name__)

#: Any words of every office; only read, counted nowhere.
QUESTION = "dịch vụ công"

#: Objects that are made before Python looks for those nobody needs any more, and rounds before it looks through older ones.
COLLECT_AFTER = (20_000, 20, 100)

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def warm(application: Application) -> float:
    """Ask for the empty search page and search once for the first office; return the seconds that it took.

    Args:
        application: the WSGI application of this process.

    Raises:
        RuntimeError: when the page is not shown (a host name that ALLOWED_HOSTS does not have).
    """
    started = time.monotonic()
    site = Site.objects.order_by("-is_default_site", "pk").first()
    if site is None:
        return 0.0
    with translation.override(source_language()):
        environ: dict[str, Any] = {"PATH_INFO": reverse("search:search"), "QUERY_STRING": ""}
        environ |= {"HTTP_HOST": site.hostname, "wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "https"}
        environ["wsgi.input"] = io.BytesIO()
        setup_testing_defaults(environ)
        status: list[str] = []
        answer = application(environ, lambda given, *_rest: status.append(given))
        b"".join(answer)
        answer.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{site.hostname} answers {status[0]}")
        services.search(SearchQuery(QUESTION, site, source_language()))
    return time.monotonic() - started


def settle() -> None:
    """Let Python's search for garbage pass over all that was read ahead, and look less often at what a page makes.

    Hundreds of thousands of words stay for the life of the process; looking through them held single readers for a quarter of a
    second. A page makes some thousand objects, nearly all without circles, which go without being searched for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def warm_in_background(application: Application) -> threading.Thread:
    """Do so in a thread while the process answers already. A database that is not ready yet only leaves it cold."""

    def run() -> None:
        try:
            logger.info("Ready for questions after %.1f s.", warm(application))
            settle()
        except Exception as problem:
            logger.warning("The search could not be read ahead: %s", problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name="search-warming", daemon=True)
    thread.start()
    return thread
