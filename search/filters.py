"""The filters of the search page, read from the address and written back into links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import dates
from core.memory import remember
from core.models import Audience, Pillar, Place, Topic
from core.taxonomy import localized, source_language, source_rows
from core.vietnamese import sort_key
from search import kinds, periods
from search.engines.base import Counts, Filters
from search.periods import PERIOD_PARAM, SINCE_PARAM, UNTIL_PARAM

KIND_PARAM = "loai"
OPEN_PARAM = "con-nhan"
#: Parameter → (attribute of Filters and of Counts, model).
TERMS: dict[str, tuple[str, Any]] = {
    "linh-vuc": ("topic", Topic),
    "dia-ban": ("place", Place),
    "tru-cot": ("pillar", Pillar),
    "doi-tuong": ("audience", Audience),
}
#: Every parameter that narrows, in the order in which addresses name them.
PARAMS = (KIND_PARAM, *TERMS, PERIOD_PARAM, SINCE_PARAM, UNTIL_PARAM, OPEN_PARAM)
_MAX_VALUE = 100


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter; ``count`` is None where results are not counted."""

    slug: str
    label: str
    selected: bool
    count: int | None = None

    @property
    def text(self) -> str:
        """The label with the number of results."""
        return self.label if self.count is None else f"{self.label} ({dates.number_label(self.count)})"


@dataclass(frozen=True, slots=True)
class Group:
    """A filter as its form shows it: a list to choose from."""

    param: str
    label: str
    options: list[Option]

    @property
    def choices(self) -> SafeString:
        """The options as HTML: a list of results has a hundred of them, too many for a template's loop."""
        lines = (
            f'<option value="{escape(option.slug)}"{" selected" if option.selected else ""}>{escape(option.text)}</option>'
            for option in self.options
        )
        return mark_safe("\n".join(lines))  # noqa: S308 - both values are escaped


@dataclass(frozen=True, slots=True)
class FilterForm:
    """All that the form shows. ``since`` and ``until`` are ISO dates or empty."""

    groups: list[Group]
    since: str
    until: str
    open: Option | None

    @property
    def has_days(self) -> bool:
        """Whether one of the two days is set, so that their fields stand open."""
        return bool(self.since or self.until)


