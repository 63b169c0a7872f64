"""What the backends of search servers (Elasticsearch, OpenSearch) share: the terms that Python makes, and how they are asked.

A server gets the very terms of ``search.analysis``, separated by blanks, in fields that it only splits at blanks: those of
the title, and those of everything. So the analysis is one for all engines, and no version's folding table or tokenizer
matters. Of Wagtail's own fields only the filter fields are kept: everything else that a queryset demands is decided by the
database, as for the database engines (``RankedCompilerMixin``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from modelsearch.index import FilterField
from modelsearch.query import Phrase
from wagtail.models import Page

from core import vietnamese
from search.analysis import MAX_QUERY_LENGTH, MAX_QUERY_WORDS, index_terms, prefix_terms
from search.engines.affordable import affordable
from search.engines.ranked import Matches, RankedResults
from search.engines.readers import ReadersQuery
from search.engines.remote_query import (
    ALL,
    ANCESTORS,
    COMPLETED,
    TITLE,
    WEIGHTS,
    at_least,
    completed,
    coverage,
    found_pairs,
    found_words,
)
from search.extraction import Texts, extract
from search.ranking import FLOOR, RELATIVE, TITLE_BONUS, Scale
from search.understanding.plan import PlannedQuery

#: So many hits at most are asked for: a server gives no more without paging.
MOST_HITS = 10_000
#: So many of the best hits of a reader's question are looked at, and so many of those whose titles answer it best.
PLANNED_HITS, TITLE_HITS = 1_000, 300

# The analyzer is in every server's core: no plugin, no module, no setting of an index is needed.
_TERMS: dict[str, Any] = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_COMPLETED: dict[str, Any] = {
    **_TERMS,
    "index_options": "docs",
    "norms": False,
    "index_prefixes": {"min_chars": 1, "max_chars": 8},
}


def server_texts(texts: Texts) -> dict[str, str]:
    """Return the term fields of an object's texts."""
    title = " ".join(index_terms("\n".join(texts.title)))
    rest = (" ".join(index_terms("\n".join(part))) for part in texts.below_title)
    return {
        TITLE: title,
        ALL: " ".join([title, *rest]),
        COMPLETED: " ".join(prefix_terms("\n".join(texts.autocomplete))),
    }


class TermMappingMixin:
    """Fields of terms instead of Wagtail's text fields; filter fields as Wagtail has them."""

    model: Any

    def get_mapping(self) -> dict[str, Any]:
        """Return what the server is told about the fields."""
        fields = {
            "pk": {"type": "keyword"},
            "_django_content_type": {"type": "keyword"},
            ANCESTORS: {"type": "keyword"},
            TITLE: dict(_TERMS),
            ALL: dict(_TERMS),
            COMPLETED: dict(_COMPLETED),
        }
        for field in self._filters():
            name, spec = self.get_field_mapping(field)  # type: ignore[attr-defined]
            fields[name] = spec
        return {"dynamic": False, "properties": fields}

    def get_document(self, obj: Any, texts: Texts | None = None) -> dict[str, Any]:
        """Return what the server is given for an object."""
        document = {
            "pk": str(obj.pk),
            "_django_content_type": self.get_all_content_types(),  # type: ignore[attr-defined]
            **server_texts(extract(obj) if texts is None else texts),
        }
        if isinstance(obj, Page):
            document[ANCESTORS] = [
                obj.path[:end] for end in range(obj.steplen, len(obj.path) + 1, obj.steplen)
            ]
        for field in self._filters():
            name, value, _ = self._get_document_field_data(field, obj)  # type: ignore[attr-defined]
            document[name] = value
        return document

    def _filters(self) -> list[Any]:
        # what stands in related rows is decided by the database
        return [field for field in self.model.get_search_fields() if isinstance(field, FilterField)]


