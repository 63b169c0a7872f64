"""PostgreSQL full text as Wagtail sets it up, with Vietnamese terms in it.

The vectors are written as literals: PostgreSQL's own parser and dictionaries (which know nothing of Vietnamese) never see
the text, no extension is needed, and the same terms stand here as in the other engines.
"""

# ruff: noqa: S608 - the SQL is made of table names and numbers of our own; every text is a parameter
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Func, Model, TextField, Value
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.utils import get_content_type_pk

from search.analysis import index_terms, prefix_terms
from search.engines.ranked import CompletingMixin, RankedCompilerMixin, RankedResults
from search.extraction import extract, store_texts
from search.ranking import Group, Sought

_LAST_POSITION = 16_383
_ENTRIES = IndexEntry._meta.db_table
_PLANNER = {"enable_seqscan": "off", "max_parallel_workers_per_gather": "0", "jit": "off"}


def _quote(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _vector(parts: Iterable[tuple[Iterable[str], str]]) -> Func:
    """Return the tsvector of (terms, weight letter) parts."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 0
    for terms, letter in parts:
        for term in terms:
            position = min(position + 1, _LAST_POSITION)
            found = places[term]
            if len(found) < 200:
                found.append(f"{position}{letter}")
    text = " ".join(f"{_quote(term)}:{','.join(found)}" for term, found in places.items())
    return Func(Value(text, output_field=TextField()), template="(%(expressions)s)::tsvector")


class VietnamesePostgresIndex(PostgresIndex):
    """Fills Wagtail's index table with terms."""

    def add_items(self, model: type[Model], objs: Sequence[Any]) -> None:
        """Index objects of one model; entries that exist are replaced."""
        if not objs or not model.get_search_fields():  # type: ignore[attr-defined]
            return
        content_type = get_content_type_pk(model)
        texts = {obj.pk: extract(obj) for obj in objs}
        entries = [
            IndexEntry(
                content_type_id=content_type,
                object_id=str(key),
                title=_vector([(index_terms("\n".join(found.title)), "A")]),
                body=_vector(
                    (index_terms("\n".join(part)), letter)
                    for part, letter in zip(found.below_title, "BCDD", strict=True)
                ),
                autocomplete=_vector([(prefix_terms("\n".join(found.autocomplete)), "D")]),
            )
            for key, found in texts.items()
        ]
        self.entries.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete"],
            batch_size=200,
        )
        store_texts(objs, texts)

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing: the rank does not use them, and computing them reads the whole table at every save."""


def _rows(sql: str, params: list[Any]) -> list[Any]:
    with connections[router.db_for_read(IndexEntry) or "default"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _rows_by_index(sql: str, params: list[Any]) -> list[Any]:
    """Run one SELECT with the full-text indexes only, in one process.

    The planner takes a match in a vector for cheap and reads the whole table for a common word, unpacking every vector: 280 ms
    instead of 10 ms for one word in 20,000 pages. It takes these searches for expensive, and starts further processes for longer
    than the search lasts. All statements go to the server as one, so that the settings end with them inside a transaction as well
    as outside.
    """
    before = "".join(f"SET LOCAL {name} = {value}; " for name, value in _PLANNER.items())
    after = "".join(f"; SET LOCAL {name} TO DEFAULT" for name in _PLANNER)
    with connections[router.db_for_read(IndexEntry) or "default"].cursor() as cursor:
        cursor.execute(f"{before}{sql}{after}", params)
        for _setting in _PLANNER:
            cursor.nextset()
        return cursor.fetchall()


class _Compiler(RankedCompilerMixin):
    """Looks terms up in the GIN indexes, each in its own scan: no vector is read before the best are known."""

    def postings(
        self,
        sought: Sequence[Sought],
        content_types: Sequence[int],
        *,
        title_only: bool = False,
        least: int = 0,
    ) -> list[Group]:
        """See RankedCompilerMixin."""
        lists, params = [], []
        for mask, term, worth in sought:
            bit = f"{mask}::bigint"
            lists.append(
                f"SELECT id, {bit} AS mask, {bit} AS title, {worth} AS worth FROM {_ENTRIES} WHERE title @@ %s::tsquery"
            )
            params.append(_quote(term))
            if not title_only:
                lists.append(
                    f"SELECT id, {bit}, 0::bigint, {worth} FROM {_ENTRIES} WHERE body @@ %s::tsquery"
                )
                params.append(_quote(term))
        kinds = list(content_types)
        # the kind is asked for afterwards: beside a term the planner would take its index instead and read every vector
        rows = _rows_by_index(
            "SELECT pages.mask, pages.title, COUNT(*), string_agg(e.object_id, ',')"
            " FROM (SELECT id, bit_or(mask) AS mask, bit_or(title) AS title"
            f" FROM ({' UNION ALL '.join(lists)}) found GROUP BY id HAVING SUM(worth) >= {least}) pages"
            f" JOIN {_ENTRIES} e ON e.id = pages.id WHERE e.content_type_id = ANY(%s) GROUP BY 1, 2",
            [*params, kinds],
        )
        return [Group(*row) for row in rows]

    def entries(self, content_types: Sequence[int]) -> int:
        """See RankedCompilerMixin."""
        [[number]] = _rows(
            f"SELECT COUNT(*) FROM {_ENTRIES} WHERE content_type_id = ANY(%s)", [list(content_types)]
        )
        return int(number)

    def prefixes(self, words: Sequence[str], content_types: Sequence[int]) -> list[tuple[str, int]]:
        """See RankedCompilerMixin."""
        lists = " UNION ALL ".join(
            f"SELECT id, {1 << number}::bigint AS mask FROM {_ENTRIES} WHERE autocomplete @@ %s::tsquery"
            for number in range(len(words))
        )
        asked = [_quote(word) for word in words]
        asked[-1] += ":*"
        return _rows_by_index(
            f"SELECT e.object_id, m.mask FROM (SELECT id, bit_or(mask) AS mask FROM ({lists}) found GROUP BY id) m"
            f" JOIN {_ENTRIES} e ON e.id = m.id WHERE e.content_type_id = ANY(%s)",
            [*asked, list(content_types)],
        )


class VietnamesePostgresQueryCompiler(_Compiler, PostgresSearchQueryCompiler):
    """Finds whole words."""


class VietnamesePostgresAutocompleteQueryCompiler(
    CompletingMixin, _Compiler, PostgresAutocompleteQueryCompiler
):
    """Completes words."""


class VietnamesePostgresBackend(PostgresSearchBackend):
    """Wagtail's PostgreSQL backend with Vietnamese terms."""

    query_compiler_class = VietnamesePostgresQueryCompiler
    autocomplete_query_compiler_class = VietnamesePostgresAutocompleteQueryCompiler
    index_class = VietnamesePostgresIndex
    results_class = RankedResults

    def __init__(self, params: dict[str, Any]) -> None:
        """Rebuild in place, entry by entry: readers keep their results, and no editor waits for a long transaction."""
        super().__init__({"ATOMIC_REBUILD": False, **params})


SearchBackend = VietnamesePostgresBackend
