"""The filters of the search page, read from the address and written back into links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.models import Audience, Pillar, Place, Topic
from core.offices import remember
from core.taxonomy import localized, source_language, source_rows
from core.vietnamese import sort_key
from search import kinds
from search.engines.base import Filters

KIND_PARAM = "loai"
#: Parameter → (attribute of Filters, model).
TERMS: dict[str, tuple[str, Any]] = {
    "linh-vuc": ("topic", Topic),
    "dia-ban": ("place", Place),
    "tru-cot": ("pillar", Pillar),
    "doi-tuong": ("audience", Audience),
}
#: Parameters that the form offers; doi-tuong is read, for links from elsewhere.
OFFERED = (KIND_PARAM, "linh-vuc", "dia-ban", "tru-cot")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter; ``count`` is None where results are not counted."""

    slug: str
    label: str
    selected: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A filter as its form shows it."""

    param: str
    label: str
    options: list[Option]


@dataclass(slots=True)
class SearchFilters:
    """The filters of one request. ``unknown``: a value names nothing, so nothing is found."""

    raw: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    unknown: bool = False

    @classmethod
    def from_request(cls, request: HttpRequest) -> SearchFilters:
        """Read the filters of a request; anything may stand in its query string."""
        found = cls()
        for param in (KIND_PARAM, *TERMS):
            raw = request.GET.get(param, "")[:100].replace("\x00", "").strip()
            if not raw:
                continue
            found.raw[param] = raw
            if param == KIND_PARAM:
                value: Any = raw if raw in kinds.LABELS else None
            else:
                value = next((key for key, slug, _label in _rows(param) if slug == raw), None)
            found.unknown = found.unknown or value is None
            found.values["kind" if param == KIND_PARAM else TERMS[param][0]] = value
        return found

    @property
    def filters(self) -> Filters:
        """The filters for the engine."""
        return Filters(**self.values)

    def groups(self, counts: dict[str, int]) -> list[Group]:
        """Return the form's filters. ``counts``: kind → number of results."""
        chosen = self.raw.get(KIND_PARAM, "")
        options = [
            Option(slug, str(label), slug == chosen, counts.get(slug, 0))
            for slug, label in kinds.LABELS.items()
            if counts.get(slug) or slug == chosen
        ]
        found = [Group(KIND_PARAM, _("Kind of content"), options)]
        for param in OFFERED[1:]:
            options = [Option(slug, label, slug == self.raw.get(param)) for _key, slug, label in _rows(param)]
            found.append(Group(param, _label(param), options))
        return found

    @property
    def selected(self) -> list[tuple[str, str]]:
        """The filters in force as (parameter, label), for the links that lift them."""
        found = []
        for param, raw in self.raw.items():
            if param == KIND_PARAM:
                label = str(kinds.LABELS.get(raw, raw))
            else:
                label = next((text for _key, slug, text in _rows(param) if slug == raw), raw)
            found.append((param, label))
        return found


def _label(param: str) -> str:
    return {
        KIND_PARAM: _("Kind of content"),
        "linh-vuc": _("Topic"),
        "dia-ban": _("Place"),
        "tru-cot": _("Pillar"),
        "doi-tuong": _("Audience"),
    }[param]


def _rows(param: str) -> list[tuple[int, str, str]]:
    """Return (primary key, slug, name in the active language) of a vocabulary, kept for a minute."""
    language = get_language() or source_language()
    return remember("search.terms", param, language, make=lambda: _read(param))


def _read(param: str) -> list[tuple[int, str, str]]:
    rows = [(row.pk, row.slug, str(localized(row))) for row in source_rows(TERMS[param][1])]
    # topics are in the order of the alphabet, which the database does not know; the others have an order of their own
    return sorted(rows, key=lambda row: sort_key(row[2])) if param == "linh-vuc" else rows


def topics() -> list[tuple[str, str]]:
    """Return (slug, name) of the topics, for a reader who has not typed anything."""
    return [(slug, label) for _key, slug, label in _rows("linh-vuc")]
