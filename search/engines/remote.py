"""What the backends of search servers (Elasticsearch, OpenSearch) share: the Vietnamese analysis in their terms.

Wagtail's fields keep their names and structure. Text is analysed twice: the field itself is folded (``asciifolding`` and a
map for đ, which lower-cases to a letter of its own), a subfield keeps the marks; a query asks both, so that a page with the
very marks scores higher. Both ``standard`` tokenizers split Vietnamese at blanks, into syllables, as our own analysis does.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from modelsearch.query import PlainText

from core import vietnamese
from search.analysis import MAX_QUERY_LENGTH, Question

FOLDED, EXACT_FIELD = "vietnamese_folded", "exact"

ANALYSIS: dict[str, Any] = {
    "settings": {
        "analysis": {
            "char_filter": {"d_bar": {"type": "mapping", "mappings": ["đ => d", "Đ => D"]}},
            "analyzer": {
                FOLDED: {
                    "type": "custom",
                    "char_filter": ["d_bar"],
                    "tokenizer": "standard",
                    "filter": ["lowercase", "asciifolding"],
                },
                "vietnamese_exact": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"]},
                "edgengram_analyzer": {
                    "type": "custom",
                    "char_filter": ["d_bar"],
                    "tokenizer": "standard",
                    "filter": ["asciifolding", "lowercase", "edgengram"],
                },
            },
        }
    }
}


def analysed(mapping: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping of Wagtail's with the Vietnamese analysis on every text field."""
    found = deepcopy(mapping)
    _analyse(found["properties"])
    return found


def _analyse(properties: dict[str, Any]) -> None:
    for spec in properties.values():
        if spec.get("type") == "nested":
            _analyse(spec["properties"])
        elif spec.get("type") == "text" and spec.get("analyzer") == "edgengram_analyzer":
            spec["search_analyzer"] = FOLDED
        elif spec.get("type") == "text":
            spec["analyzer"] = FOLDED
            spec["fields"] = {EXACT_FIELD: {"type": "text", "analyzer": "vietnamese_exact"}}


class VietnameseMappingMixin:
    """A mapping with the Vietnamese analysis."""

    def get_mapping(self) -> dict[str, Any]:
        """Return Wagtail's mapping, analysed."""
        return analysed(super().get_mapping())  # type: ignore[misc]


class VietnameseCompilerMixin:
    """Asks the folded fields and their exact subfields; most words of a long question must be found."""

    def _compile_plaintext_query(
        self, query: PlainText, fields: list[Any], boost: float = 1.0
    ) -> dict[str, Any]:
        asked = " ".join(text_of(query.query_string))
        names = [field.field_name_with_boost for field in fields]
        exact = [
            f"{field.field_name}.{EXACT_FIELD}^{field.boost * 2}"
            for field in fields
            if field.field_name != "_edgengrams"
        ]
        match: dict[str, Any] = {"query": asked, "fields": [*names, *exact], "type": "most_fields"}
        if query.operator == "or":
            match["minimum_should_match"] = "2<60%"
        else:
            match["operator"] = query.operator
        if boost != 1.0:
            match["boost"] = boost
        return {"multi_match": match}


def text_of(text: str) -> list[str]:
    """Return the words of a query as typed (in NFC, lower case), without those that mean nothing of their own."""
    plain = vietnamese.to_nfc(text[:MAX_QUERY_LENGTH]).lower()
    kept = {word.exact for word in Question.parse(plain).words}
    return [plain[span.start : span.end] for span in vietnamese.spans(plain) if span.token.exact in kept]
