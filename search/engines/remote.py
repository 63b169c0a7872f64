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
from core.models import ContentPage
from search import kinds
from search.analysis import MAX_QUERY_LENGTH, MAX_QUERY_WORDS, index_terms, prefix_terms
from search.engines.affordable import affordable
from search.engines.matches import Matches
from search.engines.ranked import RankedResults
from search.engines.readers import Candidate, Candidates, ReadersQuery
from search.engines.remote_query import (
    ALL,
    ANCESTORS,
    COMPLETED,
    FACETS,
    KIND,
    SHOWN_ON,
    TITLE,
    WEIGHTS,
    Asked,
    candidates,
    completed,
    convincing,
    found_pairs,
    found_words,
    narrowed,
    read_score,
)
from search.extraction import Texts, extract, shown
from search.ranking import TITLE_BONUS, Scale, covers_enough

#: So many hits at most are asked for: a server gives no more without paging.
MOST_HITS = 10_000
#: So many of the best hits of a reader's question are looked at: nobody turns so many pages, and each costs time.
PLANNED_HITS = 500

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


def narrowed_by(page: ContentPage) -> dict[str, Any]:
    """Return the fields that readers narrow and sort by."""
    says = shown(page)
    return {
        KIND: kinds.kind_of(page.specific_class or type(page)),
        FACETS: says.facets.split(),
        SHOWN_ON: says.date.isoformat() if says.date else None,
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
            KIND: {"type": "keyword"},
            FACETS: {"type": "keyword"},
            SHOWN_ON: {"type": "date"},
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
        if isinstance(obj, ContentPage):
            document |= narrowed_by(obj)
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
    (``candidates`` raises) and does the same with a note.
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
        allowed = self._allowed(scores)
        return {allowed[key]: score for key, score in scores.items() if key in allowed}

    def _find(self, query: Any) -> Matches | None:
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

    def candidates(self, query: ReadersQuery) -> Candidates:
        """See RankedCompilerMixin. Raises what the server's client raises, or Paused."""
        with self.backend.guarded():
            return self._candidates(query)

    def _candidates(self, query: ReadersQuery) -> Candidates:
        plan, known, newest = query.plan, query.known, query.query.sort == "date"
        scale = Scale.of(plan, known.documents, known.size)
        looked_up = set(affordable(plan, known.documents))
        pages = candidates(plan, scale, looked_up)
        # among the newest, what does not convince would take the place of what does
        sure = convincing(plan, scale, looked_up, pages) if newest else []
        pages = narrowed(pages, sure)
        asked = [Asked(pages, PLANNED_HITS, newest)]
        if only := query.server_narrowing():
            # beside the others, which are counted: what a filter leaves may be among the best of nothing else
            asked.append(Asked(narrowed(pages, only), PLANNED_HITS, newest))
        alone = len(plan.words) == 1
        found: dict[int, Candidate] = {}
        answers = self.backend.ask_all(self.queryset.model, asked, query.server_filters())
        for answer in answers:
            for key, number in answer.items():
                share, title, is_together = read_score(number)
                if alone or is_together or sure or covers_enough(share, title):
                    found[int(key)] = Candidate(share * (1 + TITLE_BONUS * title), share)
        # what a filter leaves is all there where its own query gave all
        last = answers[-1]
        if len(last) < PLANNED_HITS:
            return Candidates(found)
        # among the newest anything may follow
        return Candidates(found, 1.0 if newest else read_score(min(last.values()))[0])

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
    """Results of a server."""
