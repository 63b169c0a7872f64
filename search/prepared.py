"""Statements that the search asks again and again, compiled once: for hundreds of pages Django's work on one takes longer than
the database's.

A queryset with a stand-in for the primary keys is compiled as Django compiles any other; what is kept is its text. So the rules
of what may be shown stay querysets (``search.selection``), and nothing here knows a table.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Hashable
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

#: Stand in a statement where its keys and the present are put: neither is ever asked for.
KEYS = [-770_077]
NOW = datetime.datetime(1077, 7, 7, 7, 7, 7, tzinfo=datetime.UTC)
#: So many statements are kept; there are a few for each office and language.
_MOST = 200


class _Statement(NamedTuple):
    """A statement with the places of the parameters that change; without a text where nothing can be found."""

    sql: str
    params: tuple[Any, ...]
    keys_at: int
    now_at: list[int]


_statements: dict[tuple[Hashable, ...], _Statement] = {}


def listed(queryset: QuerySet[Any], keys: list[int]) -> QuerySet[Any]:
    """Narrow ``queryset`` to primary keys (numbers), as many as there are, with one parameter for all of them."""
    connection = connections[queryset.db]
    is_postgres = connection.vendor == "postgresql"
    sql = "SELECT unnest(%s::bigint[])" if is_postgres else "SELECT value FROM json_each(%s)"
    values = RawSQL(sql, [_parameter(connection, keys)], output_field=IntegerField())  # noqa: S611 - two texts of ours
    return queryset.filter(pk__in=values)


def rows(
    name: tuple[Hashable, ...], make: Callable[[], QuerySet[Any, Any]], keys: Collection[int], using: str
) -> list[Any]:
    """Return the rows of a queryset for some primary keys, in no order, as the database's driver gives them.

    Args:
        name: what the queryset is, with everything that it depends on besides the keys and the present.
        make: returns it: ``listed(..., KEYS)``, with NOW for the present, and the values that are wanted: numbers, texts and
            days, which need no conversion; JSON comes as text.
        keys: primary keys.
        using: alias of the database.
    """
    if not keys:
        return []
    connection = connections[using]
    statement = _statements.get((using, *name))
    if statement is None:
        if len(_statements) >= _MOST:
            _statements.clear()
        statement = _statements[(using, *name)] = _compiled(make(), connection)
    if not statement.sql:
        return []
    params = list(statement.params)
    params[statement.keys_at] = _parameter(connection, list(keys))
    if statement.now_at:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        for place in statement.now_at:
            params[place] = now
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        return list(cursor.fetchall())


def _compiled(queryset: QuerySet[Any, Any], connection: Any) -> _Statement:
    try:
        sql, params = queryset.order_by().query.get_compiler(connection.alias).as_sql()
    except EmptyResultSet:
        return _Statement("", (), 0, [])
    keys, now = _parameter(connection, KEYS), connection.ops.adapt_datetimefield_value(NOW)
    return _Statement(
        sql, tuple(params), params.index(keys), [place for place, value in enumerate(params) if value == now]
    )


def _parameter(connection: Any, keys: list[int]) -> Any:
    return keys if connection.vendor == "postgresql" else json.dumps(keys)