class RemoteCompilerMixin:
    """Asks a server for each part of a query; the parts are joined and held against the queryset as on a database.

    When the server does not answer, the staff's own searches are answered by the database; the search page is told
    (``ranked_by_server``) and does the same with a note.
    """

    #: As on the databases: the staff's searches must find all words.
    DEFAULT_OPERATOR = "and"
    queryset: Any
    query: Any
    fields: Sequence[str] | None
    backend: Any
    COMPLETES_WORDS: bool
    evaluate: Callable[[Any], Matches | None]
    _allowed: Callable[[Any], dict[str, Any]]

    def _process_lookup(self, *_args: Any, **_options: Any) -> dict[str, Any]:
        # Wagtail reads a queryset's filters to check them, and would run its subqueries: the database does that later
        return {"match_all": {}}

    def _narrowed(self, scores: dict[str, float]) -> dict[Any, float]:
        if isinstance(self.query, PlannedQuery) and not self.queryset.query.where:
            # whoever asks this way asks the database next what a reader may see
            return {int(key): score for key, score in scores.items()}
        allowed = self._allowed(scores)
        return {allowed[key]: score for key, score in scores.items() if key in allowed}

    def _find(self, query: Any) -> Matches | None:
        if isinstance(query, PlannedQuery):
            return self._answer(query)
        words = vietnamese.tokens(query.query_string[:MAX_QUERY_LENGTH])[:MAX_QUERY_WORDS]
        if not words:
            return None
        title_only = self.fields is not None and list(self.fields) == ["title"]
        fields = [TITLE] if title_only else list(WEIGHTS)
        parts, pairs = found_words(words, fields), found_pairs(words, fields)
        if isinstance(query, Phrase):
            asked: dict[str, Any] = {"must": parts + pairs}
        elif getattr(query, "operator", "or") == "and":
            asked = {"must": parts, "should": pairs}
        else:
            asked = {"should": parts, "minimum_should_match": "2<60%"}
        return Matches(self._narrowed(self.backend.ask(self.queryset.model, {"bool": asked})))

    def _answer(self, query: PlannedQuery) -> Matches | None:
        """Return the pages that cover enough of a plan, as the databases find them."""
        plan, model = query.plan, self.queryset.model
        if not plan:
            return None
        filters = query.server_filters() if isinstance(query, ReadersQuery) else []
        looked_up = set(plan.terms)
        if isinstance(query, ReadersQuery) and query.known.size:
            scale = Scale.of(plan, query.known.documents, query.known.size)
            looked_up = {term for term in affordable(plan, query.known.documents) if term is not None}
        else:
            documents, size = self.backend.count(model, plan.terms)
            scale = Scale.of(plan, dict(zip(plan.terms, documents, strict=True)), size)
        everywhere, titles = self.backend.ask_all(
            model,
            [
                (at_least(coverage(plan, scale, ALL, looked_up), FLOOR), PLANNED_HITS),
                (coverage(plan, scale, TITLE, looked_up), TITLE_HITS),
            ],
            filters,
        )
        shares = self._narrowed(everywhere)
        least = RELATIVE * max(shares.values(), default=0.0)
        return Matches(
            {
                key: share * (1 + TITLE_BONUS * titles.get(str(key), 0.0))
                for key, share in shares.items()
                if share >= least
            }
        )

    def _complete(self, text: str, operator: str) -> Matches | None:
        words = [token.folded for token in vietnamese.tokens(text[:MAX_QUERY_LENGTH])][:MAX_QUERY_WORDS]
        if not words:
            return None
        asked = {"bool": {"should" if operator == "or" else "must": completed(words)}}
        return Matches(self._narrowed(self.backend.ask(self.queryset.model, asked)))

    @cached_property
    def by_server(self) -> Matches:
        """What the server finds. Raises what its client raises, or Paused."""
        with self.backend.guarded():
            return self.evaluate(self.query) or Matches({})

    @cached_property
    def matches(self) -> Matches:
        """What the server finds, or the database when it does not answer."""
        try:
            return self.by_server
        except Exception as problem:
            self.backend.report(problem)
            return self.backend.stand_in(self).matches


class RemoteResults(RankedResults):
    """Results that the search page may ask for strictly."""

    def ranked(self) -> list[tuple[Any, float]]:
        """Return (primary key, score) of the whole result, the best first. Raises when the server does not answer."""
        _ = self.query_compiler.by_server
        return super().ranked()
