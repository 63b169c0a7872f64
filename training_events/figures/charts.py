"""Bar charts as SVG made by the server: no script, no request, readable on a phone, in light and dark, and by screen readers.

Bars take a share of the width and letters keep their size, so nothing shrinks on a small screen. Colours are the text's own
(``currentColor``) in three strengths; the numbers stand in the table under each chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import dates
from training_events.figures.report import Row

_ROW, _BAR, _LONGEST = 44, 16, 42


def bars(identifier: str, title: str, rows: Sequence[Row]) -> SafeString:
    """Return a chart with one bar for each row: registered (outline), with a seat (light), came (full).

    Args:
        identifier: unique on the page; letters, digits, hyphens.
        title: what the chart shows.
        rows: at least one.
    """
    most = max((row.counts.registered for row in rows), default=0) or 1
    description = "; ".join(f"{row.label}: {_numbers(row)}" for row in rows)
    return format_html(
        '<svg role="img" aria-labelledby="{0}-t {0}-d" width="100%" height="{1}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{0}-t">{2}</title><desc id="{0}-d">{3}</desc>{4}</svg>',
        identifier,
        len(rows) * _ROW,
        title,
        description,
        format_html_join("", "{}", ((_bar(index * _ROW, row, most),) for index, row in enumerate(rows))),
    )


def _numbers(row: Row) -> str:
    counts = row.counts
    return _("%(registered)s registered, %(seated)s with a seat, %(attended)s came") % {
        "registered": dates.number_label(counts.registered),
        "seated": dates.number_label(counts.seated),
        "attended": dates.number_label(counts.attended),
    }


def _bar(top: int, row: Row, most: int) -> SafeString:
    words = row.label if len(row.label) <= _LONGEST else f"{row.label[: _LONGEST - 1].rstrip()}…"
    parts = [
        (row.counts.registered, 'fill="none" stroke="currentColor" stroke-opacity=".7"'),
        (row.counts.seated, 'fill="currentColor" fill-opacity=".3"'),
        (row.counts.attended, 'fill="currentColor" fill-opacity=".85"'),
    ]
    return format_html(
        '<text x="0" y="{}" font-size="14" fill="currentColor">{}</text>'
        '<text x="100%" y="{}" font-size="14" fill="currentColor" text-anchor="end">{}</text>{}',
        top + 15,
        words,
        top + 15,
        dates.number_label(row.counts.registered),
        format_html_join(
            "",
            '<rect x="1" y="{}" width="{}%" height="{}" {}/>',
            (
                (top + 21, f"{99 * number / most:.2f}", _BAR, SafeString(look))
                for number, look in parts
                if number
            ),
        ),
    )
