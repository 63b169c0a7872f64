"""SQLite FTS5 as Wagtail sets it up, with Vietnamese terms in it.

The index tables are Wagtail's (``wagtailsearch_indexentry`` and its FTS5 shadow, kept in step by triggers); their columns
hold index terms (search.analysis) instead of raw text.
"""

# ruff: noqa: S608 - the SQL is made of table names and numbers of our own; every text is a parameter
from __future__ import annotations

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

from search.analysis import index_terms, prefix_terms
from search.engines.ranked import CompletingMixin, RankedCompilerMixin, RankedResults
from search.extraction import Texts, extract, store_texts
from search.ranking import Group, Sought

#: FTS5 reads all of a word's places to find those in titles, so a title's terms stand in the index a second time with this
#: before them: the list of a word's titles is short.
TITLE = "\ue002"


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
                title=" ".join(_title_terms(found)),
                body=" ".join(term for part in found.below_title for term in index_terms("\n".join(part))),
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
        self,
        sought: Sequence[Sought],
        content_types: Sequence[int],
        *,
        title_only: bool = False,
        least: int = 0,
    ) -> list[Group]:
        """See RankedCompilerMixin."""
        columns = "title" if title_only else "title body"
        lists, params = [], []
        for bit, term, worth in sought:
            lists.append(
                f"SELECT rowid AS id, {bit} AS bit, 0 AS title, {worth} AS worth FROM {_FTS} WHERE {_FTS} MATCH %s"
            )
            lists.append(f"SELECT rowid, 0, {bit}, 0 FROM {_FTS} WHERE {_FTS} MATCH %s")
            params += [f'{{{columns}}} : "{term}"', f'"{TITLE}{term}"']
        kinds = ",".join(str(int(key)) for key in content_types)
        rows = _rows(
            "SELECT m.mask, m.title, COUNT(*), group_concat(e.object_id)"
            f" FROM (SELECT id, SUM(bit) AS mask, SUM(title) AS title FROM ({' UNION ALL '.join(lists)})"
            f" GROUP BY id HAVING SUM(worth) >= {least}) m"
            f" CROSS JOIN {_ENTRIES} e ON e.id = m.id WHERE e.content_type_id IN ({kinds}) GROUP BY m.mask, m.title",
            params,
        )
        return [Group(*row) for row in rows]

    def entries(self, content_types: Sequence[int]) -> int:
        """See RankedCompilerMixin."""
        kinds = ",".join(str(int(key)) for key in content_types)
        [[number]] = _rows(f"SELECT COUNT(*) FROM {_ENTRIES} WHERE content_type_id IN ({kinds})", [])
        return int(number)

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


def _title_terms(found: Texts) -> list[str]:
    terms = list(index_terms("\n".join(found.title)))
    return terms + [TITLE + term for term in dict.fromkeys(terms)]


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
