"""Search servers: what is sent to them. What they answer is tested on a real one, in tests/search/servers."""

import struct
from collections.abc import Collection
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modelsearch.backends.base import BaseSearchBackend

from config.search_backends import from_url
from core import vietnamese
from home.models import StandardPage
from search.analysis import EXACT, PAIR, index_terms
from search.engines.base import SearchQuery
from search.engines.elasticsearch import VietnameseElasticsearchBackend
from search.engines.opensearch import VietnameseOpenSearchBackend
from search.engines.readers import ReadersQuery
from search.engines.remote import server_texts
from search.engines.remote_backend import status_of
from search.engines.remote_coverage import coverage
from search.engines.remote_query import (
    ALL,
    COMPLETED,
    TITLE,
    candidates,
    completed,
    convincing,
    read_score,
)
from search.extraction import Texts
from search.ranking import FLOOR, Coverage, Scale
from search.understanding.plan import Overlay, Plan, together
from search.understanding.reading import plain_plan
from search.vocabulary import Statistics
from tests.factories.core import make_office
from tests.search.helpers import add

CASES = [("elasticsearch", VietnameseElasticsearchBackend), ("opensearch", VietnameseOpenSearchBackend)]


def make(name: str, url: str = "http://localhost:9/bgm") -> BaseSearchBackend:
    from django.utils.module_loading import import_string

    spec = dict(from_url(f"{name}+{url}")["default"])
    return import_string(spec.pop("BACKEND") + ".SearchBackend")(spec)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_address_names_server_and_prefix(name: str, kind: type[Any]) -> None:
    backend: Any = make(name)
    assert isinstance(backend, kind)
    assert backend.get_index_for_model(StandardPage).name == "bgm-wagtailcore_page"
    assert backend.settings == {"settings": {}}, "no setting of a server's own analysis"
    assert backend.breaker.name == "localhost:9"


@pytest.mark.parametrize("name", ["elasticsearch", "opensearch"])
def test_a_password_does_not_get_into_the_log(name: str) -> None:
    backend: Any = make(name, "https://nguyen:m%40t@localhost:9200/x")
    assert backend.breaker.name == "localhost:9200"


@pytest.mark.parametrize("name", ["elasticsearch", "opensearch"])
def test_readers_wait_shorter_than_the_worker_and_connections_are_kept(name: str) -> None:
    one: Any = make(name)
    two: Any = make(name)
    assert one.reader is two.reader
    assert one.es is not one.reader
    assert from_url(f"{name}+http://localhost:9")["default"]["READ_TIMEOUT"] <= 1
    waits = (
        one.reader._request_timeout
        if name == "elasticsearch"
        else one.reader.transport.get_connection().timeout
    )
    assert 0 < waits <= 1


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_terms_are_split_at_blanks_only_and_filters_stay(name: str, kind: type[Any]) -> None:
    fields = kind.mapping_class(StandardPage).get_mapping()["properties"]
    assert (
        fields[TITLE]["analyzer"] == fields[ALL]["analyzer"] == fields[COMPLETED]["analyzer"] == "whitespace"
    )
    assert fields["live_filter"] == {"type": "boolean"}
    assert not [name for name, spec in fields.items() if spec.get("analyzer") not in {None, "whitespace"}]


def test_a_server_gets_the_terms_of_all_texts() -> None:
    found = server_texts(
        Texts(title=["Đăng ký"], lead=["sớm"], body=["tại xã"], files=[(1, "mẫu")], autocomplete=["Đăng ký"])
    )
    assert found[TITLE].split() == ["dang", EXACT + "d9a8ng", "ky", EXACT + "ky1", PAIR + "dangky"]
    assert set(found[TITLE].split()) < set(found[ALL].split())
    assert {"som", "tai", "xa", "mau", PAIR + "taixa"} < set(found[ALL].split())
    assert PAIR + "kysom" not in found[ALL].split(), "neighbours do not reach across fields"
    assert found[COMPLETED] == "dang ky"


@pytest.mark.django_db
def test_a_reader_gets_no_hits_of_other_offices_and_languages() -> None:
    huyen = make_office(languages=("vi", "en"))
    xa = make_office("da-kia.localhost", languages=("vi", "en"), shares_from=huyen)
    page = add(xa, "Trang của xã")
    document = VietnameseOpenSearchBackend.mapping_class(type(page)).get_document(page)
    assert document["ancestors"][-1] == page.path
    own, other = (
        ReadersQuery(plain_plan("xa"), SearchQuery("xa", site, "vi"), Statistics(1, {})).server_filters()
        for site in (xa, huyen)
    )
    assert {"term": {"live_filter": True}} in own
    assert {"term": {"locale_id_filter": page.locale_id}} in own
    roots = [part["term"]["ancestors"] for part in own[2]["bool"]["should"] if "term" in part]
    assert set(roots) & set(document["ancestors"])
    assert not {part["term"]["ancestors"] for part in other[2]["bool"]["should"]} & set(document["ancestors"])
    assert "shared_filter" in str(own[2])
    assert "shared_filter" not in str(other[2])


