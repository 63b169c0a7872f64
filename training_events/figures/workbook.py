"""The figures as a workbook, for the yearly report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from training_events.figures.counts import Counts
from training_events.figures.report import Report, Row
from training_events.spreadsheets import Sheet, as_xlsx


def headings() -> list[str]:
    """Return the words for the columns of every table of figures."""
    return [
        _("Parties registered"), _("People registered"), _("With a seat"), _("Waiting"), _("Cancelled or not approved"),
        _("Came"), _("Did not come"),
    ]  # fmt: skip


def numbers(counts: Counts) -> list[int]:
    """Return the counts in the order of ``headings``."""
    return [
        counts.parties, counts.registered, counts.seated, counts.waiting, counts.cancelled, counts.attended, counts.absent,
    ]  # fmt: skip


def workbook(report: Report, *, title: str, office: str, made_on: str) -> bytes:
    """Return the figures as XLSX: an overview, the events, one sheet for each breakdown.

    Args:
        report: the figures.
        title: the period or event.
        office: whose figures they are.
        made_on: the day in words.
    """
    states = report.states
    overview = [
        [_("Figures of training events"), title],
        [_("Office"), office],
        [_("As of"), made_on],
        [_("Training events"), states.get("all", 0)],
        [_("of these cancelled"), states.get("cancelled", 0)],
        [_("of these postponed"), states.get("postponed", 0)],
        *([word, number] for word, number in zip(headings(), numbers(report.whole), strict=True)),
        [_("Came and did not come are counted in events that kept a list of attendance."), ""],
    ]
    return as_xlsx(
        [
            Sheet(_("Overview"), [_("What"), _("Number")], cast("list[Sequence[Any]]", overview)),
            _sheet(_("Training events"), _("Training event"), report.events),
            *(_sheet(one.title, one.title, one.rows) for one in report.breakdowns),
        ]
    )


def _sheet(name: str, first: str, rows: list[Row]) -> Sheet:
    return Sheet(name, [first, *headings()], [[row.label, *numbers(row.counts)] for row in rows])
