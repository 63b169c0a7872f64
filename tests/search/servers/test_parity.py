"""A server finds the same pages as the database, counts them alike and puts them in the same order."""

import io
from typing import Any

import pytest
from wagtail.models import Site

from core.models import Topic
from search import services
from search.engines.base import Filters, SearchQuery
from search.scratch import indexing, pages
from search.scratch.documents import read_documents
from tests.search.quality.judging import HERE, identifiers, read

pytestmark = pytest.mark.django_db

#: Every so manieth question of the quality's is asked, each in one of the ways.
EVERY = 6


def told(engine: Any, query: SearchQuery) -> tuple[Any, ...]:
    found = engine.search(query)
    titles = [result.card.title for result in found.results]
    return titles, found.total, found.counts, found.asked_instead, found.did_you_mean


def test_a_server_says_what_the_database_says(server: str) -> None:
    tree, silent = pages.Tree(), io.StringIO()
    tree.add(list(read_documents([HERE / "documents.jsonl"], list(tree.types))))
    tree.finish()
    indexing.index_pages(1, silent)
    site = Site.objects.get(is_default_site=True)
    topic = Topic.objects.order_by("pk").first()
    assert topic is not None
    ways: list[dict[str, Any]] = [
        {},
        {"sort": "date"},
        {"filters": Filters(kind="huong-dan")},
        {"filters": Filters(topic=topic.pk), "sort": "date"},
    ]
    questions = read(HERE / "queries.jsonl", identifiers(HERE / "documents.jsonl"))[::EVERY]
    asked = [
        SearchQuery(question.query, site, "vi", **ways[number % len(ways)])
        for number, question in enumerate(questions)
    ]
    answers = [(told(services.database_engine(), query), query) for query in asked]
    assert sum(bool(answer[0]) for answer, _query in answers) > len(answers) / 2
    different = [query.text for answer, query in answers if told(services.engine(), query) != answer]
    assert different == []
