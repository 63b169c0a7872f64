"""The question of a reader, with where it is asked: a server that is told gives no hits that the reader may not see anyway."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Site

from core.memory import remember
from core.offices import site_paths
from search.engines.remote_query import ANCESTORS
from search.understanding.plan import Plan, PlannedQuery
from search.vocabulary import Statistics


class ReadersQuery(PlannedQuery):
    """A planned query asked on the website ``site`` in ``language`` (a language code).

    ``known`` says how common its terms are, so that a server need not be asked for that as well.
    """

    def __init__(self, plan: Plan, text: str, site: Site, language: str, known: Statistics) -> None:
        super().__init__(plan, text)
        self.site, self.language, self.known = site, language, known

    def server_filters(self) -> list[dict[str, Any]]:
        """Return filters of a search server: live, in the language, of the office or shared with it.

        They only keep what cannot be shown from taking the place of what can: ``search.selection`` decides.
        """
        paths = site_paths(self.site)
        offices: list[dict[str, Any]] = [{"term": {ANCESTORS: path}} for path in paths.own]
        shared = {"term": {"core_contentpage__shared_filter": True}}
        offices += [{"bool": {"must": [{"term": {ANCESTORS: path}}, shared]}} for path in paths.shared]
        return [
            {"term": {"live_filter": True}},
            {"term": {"locale_id_filter": _locale(self.language)}},
            {"bool": {"should": offices}},
        ]


def _locale(language: str) -> int:
    """Return the key of a locale, 0 where there is none."""
    locales = Locale.objects.filter(language_code=language)
    return remember(
        "search.locale", language, shared=True, make=lambda: locales.values_list("pk", flat=True).first() or 0
    )