@dataclass(slots=True)
class SearchFilters:
    """The filters of one request.

    Attributes:
        raw: parameter → value as it stands in the address, for links.
        values: attribute of Filters → value.
        unknown: parameters whose value names nothing, so that nothing is found.
        mistyped: parameters of days that could not be read; they do not narrow, the reader is told.
    """

    raw: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    mistyped: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, query: QueryDict) -> SearchFilters:
        """Read the filters of a query string; anything may stand in it."""
        found = cls()

        def given(param: str) -> str:
            return query.get(param, "")[:_MAX_VALUE].replace("\x00", "").strip()

        if raw := given(KIND_PARAM):
            found._set(KIND_PARAM, raw, "kind", raw if raw in kinds.LABELS else None)
        for param, (name, _model) in TERMS.items():
            if raw := given(param):
                key = next((key for key, slug, _label in rows(param) if slug == raw), None)
                found._set(param, raw, name, key)
        found._read_days(given)
        if given(OPEN_PARAM) == "1":
            found._set(OPEN_PARAM, "1", "open", True)
        return found

    def _set(self, param: str, raw: str, name: str, value: Any) -> None:
        self.raw[param] = raw
        if value is None:
            self.unknown.append(param)
        else:
            self.values[name] = value

    def _read_days(self, given: Callable[[str], str]) -> None:
        """Two days win over a ready period. A day that cannot be read is a slip of the pen, not a reason to find nothing."""
        days = {}
        for param in (SINCE_PARAM, UNTIL_PARAM):
            if raw := given(param):
                days[param] = periods.read_day(raw)
                if days[param] is None:
                    self.mistyped.append(param)
        since, until = days.get(SINCE_PARAM), days.get(UNTIL_PARAM)
        if since and until and since > until:
            since, until = until, since
        for param, name, day in ((SINCE_PARAM, "since", since), (UNTIL_PARAM, "until", until)):
            if day:
                self._set(param, day.isoformat(), name, day)
        if (raw := given(PERIOD_PARAM)) and not (since or until):
            period = periods.read_period(raw)
            self.raw[PERIOD_PARAM] = raw
            if period is None:
                self.unknown.append(PERIOD_PARAM)
            else:
                self.values.update(since=period.since, until=period.until)

    @property
    def filters(self) -> Filters:
        """The filters for the engine."""
        return Filters(**self.values)

    @property
    def selected(self) -> list[tuple[str, str]]:
        """The filters in force as (parameter, label), for the links that lift them."""
        return [(param, self._label_of(param, raw)) for param, raw in self.raw.items()]

    def _label_of(self, param: str, raw: str) -> str:
        if param in self.unknown:
            return raw
        if param == KIND_PARAM:
            return str(kinds.LABELS[raw])
        if param == OPEN_PARAM:
            return _("Open for registration")
        if param == PERIOD_PARAM:
            return periods.period_label(raw)
        if param in (SINCE_PARAM, UNTIL_PARAM):
            return periods.day_label(param, self.values["since" if param == SINCE_PARAM else "until"])
        return next((text for _key, slug, text in rows(param) if slug == raw), raw)

    def form(self, counts: Counts, site: Site, language: str) -> FilterForm:
        """Return the form's filters. A choice without results is offered only where it is chosen."""
        chosen, names = self.raw.get(KIND_PARAM, ""), labels()
        found = [
            Group(
                KIND_PARAM,
                names[KIND_PARAM],
                _offered(chosen, [(slug, str(label), counts.kind.get(slug, 0)) for slug, label in kinds.LABELS.items()]),
            )
        ]  # fmt: skip
        for param, (name, _model) in TERMS.items():
            by_key: dict[int, int] = getattr(counts, name)
            options = [(slug, label, by_key.get(key, 0)) for key, slug, label in rows(param)]
            found.append(Group(param, names[param], _offered(self.raw.get(param, ""), options)))
        period = self.raw.get(PERIOD_PARAM, "")
        slugs, days = periods.offered(site, language), periods.CountedDays(counts.date)
        if period and period not in slugs and PERIOD_PARAM not in self.unknown:
            slugs = [*slugs, period]
        found.append(
            Group(
                PERIOD_PARAM,
                names[PERIOD_PARAM],
                _offered(
                    period,
                    [(slug, periods.period_label(slug), days.within(slug)) for slug in slugs],
                ),
            )
        )
        is_open = OPEN_PARAM in self.raw
        return FilterForm(
            groups=[group for group in found if group.options],
            since=self.raw.get(SINCE_PARAM, ""),
            until=self.raw.get(UNTIL_PARAM, ""),
            open=Option("1", _("Open for registration"), is_open, counts.open)
            if counts.open or is_open
            else None,
        )


def _offered(chosen: str, options: list[tuple[str, str, int]]) -> list[Option]:
    return [
        Option(slug, label, slug == chosen, count)
        for slug, label, count in options
        if count or slug == chosen
    ]


def labels() -> dict[str, str]:
    """Return parameter → name of the filter in the active language."""
    return {
        KIND_PARAM: _("Kind of content"),
        "linh-vuc": _("Topic"),
        "dia-ban": _("Place"),
        "tru-cot": _("Pillar"),
        "doi-tuong": _("Audience"),
        PERIOD_PARAM: pgettext("filter", "Date"),
        SINCE_PARAM: _("From day"),
        UNTIL_PARAM: _("Until day"),
        OPEN_PARAM: _("Open for registration"),
    }


def rows(param: str) -> list[tuple[int, str, str]]:
    """Return (primary key, slug, name in the active language) of a vocabulary, kept for a minute."""
    language = get_language() or source_language()
    return remember("search.terms", param, language, shared=True, make=lambda: _read(param))


def _read(param: str) -> list[tuple[int, str, str]]:
    found = [(row.pk, row.slug, str(localized(row))) for row in source_rows(TERMS[param][1])]
    # topics are in the order of the alphabet, which the database does not know; the others have an order of their own
    return sorted(found, key=lambda row: sort_key(row[2])) if param == "linh-vuc" else found


def topics() -> list[tuple[str, str]]:
    """Return (slug, name) of the topics, for a reader who has not typed anything."""
    return [(slug, label) for _key, slug, label in rows("linh-vuc")]
