"""The list of results as HTML: a dozen results with all that may stand in one are too much for a template's loop."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import dates
from core.templatetags.core_tags import icon
from search.engines.base import FoundFile, SearchResult

register = template.Library()


@register.simple_tag
def search_results(rows: Iterable[tuple[int, SearchResult]]) -> SafeString:
    """Return results, each with its rank, as ``<ul class="search-results">``; the styles are in components/search_result.css."""
    items = "\n".join(
        f'<li data-page="{result.page_id}" data-rank="{rank}">{_article(result)}</li>'
        for rank, result in rows
    )
    return mark_safe(f'<ul class="search-results" role="list">\n{items}\n</ul>')  # noqa: S308 - escaped below


def _article(result: SearchResult) -> str:
    card = result.card
    badge = (
        f'<span class="badge badge--{escape(card.badge_tone)}">{escape(card.badge_text)}</span>'
        if card.badge_text
        else ""
    )
    facts = [escape(str(line)) for line in card.meta]
    if card.source_label:
        facts.append(escape(card.source_label))
    day = (
        f'<time datetime="{card.date.isoformat()}">{escape(dates.date_label(card.date))}</time>'
        if card.date
        else ""
    )
    meta = day + "".join(f" · {fact}" for fact in facts)
    return (
        '<article class="search-result">\n'
        f'  <p class="search-result__kind"><span>{escape(card.kind_label)}</span>{badge}</p>\n'
        f'  <h2 class="search-result__title"><a href="{escape(card.url)}">{escape(card.title)}</a></h2>\n'
        f'  <p class="search-result__excerpt">{result.excerpt or escape(card.intro)}</p>\n'
        f"  {_file(result.file)}\n"
        f'  <p class="search-result__meta">{meta}</p>\n'
        "</article>"
    )


def _file(file: FoundFile | None) -> str:
    if file is None:
        return ""
    size = ", ".join(escape(str(fact)) for fact in (file.type_label, file.size_label) if fact)
    return (
        f'<p class="search-result__file">{icon("document")}<span>{escape(_("In the file"))} '
        f'<a href="{escape(file.url)}">{escape(file.title)}</a>{f" – {size}" if size else ""}</span></p>'
    )
