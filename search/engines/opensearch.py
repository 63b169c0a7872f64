"""OpenSearch 3 through Wagtail's backend, with our own terms."""

from __future__ import annotations

from modelsearch.backends.opensearch3 import (
    OpenSearch3AutocompleteQueryCompiler,
    OpenSearch3Index,
    OpenSearch3Mapping,
    OpenSearch3SearchBackend,
    OpenSearch3SearchQueryCompiler,
)
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import ConnectionTimeout

from search.engines.ranked import CompletingMixin, RankedCompilerMixin
from search.engines.remote import RemoteCompilerMixin, TermMappingMixin
from search.engines.remote_backend import RemoteBackendMixin, shared
from search.engines.remote_index import RemoteIndexMixin
from search.engines.remote_rebuild import AliasRebuilder


class VietnameseOpenSearchMapping(TermMappingMixin, OpenSearch3Mapping):
    """Fields of terms."""


class VietnameseOpenSearchIndex(RemoteIndexMixin, OpenSearch3Index):
    """An index of terms."""


class VietnameseOpenSearchQueryCompiler(
    RemoteCompilerMixin, RankedCompilerMixin, OpenSearch3SearchQueryCompiler
):
    """Finds whole words."""

    mapping_class = VietnameseOpenSearchMapping


class VietnameseOpenSearchAutocompleteQueryCompiler(
    CompletingMixin, RemoteCompilerMixin, RankedCompilerMixin, OpenSearch3AutocompleteQueryCompiler
):
    """Completes words."""

    mapping_class = VietnameseOpenSearchMapping


class VietnameseOpenSearchBackend(RemoteBackendMixin, OpenSearch3SearchBackend):
    """Wagtail's backend for OpenSearch 3 with our own terms."""

    mapping_class = VietnameseOpenSearchMapping
    index_class = VietnameseOpenSearchIndex
    query_compiler_class = VietnameseOpenSearchQueryCompiler
    autocomplete_query_compiler_class = VietnameseOpenSearchAutocompleteQueryCompiler
    atomic_rebuilder_class = AliasRebuilder
    client_class = shared(OpenSearch)
    connections_kwarg_name = "pool_maxsize"
    unreachable = (Unreachable,)
    too_late = (ConnectionTimeout,)


SearchBackend = VietnameseOpenSearchBackend
