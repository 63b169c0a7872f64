"""OpenSearch 3 through Wagtail's backend, with the Vietnamese analysis."""

from __future__ import annotations

from typing import Any

from modelsearch.backends.opensearch3 import (
    OpenSearch3AutocompleteQueryCompiler,
    OpenSearch3Mapping,
    OpenSearch3SearchBackend,
    OpenSearch3SearchQueryCompiler,
)
from modelsearch.utils import deep_update

from search.engines.remote import ANALYSIS, VietnameseCompilerMixin, VietnameseMappingMixin


class VietnameseOpenSearchMapping(VietnameseMappingMixin, OpenSearch3Mapping):
    """Mapping with the Vietnamese analysis."""


class VietnameseOpenSearchQueryCompiler(VietnameseCompilerMixin, OpenSearch3SearchQueryCompiler):
    """Finds whole words."""

    mapping_class = VietnameseOpenSearchMapping


class VietnameseOpenSearchAutocompleteQueryCompiler(OpenSearch3AutocompleteQueryCompiler):
    """Completes words."""

    mapping_class = VietnameseOpenSearchMapping


class VietnameseOpenSearchBackend(OpenSearch3SearchBackend):
    """Wagtail's backend for OpenSearch 3 with the Vietnamese analysis."""

    mapping_class = VietnameseOpenSearchMapping
    query_compiler_class = VietnameseOpenSearchQueryCompiler
    autocomplete_query_compiler_class = VietnameseOpenSearchAutocompleteQueryCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        """Add the analysis to the settings of every index."""
        super().__init__(params)
        self.settings: dict[str, Any] = deep_update(self.settings, ANALYSIS)


SearchBackend = VietnameseOpenSearchBackend
