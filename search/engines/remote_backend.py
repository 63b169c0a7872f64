"""What talks to a search server: short waits for readers, one request after another for indexing, a breaker around both."""

from __future__ import annotations

import json
import logging
import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlparse

from wagtail.search.backends import get_search_backend

from search.breaker import Breaker
from search.engines import patience
from search.engines.remote import MOST_HITS, RemoteResults
from search.engines.remote_index import NotIndexed
from search.engines.remote_query import SHOWN_ON, Asked

logger = logging.getLogger(__name__)

#: Seconds that a reader waits for everything together, that indexing waits, and that building an index anew waits.
READ_TIMEOUT, WRITE_TIMEOUT, BUILD_TIMEOUT = 0.8, 10, 60
#: Connections that are kept where CONNECTIONS does not say how many threads ask at once.
CONNECTIONS = 8

#: Answers of a server that will not answer the next question either: a wrong password, a missing index, too much to do.
OUT_OF_ORDER = {401, 403, 404, 429}
#: What is read of an answer: the rest is most of its size.
ANSWERED = ",".join(
    f"responses.{part}" for part in ("status", "error", "hits.hits._score", "hits.hits.fields")
)


class Paused(Exception):
    """The server failed a moment ago and is being left alone, or this reader has no time left for it."""


@lru_cache(maxsize=32)
def _client(kind: Callable[..., Any], options: str, process: int) -> Any:
    return patience.watch(kind(**json.loads(options)))


def shared(kind: Callable[..., Any]) -> Any:
    """Return what makes clients of ``kind``: one for the same options, so that its connections are used again.

    Wagtail makes a new backend for every search. A forked process makes clients of its own.
    """
    return staticmethod(lambda **options: _client(kind, json.dumps(options, sort_keys=True), os.getpid()))


def _deliver() -> None:
    from search.outbox import deliver  # noqa: PLC0415 - tasks need the models

    deliver.enqueue()


