"""Search servers: what is sent to them. No server answers here; see docs/search.md for what that leaves open."""

from typing import Any

import pytest
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.query import PlainText

from config.search_backends import from_url
from home.models import StandardPage
from search.engines.elasticsearch import VietnameseElasticsearchBackend
from search.engines.opensearch import VietnameseOpenSearchBackend
from search.engines.remote import text_of

CASES = [("elasticsearch", VietnameseElasticsearchBackend), ("opensearch", VietnameseOpenSearchBackend)]


def make(name: str) -> BaseSearchBackend:
    from django.utils.module_loading import import_string

    spec = dict(from_url(f"{name}+http://localhost:9/bgm")["default"])
    return import_string(spec.pop("BACKEND") + ".SearchBackend")(spec)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_address_names_server_prefix_and_analysis(name: str, kind: type[Any]) -> None:
    backend: Any = make(name)
    assert isinstance(backend, kind)
    assert backend.get_index_for_model(StandardPage).name == "bgm-wagtailcore_page"
    analysis = backend.settings["settings"]["analysis"]
    assert analysis["char_filter"]["d_bar"]["mappings"] == ["đ => d", "Đ => D"]
    assert analysis["analyzer"]["vietnamese_folded"]["filter"] == ["lowercase", "asciifolding"]
    assert "asciifolding" not in analysis["analyzer"]["vietnamese_exact"]["filter"]
    assert analysis["filter"]["edgengram"]["type"] == "edge_ngram"


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_text_is_indexed_folded_and_exact(name: str, kind: type[Any]) -> None:
    fields = kind.mapping_class(StandardPage).get_mapping()["properties"]
    for field in (fields["title"], fields["_all_text"], fields["core_contentpage__intro"]):
        assert field["analyzer"] == "vietnamese_folded"
        assert field["fields"]["exact"]["analyzer"] == "vietnamese_exact"
    assert fields["title_edgengrams"]["search_analyzer"] == "vietnamese_folded"
    assert fields["live_filter"] == {"type": "boolean"}


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_question_asks_both_forms_and_most_words(name: str, kind: type[Any], db: None) -> None:
    compiler = kind.query_compiler_class(
        StandardPage.objects.filter(live=True), PlainText('làm sao "đăng ký" (lớp)?', operator="or")
    )
    asked = compiler.get_inner_query()["multi_match"]
    assert asked["query"] == "làm đăng ký lớp"
    assert "_all_text" in asked["fields"]
    assert any(field.startswith("_all_text.exact^") for field in asked["fields"])
    assert asked["minimum_should_match"] == "2<60%"


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_words_are_completed_without_marks(name: str, kind: type[Any], db: None) -> None:
    compiler = kind.autocomplete_query_compiler_class(
        StandardPage.objects.all(), PlainText("dich v", operator="and")
    )
    assert compiler.get_inner_query() == {"match": {"_edgengrams": {"query": "dich v", "operator": "and"}}}


def test_a_query_for_a_server_holds_words_only() -> None:
    assert text_of('"+dịch* OR\u00a0(VỤ~') == ["dịch", "or", "vụ"]
    assert text_of("!!!") == []
