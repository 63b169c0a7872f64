"""What a reader has asked: question, filters, order. Read from an address and written back into links, for page and API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from wagtail.models import Site

from core.vietnamese import to_nfc
from search.engines.base import SearchQuery
from search.filters import PARAMS, SearchFilters

#: What the box takes; longer questions are cut.
MAX_LENGTH = 200
QUERY_PARAM = "q"
SORT_PARAM, NEWEST = "xep", "moi-nhat"
EXACT_PARAM = "dung"


def clean_text(raw: str) -> str:
    """Return a question in NFC, its blanks single, cut to what the box takes.

    Lone surrogates, which no database takes, are dropped.
    """
    text = raw[: MAX_LENGTH * 8].replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(to_nfc(text)[:MAX_LENGTH].split())


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the search.

    Attributes:
        text: the question, cleaned.
        filters: what narrows it.
        newest_first: sorted by date instead of relevance.
        exactly: to be taken as typed, without mending slips.
    """

    text: str
    filters: SearchFilters
    newest_first: bool
    exactly: bool

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """Read a query string; anything may stand in it."""
        return cls(
            text=clean_text(query.get(QUERY_PARAM, "")),
            filters=SearchFilters.read(query),
            newest_first=query.get(SORT_PARAM) == NEWEST,
            exactly=query.get(EXACT_PARAM) == "1",
        )

    def __bool__(self) -> bool:
        return bool(self.text or self.filters.raw)

    def for_engine(self, site: Site, language: str, page: int, size: int) -> SearchQuery:
        """Return the question as an engine takes it."""
        return SearchQuery(
            text=self.text,
            site=site,
            language=language,
            filters=self.filters.filters,
            page=page,
            size=size,
            sort="date" if self.newest_first else "relevance",
            corrected=not self.exactly,
        )

    @property
    def parameters(self) -> dict[str, str]:
        """All parameters of the question but the page, in one order, so that the same question has one address."""
        found = {QUERY_PARAM: self.text} if self.text else {}
        found |= {param: self.filters.raw[param] for param in PARAMS if param in self.filters.raw}
        if self.newest_first:
            found[SORT_PARAM] = NEWEST
        if self.exactly:
            found[EXACT_PARAM] = "1"
        return found

    @property
    def is_plain(self) -> bool:
        """Whether it is a question and nothing else, as the box asks it: no filter, no other order, not "exactly as typed"."""
        return bool(self.text) and self.parameters.keys() == {QUERY_PARAM} and not self.filters.mistyped

    def link(self, path: str, changes: Mapping[str, str]) -> str:
        """Return the address of this question with ``changes``; an empty value removes a parameter."""
        merged = {**self.parameters, **changes}
        return address(path, {name: value for name, value in merged.items() if value})


def address(path: str, parameters: Mapping[str, str]) -> str:
    """Return ``path`` with a query string."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