class RemoteBackendMixin:
    """A backend of Wagtail's for a server. Settings besides: READ_TIMEOUT (seconds), CONNECTIONS, REFRESH (for tests)."""

    client_class: Callable[..., Any]
    timeout_kwarg_name: str
    #: What the client calls the number of connections that it keeps.
    connections_kwarg_name: str
    es: Any
    settings: dict[str, Any]
    mapping_class: type[Any]
    get_index_for_model: Callable[[Any], Any]
    results_class = RemoteResults
    #: Our own outbox tries again; Wagtail would write every failure to the log and forget it.
    catch_indexing_errors = False
    is_server = True
    #: Its name in WAGTAILSEARCH_BACKENDS.
    alias = "default"
    #: What the client raises when there is no answer, and when the answer is too late.
    unreachable: tuple[type[Exception], ...] = ()
    too_late: tuple[type[Exception], ...] = ()
    not_indexed = NotIndexed

    def __init__(self, params: dict[str, Any]) -> None:
        """Make two clients, one for readers, who do not wait and do not try twice."""
        options: dict[str, Any] = {
            "max_retries": 0,
            "retry_on_timeout": False,
            self.connections_kwarg_name: int(params.pop("CONNECTIONS", CONNECTIONS)),
            **params.get("OPTIONS", {}),
        }
        urls = params.get("URLS", [])
        hosts = [urlparse(url) for url in ([urls] if isinstance(urls, str) else urls)]
        self.refresh_at_once = bool(params.get("REFRESH", False))
        self.read_timeout = float(params.get("READ_TIMEOUT", READ_TIMEOUT))
        super().__init__({"TIMEOUT": WRITE_TIMEOUT, **params, "OPTIONS": options})  # type: ignore[call-arg]
        # Wagtail has added what the addresses say (user, password) to the options
        self._options = options
        self.reader = self._client_with(self.read_timeout)
        # none of Wagtail's own analysis: the terms are made in Python
        self.settings = {"settings": dict(params.get("INDEX_SETTINGS", {}))}
        self.breaker = Breaker(",".join(f"{host.hostname}:{host.port}" for host in hosts), _deliver)

    def _client_with(self, timeout: float) -> Any:
        options = {**self._options, self.timeout_kwarg_name: timeout}
        return self.client_class(hosts=self.hosts, **options)  # type: ignore[attr-defined]

    def _get_host_config_from_url(self, url: Any) -> dict[str, Any]:
        config: dict[str, Any] = super()._get_host_config_from_url(url)  # type: ignore[misc]
        if config.get("http_auth"):
            # the client packs them as Latin-1, which has no Vietnamese: servers read UTF-8
            config["http_auth"] = tuple(part.encode().decode("latin-1") for part in _credentials(url))
        return config

    def _get_options_from_host_urls(self, urls: list[Any]) -> dict[str, Any]:
        options: dict[str, Any] = super()._get_options_from_host_urls(urls)  # type: ignore[misc]
        if "basic_auth" in options:
            # packed here: the client takes ASCII only
            options["basic_auth"] = b64encode(":".join(_credentials(urls[0])).encode()).decode()
        return options

    def for_building(self) -> Any:
        """Let this backend wait longer, as building an index may."""
        self.es = self._client_with(BUILD_TIMEOUT)
        return self

    # --- searching ---

    def _search(self, compiler_class: type[Any], query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        results = super()._search(compiler_class, query, model_or_queryset, **kwargs)  # type: ignore[misc]
        if isinstance(results, RemoteResults):
            results.query_compiler.backend = self
        return results

    def _body(self, asked: Asked, filters: Sequence[dict[str, Any]]) -> dict[str, Any]:
        # an index that was built before it held days gives the best
        newest = [{SHOWN_ON: {"order": "desc", "unmapped_type": "date"}}, "_score"]
        return {
            "query": {"bool": {"must": asked.query, "filter": list(filters)}},
            "size": asked.hits,
            **({"sort": newest, "track_scores": True} if asked.newest else {}),
            # nothing but the keys: reading stored fields would cost more than the search
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["pk"],
            "track_total_hits": False,
        }

    def ask(self, model: Any, scoring: dict[str, Any]) -> dict[str, float]:
        """Return primary key (as text) → score of the objects of ``model`` that match."""
        content_type = {"term": {"_django_content_type": self.mapping_class(model).get_content_type()}}
        [found] = self.ask_all(model, [Asked(scoring, MOST_HITS)], [content_type])
        return found

    def ask_all(
        self,
        model: Any,
        queries: Sequence[Asked],
        filters: Sequence[dict[str, Any]] = (),
    ) -> list[dict[str, float]]:
        """Ask several queries in one request; see ``ask``.

        Args:
            model: whose objects; others of its index may be found too where no filter keeps them out.
            queries: each scores what it matches.
            filters: what else the objects must be; each costs a look at every page that holds any word.

        Raises:
            Refused: the server refused one of them.
        """
        index = self.get_index_for_model(model).name
        lines: list[dict[str, Any]] = []
        for asked in queries:
            lines += [{"index": index}, self._body(asked, filters)]
        answers = self._wait_for(lambda: self.reader.msearch(body=lines, filter_path=ANSWERED)["responses"])
        for answer in answers:
            if "error" in answer:
                raise Refused(answer["status"], answer["error"].get("reason") or answer["error"]["type"])
        return [
            {hit["fields"]["pk"][0]: hit["_score"] for hit in answer.get("hits", {}).get("hits", ())}
            for answer in answers
        ]

    def _wait_for(self, ask: Callable[[], Any]) -> Any:
        return patience.wait_for(ask, self.read_timeout)

    # --- failing ---

    def is_outage(self, problem: Exception) -> bool:
        """Whether an exception says that the server cannot answer now, not that the question was wrong."""
        if isinstance(problem, (*self.unreachable, *self.too_late, patience.Late)):
            return True
        status = status_of(problem)
        return status is not None and (status >= 500 or status in OUT_OF_ORDER)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Ask through the breaker.

        Raises:
            Paused: instead of asking a server that has just failed, or for a reader who has waited long enough.
        """
        if not patience.left(self.read_timeout) or not self.breaker.allows():
            raise Paused(self.breaker.name)
        try:
            with patience.one_reader():
                yield
        except Exception as problem:
            if self.is_outage(problem):
                self.breaker.failed(f"{type(problem).__name__}: {problem}"[:300])
            else:
                self.breaker.succeeded()
            raise
        self.breaker.succeeded()

    def report(self, problem: Exception) -> None:
        """Write to the log what the breaker has not written already."""
        if not isinstance(problem, Paused) and not self.is_outage(problem):
            logger.error("The search server refuses a question; the database answers.", exc_info=problem)

    def stand_in(self, compiler: Any) -> Any:
        """Return the database's compiler for the same query."""
        database = get_search_backend("search.engines.database")
        name = "autocomplete_query_compiler_class" if compiler.COMPLETES_WORDS else "query_compiler_class"
        return getattr(database, name)(
            compiler.queryset,
            compiler.query,
            fields=compiler.fields,
            order_by_relevance=compiler.order_by_relevance,
        )


def _credentials(url: Any) -> tuple[str, str]:
    """Return user and password of an address as they were meant, not as addresses write them."""
    return unquote(url.username or ""), unquote(url.password or "")


class Refused(Exception):
    """An answer that is an error. ``status``: as in HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status


def status_of(problem: Exception) -> int | None:
    """Return the status of an answer that a client or ``ask_all`` raised as an exception; None where there was no answer."""
    for status in (
        getattr(problem, "status", None),
        getattr(problem, "status_code", None),
        getattr(getattr(problem, "meta", None), "status", None),
    ):
        if isinstance(status, int):
            return status
    return None
