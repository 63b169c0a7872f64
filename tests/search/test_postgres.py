"""What is special in how PostgreSQL is asked."""

import random
from typing import Any

import pytest
from django.db import connection, transaction

from search import services
from search.engines import postgres
from search.engines.base import SearchQuery
from tests.factories.core import make_office
from tests.search.helpers import add

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_a_search_leaves_the_settings_of_the_connection_as_they_were() -> None:
    site = make_office()
    add(site, "Đăng ký khai sinh")
    before = {name: one(f"SHOW {name}") for name in postgres._PLANNER}
    assert before != postgres._PLANNER, "something is set"
    with transaction.atomic():
        assert services.search(SearchQuery("khai sinh", site, "vi")).total == 1
        assert {name: one(f"SHOW {name}") for name in postgres._PLANNER} == before


def test_a_look_up_reads_no_vectors() -> None:
    """They lie apart from the rows, of which thousands are read for a common word."""
    with connection.cursor() as cursor:
        # what other tests wrote and took back counts in the size of the table; this, too, is taken back
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE wagtailsearch_indexentry")
    site = make_office()
    # of such a length that PostgreSQL would compress them and leave them in their rows
    chance = random.Random(7)
    for number in range(20):
        words = ["".join(chance.choices("bcd", k=7)) for _word in range(60)]
        add(site, f"Trang dài {number}", " ".join(words))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE usual AS SELECT * FROM wagtailsearch_indexentry")
    size = one("SELECT pg_relation_size('wagtailsearch_indexentry')")
    assert 0 < size * 3 < one("SELECT pg_relation_size('usual')"), "a table as PostgreSQL makes it"
