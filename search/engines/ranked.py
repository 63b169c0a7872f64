"""What the database backends share: Wagtail's query classes evaluated over postings, results in the order of relevance.

Wagtail's own database backends turn a typed query into the query language of the database, and fail on what happens to be
syntax there. Here a query only ever becomes a list of index terms (letters and digits), so no input can be malformed.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from modelsearch.backends.base import BaseSearchResults, FilterFieldError
from modelsearch.index import AutocompleteField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.query import SearchQuery as WagtailQuery
from modelsearch.utils import get_descendants_content_types_pks

from core import vietnamese
from search import prepared
from search.analysis import MAX_QUERY_LENGTH, MAX_QUERY_WORDS
from search.engines.affordable import affordable
from search.engines.matches import Matches
from search.engines.readers import Candidate, Candidates, ReadersQuery
from search.ranking import FLOOR, RELATIVE, TITLE_BONUS, Coverage, Group, Scale, Sought, counted
from search.understanding.plan import Plan, word_terms
from search.understanding.reading import plain_plan

#: Databases add up shares of a question as whole numbers of so many parts.
PARTS = 1_000_000


def within(queryset: QuerySet[Any], keys: Iterable[Any]) -> QuerySet[Any]:
    """Narrow ``queryset`` to primary keys, as many as there are, without a parameter for each."""
    listed = list(keys)
    if len(listed) <= 100 or not all(isinstance(key, int) for key in listed):
        return queryset.filter(pk__in=listed)
    return prepared.listed(queryset, listed)


class RankedCompilerMixin:
    """Evaluates a query once; results and counts of all slices read from it."""

    queryset: QuerySet[Any]
    query: Any
    fields: Sequence[str] | None
    order_by_relevance: bool
    COMPLETES_WORDS = False

    # --- what a database supplies ---

    def postings(
        self,
        sought: Sequence[Sought],
        content_types: Sequence[int],
        *,
        title_only: bool = False,
        least: int = 0,
    ) -> list[Group]:
        """Return the entries that hold any term, grouped by which.

        Args:
            sought: the terms.
            content_types: kinds of entries.
            title_only: whether only titles are looked at.
            least: entries may be left out whose terms are worth less together.
        """
        raise NotImplementedError

    def entries(self, content_types: Sequence[int]) -> int:
        """Return the number of all entries."""
        raise NotImplementedError

    def prefixes(self, words: Sequence[str], content_types: Sequence[int]) -> list[tuple[str, int]]:
        """Return (object id, mask) of entries to complete: whole ``words``, the last one as the beginning of a word."""
        raise NotImplementedError

    # --- evaluation ---

    @cached_property
    def _content_types(self) -> list[int]:
        return get_descendants_content_types_pks(self.queryset.model)

    def _allowed(self, object_ids: Iterable[str]) -> dict[str, Any]:
        """Return object id → primary key of those that the queryset selects: relevance is judged among these only."""
        to_python = self.queryset.model._meta.pk.to_python
        chosen = within(self.queryset.order_by(), [to_python(object_id) for object_id in object_ids])
        return {str(key): key for key in chosen.values_list("pk", flat=True)}

    def evaluate(self, query: WagtailQuery) -> Matches | None:
        """Return what matches ``query``, None where it says nothing (no letter or digit in it)."""
        if isinstance(query, MatchAll):
            return Matches({}, negated=True)
        if isinstance(query, Not):
            inner = self.evaluate(query.subquery)
            return None if inner is None else ~inner
        if isinstance(query, Boost):
            inner = self.evaluate(query.subquery)
            if inner is None:
                return None
            return Matches({key: score * query.boost for key, score in inner.scores.items()}, inner.negated)
        if isinstance(query, (And, Or)):
            parts = [found for part in query.subqueries if (found := self.evaluate(part)) is not None]
            if not parts:
                return None
            joined = parts[0]
            for part in parts[1:]:
                joined = joined.both(part) if isinstance(query, And) else joined.either(part)
            return joined
        if isinstance(query, (PlainText, Phrase, Fuzzy)):
            if self.COMPLETES_WORDS:
                return self._complete(query.query_string, getattr(query, "operator", "and"))
            return self._find(query)
        raise NotImplementedError(f"{type(query).__name__} is not supported.")

    def candidates(self, query: ReadersQuery) -> Candidates:
        """Return the pages that answer enough of a reader's question, whoever may see them."""
        plan, known = query.plan, query.known
        coverage = Coverage(plan, Scale.of(plan, known.documents, known.size))
        most, numbers = coverage.at_most(), plan.numbers
        sought = [
            Sought(1 << numbers[term], term, math.ceil(most.get(term, 0.0) * PARTS))
            for term in affordable(plan, known.documents)
        ]
        groups = self.postings(sought, self._content_types, least=math.floor(FLOOR * PARTS))
        found: dict[int, Candidate] = {}
        for group in groups:
            if coverage.convinces(group.mask, group.title_mask):
                share = coverage(group.mask)
                candidate = Candidate(share * (1 + TITLE_BONUS * coverage(group.title_mask)), share)
                found.update(dict.fromkeys(map(int, group.object_ids), candidate))
        return Candidates(found)

    def _find(self, query: Any) -> Matches | None:
        plan = plain_plan(query.query_string)
        if not plan:
            return None
        title_only = self.fields is not None and list(self.fields) == ["title"]
        everything = isinstance(query, Phrase) or getattr(query, "operator", "or") == "and"
        sought = [Sought(1 << number, term) for term, number in plan.numbers.items()]
        groups = self.postings(sought, self._content_types, title_only=title_only)
        scale = Scale.of(plan, counted(plan, groups), self.entries(self._content_types))
        coverage = Coverage(plan, scale)
        if everything:
            groups = [g for g in groups if _has_all(plan, g.mask, in_order=isinstance(query, Phrase))]
        shares = {mask: coverage(mask) for mask in {group.mask for group in groups}}
        pages = {
            key: group
            for group in groups
            if everything or coverage.convinces(group.mask, group.title_mask)
            for key in group.object_ids
        }
        allowed = self._allowed(pages)
        least = 0.0
        if not everything:
            least = RELATIVE * max((shares[pages[key].mask] for key in allowed), default=0.0)
        titles = {
            mask: 1 + TITLE_BONUS * coverage(mask) for mask in {group.title_mask for group in pages.values()}
        }
        return Matches(
            {
                allowed[key]: shares[pages[key].mask] * titles[pages[key].title_mask]
                for key in allowed
                if shares[pages[key].mask] >= least
            }
        )

    def _complete(self, text: str, operator: str) -> Matches | None:
        words = [token.folded for token in vietnamese.tokens(text[:MAX_QUERY_LENGTH])][:MAX_QUERY_WORDS]
        if not words:
            return None
        everything = (1 << len(words)) - 1
        rows = dict(self.prefixes(words, self._content_types))
        if operator != "or":
            rows = {key: mask for key, mask in rows.items() if mask == everything}
        allowed = self._allowed(rows)
        return Matches({allowed[key]: float(rows[key].bit_count()) for key in allowed})

    @cached_property
    def matches(self) -> Matches:
        """What the query matches among the objects of the queryset."""
        return self.evaluate(self.query) or Matches({})

    def matching_queryset(self) -> QuerySet[Any]:
        """Return the queryset narrowed to what matches, in its own order (newest key first where it has none)."""
        queryset = self.queryset
        if self.matches.negated:
            if self.matches.scores:
                queryset = queryset.exclude(
                    pk__in=within(queryset.model._base_manager.all(), self.matches.scores).values("pk")
                )
        else:
            queryset = within(queryset, self.matches.scores)
        return queryset if queryset.query.order_by else queryset.order_by("-pk")

    @cached_property
    def ranked(self) -> list[tuple[Any, float]]:
        """(primary key, score) of all matches, the best first, the newest first among equals."""
        return sorted(
            self.matches.scores.items(), key=lambda row: (-row[1], -row[0] if isinstance(row[0], int) else 0)
        )


