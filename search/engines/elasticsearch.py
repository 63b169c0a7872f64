"""Elasticsearch 9 through Wagtail's backend, with our own terms."""

from __future__ import annotations

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import Elasticsearch, UnsupportedProductError
from modelsearch.backends.elasticsearch9 import (
    Elasticsearch9AutocompleteQueryCompiler,
    Elasticsearch9Index,
    Elasticsearch9Mapping,
    Elasticsearch9SearchBackend,
    Elasticsearch9SearchQueryCompiler,
)

from search.engines.ranked import CompletingMixin, RankedCompilerMixin
from search.engines.remote import RemoteCompilerMixin, TermMappingMixin
from search.engines.remote_backend import RemoteBackendMixin, shared
from search.engines.remote_index import RemoteIndexMixin
from search.engines.remote_rebuild import AliasRebuilder


class VietnameseElasticsearchMapping(TermMappingMixin, Elasticsearch9Mapping):
    """Fields of terms."""


class VietnameseElasticsearchIndex(RemoteIndexMixin, Elasticsearch9Index):
    """An index of terms."""


class VietnameseElasticsearchQueryCompiler(
    RemoteCompilerMixin, RankedCompilerMixin, Elasticsearch9SearchQueryCompiler
):
    """Finds whole words."""

    mapping_class = VietnameseElasticsearchMapping


class VietnameseElasticsearchAutocompleteQueryCompiler(
    CompletingMixin, RemoteCompilerMixin, RankedCompilerMixin, Elasticsearch9AutocompleteQueryCompiler
):
    """Completes words."""

    mapping_class = VietnameseElasticsearchMapping


class VietnameseElasticsearchBackend(RemoteBackendMixin, Elasticsearch9SearchBackend):
    """Wagtail's backend for Elasticsearch 9 with our own terms."""

    mapping_class = VietnameseElasticsearchMapping
    index_class = VietnameseElasticsearchIndex
    query_compiler_class = VietnameseElasticsearchQueryCompiler
    autocomplete_query_compiler_class = VietnameseElasticsearchAutocompleteQueryCompiler
    atomic_rebuilder_class = AliasRebuilder
    client_class = shared(Elasticsearch)
    connections_kwarg_name = "connections_per_node"
    unreachable = (TransportError, UnsupportedProductError)
    too_late = (ConnectionTimeout,)


SearchBackend = VietnameseElasticsearchBackend
