"""Numbers and tables."""

import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail_localize.segments import StringSegmentValue


class TranslatableTableBlock(WagtailTableBlock):
    """Wagtail's table, whose cells wagtail-localize can translate (it does not know tables by itself)."""

    def get_translatable_segments(self, value: dict[str, Any] | None) -> list[StringSegmentValue]:
        """Return the cells that hold words; numbers are the same in every language."""
        rows = (value or {}).get("data") or []
        return [
            StringSegmentValue(f"r{down}c{across}", str(cell))
            for down, row in enumerate(rows)
            for across, cell in enumerate(row)
            if cell and any(char.isalpha() for char in str(cell))
        ]

    def restore_translated_segments(self, value: dict[str, Any], segments: list[Any]) -> dict[str, Any]:
        """Return the table with its translated cells; cells that no longer exist are passed over."""
        table = copy.deepcopy(value)
        rows = table.get("data") or []
        for segment in segments:
            down, across = (int(part) for part in segment.path.removeprefix("r").split("c"))
            if down < len(rows) and across < len(rows[down]):
                rows[down][across] = segment.render_text()
        return table


class TableValue(blocks.StructValue):
    """A table as templates need it."""

    @property
    def _rows(self) -> list[list[str]]:
        table = self.get("table") or {}
        return [["" if cell is None else str(cell) for cell in row] for row in table.get("data") or []]

    @property
    def _has_header(self) -> bool:
        table = self.get("table") or {}
        return bool(table.get("first_row_is_table_header", True))

    @property
    def header(self) -> list[str]:
        """The cells of the head row, empty when the table has none."""
        rows = self._rows
        return rows[0] if rows and self._has_header else []

    @property
    def rows(self) -> list[list[str]]:
        """The rows below the head."""
        return self._rows[1:] if self._has_header else self._rows


class TableBlock(blocks.StructBlock):
    """A table with a caption (asked for by accessibility rules)."""

    caption = blocks.CharBlock(label=_("What the table shows"), max_length=200)
    table = TranslatableTableBlock(label=_("Table"))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blocks/table.html"
        value_class = TableValue
        preview_value: dict[str, Any] = {
            "caption": "Lịch hỗ trợ trong tuần (mẫu)",
            "table": {
                "data": [["Ngày", "Giờ", "Địa điểm"], ["Thứ Hai", "7:30", "Nhà văn hóa thôn"]],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
            },
        }
        description = _("Rows and columns with a caption.")


class FigureBlock(blocks.StructBlock):
    """One figure; never without its date and source."""

    value = blocks.CharBlock(
        label=_("Value"), max_length=20, help_text=_("As it is shown, for example 74,4.")
    )
    unit = blocks.CharBlock(label=_("Unit"), required=False, default="", max_length=20)
    label = blocks.CharBlock(label=_("What it counts"), max_length=160)
    as_of = blocks.CharBlock(label=_("As of"), max_length=80)
    source = blocks.CharBlock(label=_("Source"), max_length=160)

    class Meta:
        icon = "order"
        label = _("Figure")


class FiguresBlock(blocks.StructBlock):
    """Headline figures."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=160)
    items = blocks.ListBlock(FigureBlock(), label=_("Figures"), min_num=1)

    class Meta:
        icon = "order"
        label = _("Figures")
        template = "blocks/figures.html"
        preview_value = {
            "title": "Con số nổi bật",
            "items": [
                {
                    "value": "74,4",
                    "unit": "%",
                    "label": "hồ sơ nộp trực tuyến toàn huyện",
                    "as_of": "7 tháng đầu năm 2024",
                    "source": "Báo cáo công khai về chương trình, 2024",
                }
            ],
        }
        description = _("Large numbers with date and source.")