def score(
    query: dict[str, Any], held: Collection[str], in_title: Collection[str] = frozenset()
) -> float | None:
    """Answer a query as a server does, for a document that holds some terms; None where it does not match."""
    [(kind, spec)] = query.items()
    if kind == "constant_score":
        return spec["boost"] if score(spec["filter"], held, in_title) is not None else None
    if kind == "function_score":
        found = score(spec["query"], held, in_title)
        return found if found is not None and found >= spec["min_score"] else None
    if kind in ("term", "terms"):
        [(field, asked)] = spec.items()
        values = {asked} if kind == "term" else set(asked)
        return 1.0 if values & set(in_title if field == TITLE else held) else None
    if any(score(part, held, in_title) is None for part in spec.get("filter", ())):
        return None
    must = [score(part, held, in_title) for part in spec.get("must", ())]
    parts = [
        score(part, held, in_title) for part in spec.get("queries" if kind == "dis_max" else "should", ())
    ]
    if None in must:
        return None
    scores = [part for part in (*must, *parts) if part is not None]
    if not scores:
        return None
    return max(scores) if kind == "dis_max" else sum(scores)


WORDS = st.sampled_from(["đăng", "dang", "ký", "khai", "sinh", "giấy", "xa", "của", "dangky", "khaisinh"])

#: Other ways of saying: first word of the question, number of its words, the words in their stead.
OTHERS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3), st.lists(WORDS, min_size=1, max_size=3)))


def with_others(plain: Plan, others: list[tuple[int, int, list[str]]]) -> Plan:
    size = len(plain.words)
    overlays = tuple(
        Overlay(start, min(start + length, size), tuple(vietnamese.tokens(" ".join(words))), 0.9)
        for start, length, words in others
        if start < size
    )
    return Plan(plain.words, plain.pairs, overlays)


@settings(max_examples=300, deadline=None)
@given(
    asked=st.lists(WORDS, min_size=1, max_size=6),
    others=OTHERS | st.just([(0, 1, ["đăng", "đăng", "đăng"])]),
    data=st.data(),
)
def test_a_server_measures_coverage_as_the_databases_do(
    asked: list[str], others: list[tuple[int, int, list[str]]], data: st.DataObject
) -> None:
    plan = with_others(plain_plan(" ".join(asked)), others)
    documents = {term: data.draw(st.integers(0, 50), label=term) for term in plan.terms}
    scale = Scale.of(plan, documents, 50)
    held = data.draw(st.sets(st.sampled_from(plan.terms)), label="held")
    mask = sum(1 << plan.numbers[term] for term in held)
    measure = Coverage(plan, scale)
    assert (score(coverage(plan, scale, ALL), held) or 0.0) == pytest.approx(measure(mask), abs=1e-4)
    # what a database leaves out early covers less
    most = measure.at_most()
    assert measure(mask) <= sum(most.get(term, 0.0) for term in held) + 1e-9


def test_a_question_with_too_many_other_ways_stays_below_the_limit_of_servers() -> None:
    plain = plain_plan(" ".join(f"chu{letter}" for letter in "abcdefghijklmn"))
    ways = tuple(
        Overlay(0, 14, tuple(vietnamese.tokens(f"dang ky khai sinh so {number}")), 0.8)
        for number in range(200)
    )
    plan = Plan(plain.words, plain.pairs, ways)
    scale = Scale.of(plan, {}, 10)
    pages = candidates(plan, scale, plan.terms)
    assert str(coverage(plan, scale, ALL)).count("'boost'") < 1024
    assert str([pages, convincing(plan, scale, plan.terms, pages)]).count("'boost'") < 1024


@settings(max_examples=200, deadline=None)
@given(
    asked=st.lists(WORDS, min_size=1, max_size=6, unique=True),
    others=OTHERS,
    held=st.sets(WORDS),
    in_title=st.sets(WORDS),
    worth_sifting=st.sampled_from([1, 8]),
)
def test_one_score_of_a_server_says_what_page_and_title_cover(
    asked: list[str],
    others: list[tuple[int, int, list[str]]],
    held: set[str],
    in_title: set[str],
    worth_sifting: int,
) -> None:
    plan = with_others(plain_plan(" ".join(asked)), others)
    scale = Scale.of(plan, dict.fromkeys(plan.terms, 3), 50)
    page = set(index_terms(" ".join(sorted(held | in_title)))) & set(plan.terms)
    title = set(index_terms(" ".join(sorted(in_title)))) & page
    measure = Coverage(plan, scale)
    masks = [sum(1 << plan.numbers[term] for term in terms) for terms in (page, title)]
    with mock.patch("search.engines.remote_coverage.WORTH_SIFTING", worth_sifting):
        number = score(candidates(plan, scale, plan.terms), page, title)
    if number is None:
        assert measure(masks[0]) < FLOOR + 1e-3
        return
    # a server computes with 24 binary digits
    share, of_title, is_together = read_score(struct.unpack("f", struct.pack("f", number))[0])
    assert share == pytest.approx(measure(masks[0]), abs=2e-3)
    assert of_title == pytest.approx(measure(masks[1]), abs=5e-3)
    assert is_together == (len(plan.words) > 1 and bool(page & set(together(plan))))


def test_the_last_word_is_completed() -> None:
    first, last = (part["constant_score"]["filter"] for part in completed(["dich", "v" * 200]))
    assert first == {"term": {COMPLETED: "dich"}}
    assert last == {"prefix": {COMPLETED: "v" * 64}}


def test_the_status_of_an_answer_is_read_from_either_client() -> None:
    from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
    from elasticsearch import ApiError
    from opensearchpy import TransportError

    node = NodeConfig("http", "localhost", 9200)
    meta = ApiResponseMeta(503, "1.1", HttpHeaders(), 0.1, node)
    assert status_of(ApiError("no", meta, None)) == 503
    assert status_of(TransportError(429, "no", {})) == 429
    assert status_of(ValueError("no")) is None
    backend: Any = make("opensearch")
    assert backend.is_outage(TransportError(503, "no", {}))
    assert backend.is_outage(TransportError(401, "no", {}))
    assert not backend.is_outage(TransportError(400, "no", {}))
