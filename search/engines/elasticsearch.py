"""Elasticsearch 9 through Wagtail's backend, with the Vietnamese analysis."""

from __future__ import annotations

from typing import Any

from modelsearch.backends.elasticsearch9 import (
    Elasticsearch9AutocompleteQueryCompiler,
    Elasticsearch9Mapping,
    Elasticsearch9SearchBackend,
    Elasticsearch9SearchQueryCompiler,
)
from modelsearch.utils import deep_update

from search.engines.remote import ANALYSIS, VietnameseCompilerMixin, VietnameseMappingMixin


class VietnameseElasticsearchMapping(VietnameseMappingMixin, Elasticsearch9Mapping):
    """Mapping with the Vietnamese analysis."""


class VietnameseElasticsearchQueryCompiler(VietnameseCompilerMixin, Elasticsearch9SearchQueryCompiler):
    """Finds whole words."""

    mapping_class = VietnameseElasticsearchMapping


class VietnameseElasticsearchAutocompleteQueryCompiler(Elasticsearch9AutocompleteQueryCompiler):
    """Completes words."""

    mapping_class = VietnameseElasticsearchMapping


class VietnameseElasticsearchBackend(Elasticsearch9SearchBackend):
    """Wagtail's backend for Elasticsearch 9 with the Vietnamese analysis."""

    mapping_class = VietnameseElasticsearchMapping
    query_compiler_class = VietnameseElasticsearchQueryCompiler
    autocomplete_query_compiler_class = VietnameseElasticsearchAutocompleteQueryCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        """Add the analysis to the settings of every index."""
        super().__init__(params)
        self.settings: dict[str, Any] = deep_update(self.settings, ANALYSIS)


SearchBackend = VietnameseElasticsearchBackend