def _has_all(plan: Plan, mask: int, *, in_order: bool) -> bool:
    numbers = plan.numbers

    def held(term: str) -> bool:
        return term in numbers and bool(mask >> numbers[term] & 1)

    if not all(any(held(term) for term in word_terms(word)) for word in plan.words):
        return False
    return not in_order or all(held(plan.pair_term(pair)) for pair in plan.pairs)


class RankedResults(BaseSearchResults):
    """Results that a RankedCompilerMixin has put in order."""

    supports_facet = True

    def _by_relevance(self) -> bool:
        compiler = self.query_compiler
        return compiler.order_by_relevance and not compiler.matches.negated

    def get_queryset(self) -> QuerySet[Any]:
        """Return the slice as a queryset (in the queryset's own order)."""
        return self.query_compiler.matching_queryset()[self.start : self.stop]

    def candidates(self) -> Candidates:
        """Return what a ReadersQuery finds: see RankedCompilerMixin."""
        return self.query_compiler.candidates(self.query_compiler.query)

    def _do_search(self) -> list[Any]:
        if not self._by_relevance():
            return list(self.get_queryset())
        wanted = self.query_compiler.ranked[self.start : self.stop]
        objects = {
            obj.pk: obj for obj in within(self.query_compiler.queryset.order_by(), [key for key, _ in wanted])
        }
        found = []
        for key, score in wanted:
            if key in objects:
                if self._score_field:
                    setattr(objects[key], self._score_field, score)
                found.append(objects[key])
        return found

    def _do_count(self) -> int:
        if self._by_relevance():
            return len(self.query_compiler.ranked[self.start : self.stop])
        return self.get_queryset().count()

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Return value → number of results for a FilterField."""
        compiler = self.query_compiler
        if compiler._get_filterable_field(field_name) is None:
            name = compiler.queryset.model.__name__
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". Please add index.FilterField("{field_name}") to '
                f"{name}.search_fields.",
                field_name=field_name,
            )
        rows = (
            compiler.matching_queryset()
            .order_by()
            .values(field_name)
            .annotate(count=Count("pk"))
            .order_by("-count")
        )
        return OrderedDict((row[field_name], row["count"]) for row in rows)


class CompletingMixin:
    """Makes a ranked compiler complete the last word (``autocomplete()``)."""

    COMPLETES_WORDS = True
    TARGET_SEARCH_FIELD_TYPE = AutocompleteField
