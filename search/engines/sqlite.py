"""SQLite FTS5 as Wagtail sets it up, with Vietnamese terms in it.

The index tables are Wagtail's (``wagtailsearch_indexentry`` and its FTS5 shadow, kept in step by triggers); their columns
hold index terms (search.analysis) instead of raw text.
"""

# ruff: noqa: S608 - the SQL is made of table names and numbers of our own; every text is a parameter
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Model
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.utils import get_content_type_pk

from search.analysis import EXACT, Question, index_terms, prefix_terms
from search.engines.ranked import CompletingMixin, RankedCompilerMixin, RankedResults
from search.extraction import extract, store_texts
from search.ranking import TITLE_BONUS, Coverage, Group, Scale

#: FTS5 weighs columns, not fields, so the lead stands this often in the body.
LEAD_TIMES = 3
#: The titles of so many of the best are compared with the question.
TITLES_READ = 200
#: Weights of the columns autocomplete, body, title in the rank.
COLUMN_WEIGHTS = (0.0, 1.0, 6.0)


class VietnameseSQLiteIndex(SQLiteIndex):
    """Fills Wagtail's index tables with terms."""

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
                title=" ".join(index_terms("\n".join(found.title))),
                body=" ".join(
                    term
                    for part in (found.lead * LEAD_TIMES, found.body, found.related)
                    for term in index_terms("\n".join(part))
                ),
                autocomplete=" ".join(prefix_terms("\n".join(found.autocomplete))),
            )
            for key, found in texts.items()
        ]
        self.entries.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete"],
        )
        store_texts(objs, texts)

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing: the rank does not use them, and computing them reads the whole table at every save."""


class _Compiler(RankedCompilerMixin):
    """Looks terms up in FTS5."""

    def postings(
        self, terms: Sequence[str], content_types: Sequence[int], title_only: bool
    ) -> tuple[list[Group], int]:
        """See RankedCompilerMixin."""
        columns = "title" if title_only else "title body"
        lists = " UNION ALL ".join(
            f"SELECT rowid AS id, {1 << number} AS bit FROM {_FTS} WHERE {_FTS} MATCH %s"
            for number in range(len(terms))
        )
        kinds = ",".join(str(int(key)) for key in content_types)
        rows = _rows(
            "SELECT m.mask, 0, COUNT(*), group_concat(e.object_id),"
            f" (SELECT COUNT(*) FROM {_ENTRIES} WHERE content_type_id IN ({kinds}))"
            f" FROM (SELECT id, SUM(bit) AS mask FROM ({lists}) GROUP BY id) m"
            f" CROSS JOIN {_ENTRIES} e ON e.id = m.id WHERE e.content_type_id IN ({kinds}) GROUP BY m.mask",
            [f'{{{columns}}} : "{term}"' for term in terms],
        )
        return [Group(*row[:4]) for row in rows], rows[0][4] if rows else 0

    def prefixes(self, words: Sequence[str], content_types: Sequence[int]) -> list[tuple[str, int]]:
        """See RankedCompilerMixin."""
        lists = " UNION ALL ".join(
            f"SELECT rowid AS id, {1 << number} AS bit FROM {_FTS} WHERE {_FTS} MATCH %s"
            for number in range(len(words))
        )
        kinds = ",".join(str(int(key)) for key in content_types)
        asked = [f'autocomplete : "{word}"' for word in words]
        asked[-1] += "*"
        return _rows(
            f"SELECT e.object_id, m.mask FROM (SELECT id, SUM(bit) AS mask FROM ({lists}) GROUP BY id) m"
            f" CROSS JOIN {_ENTRIES} e ON e.id = m.id WHERE e.content_type_id IN ({kinds})",
            asked,
        )

    def refine(
        self, question: Question, scale: Scale, pages: dict[str, Group], content_types: Sequence[int]
    ) -> dict[str, float]:
        """Rank by FTS5's BM25. An exact term is named twice, so that it counts twice."""
        telling = [
            t for number, t in enumerate(question.terms) if number not in scale.common
        ] or question.terms
        asked = " OR ".join(f'"{t}" OR "{t}"' if t.startswith(EXACT) else f'"{t}"' for t in telling)
        kinds = ",".join(str(int(key)) for key in content_types)
        weights = ", ".join(map(str, COLUMN_WEIGHTS))
        rows = _rows(
            f"SELECT e.object_id, -bm25({_FTS}, {weights}) FROM {_FTS} CROSS JOIN {_ENTRIES} e ON e.id = {_FTS}.rowid"
            f" WHERE {_FTS} MATCH %s AND e.content_type_id IN ({kinds})"
            " AND e.object_id IN (SELECT value FROM json_each(%s))",
            [f"{{title body}} : ({asked})", json.dumps(list(pages))],
        )
        scores = {**dict.fromkeys(pages, 0.0), **dict(rows)}
        best = sorted(scores, key=lambda key: -scores[key])[:TITLES_READ]
        titles = _rows(
            f"SELECT object_id, title FROM {_ENTRIES} WHERE content_type_id IN ({kinds})"
            " AND object_id IN (SELECT value FROM json_each(%s))",
            [json.dumps(best)],
        )
        # asking FTS5 for titles only would cost as much again as the whole look-up
        coverage = Coverage(question, scale)
        for object_id, title in titles:
            held = set(title.split(" "))
            mask = sum(1 << number for number, term in enumerate(question.terms) if term in held)
            scores[object_id] *= 1 + TITLE_BONUS * coverage(mask)
        return scores


_ENTRIES = IndexEntry._meta.db_table
_FTS = SQLiteFTSIndexEntry._meta.db_table


def _rows(sql: str, params: list[Any]) -> list[Any]:
    with connections[router.db_for_read(IndexEntry) or "default"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


class VietnameseSQLiteQueryCompiler(_Compiler, SQLiteSearchQueryCompiler):
    """Finds whole words."""


class VietnameseSQLiteAutocompleteQueryCompiler(CompletingMixin, _Compiler, SQLiteAutocompleteQueryCompiler):
    """Completes words."""


class VietnameseSQLiteBackend(SQLiteSearchBackend):
    """Wagtail's SQLite backend with Vietnamese terms."""

    query_compiler_class = VietnameseSQLiteQueryCompiler
    autocomplete_query_compiler_class = VietnameseSQLiteAutocompleteQueryCompiler
    index_class = VietnameseSQLiteIndex
    results_class = RankedResults

    def __init__(self, params: dict[str, Any]) -> None:
        """Rebuild in place, entry by entry: readers keep their results, and no editor waits for a long transaction."""
        super().__init__({"ATOMIC_REBUILD": False, **params})


SearchBackend = VietnameseSQLiteBackend
