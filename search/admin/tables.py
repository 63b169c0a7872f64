"""Columns of the lists: each cell names its column, so that a phone can show rows one below the other."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from wagtail.admin.ui.tables import Column

#: Classes of a table whose rows are stacked on a phone (static/css/admin.css).
STACKED = "listing search-stacked"


class LabelledColumn(Column):
    """A column whose cells carry its label."""

    cell_template_name = "search/admin/labelled_cell.html"


class NumberColumn(LabelledColumn):
    """A number in the Vietnamese way."""

    def get_value(self, instance: Any) -> str:
        """Return the number, or nothing."""
        value = super().get_value(instance)
        return "" if value is None else number_format(value)


class DayColumn(LabelledColumn):
    """A day as people write it; of a moment its day here."""

    def get_value(self, instance: Any) -> str:
        """Return the day, or nothing."""
        value = super().get_value(instance)
        if value is None:
            return ""
        return date_format(localtime(value) if hasattr(value, "hour") else value, "d/m/Y")


class OwnColumns:
    """A list that names the website only to those who keep several."""

    table_classname = STACKED

    @property
    def columns(self) -> list[Column]:
        """Return the columns for this user."""
        view: Any = self
        found: list[Column] = super().columns  # type: ignore[misc]
        sites = view.permission_policy.sites_user_has_any_permission_for(view.request.user, ["add", "change"])
        return found if sites.count() > 1 else [column for column in found if column.name != "site"]
