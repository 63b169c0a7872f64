"""Tables as files for spreadsheet programs: Vietnamese intact, nothing that starts a formula, phone numbers as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

#: Without this mark Excel reads UTF-8 as the machine's old code page and shows "Nguy?n V?n A" (wagtail issue 13071).
BOM = "\ufeff"
#: What begins a formula for one program or another; the wide forms do for Japanese and Chinese editions (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters that XML 1.0, and so XLSX, has no place for.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The most characters that a cell of Excel holds.
_LONGEST = 32_767
_WIDEST = 48
#: Texts that spreadsheet programs take for numbers that they are not (a zero in front, a power, too many digits), for
#: days or for hours.
_MONTH = "(JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)"
_GUESSED = re.compile(
    r"0\d+|\d[\d.,]*E[+-]?\d+|\d{12,}|\d+([.,]\d+)+|\d{1,2}[-/:.]\d{1,2}([-/:.]\d{1,4})?"
    rf"|\d*-?{_MONTH}-?\d+|\d+-?{_MONTH}",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, headings and rows. Cells are text, numbers or None."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def safe_cell(value: object) -> str:
    """Return text that a spreadsheet program never takes for a formula (wagtail issue 3466)."""
    text = _NOT_IN_XML.sub("", "" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _csv_cell(value: object) -> str:
    """Return text that stays text where a program guesses what a cell of a CSV file is.

    A tax code would lose its leading zero, ``2345E67`` become a power of ten, ``MAR2345`` a month and ``1-2`` a day: the mark
    of a formula keeps them as they are. ISO dates are meant to be read as dates.
    """
    text = safe_cell(value)
    return f"'{text}" if _GUESSED.fullmatch(text.strip()) else text


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def as_csv(sheet: Sheet) -> str:
    """Return the table as CSV that Excel opens with Vietnamese intact."""
    out = io.StringIO(BOM)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in sheet.headings])
    for row in sheet.rows:
        writer.writerow([cell if _is_number(cell) else _csv_cell(cell) for cell in row])
    return out.getvalue()


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Return the tables as the sheets of one workbook: headings stay in sight, text is text, numbers can be summed."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name, taken))
        page.freeze_panes = "A2"
        rows = [list(sheet.headings), *(list(row) for row in sheet.rows)]
        for number in range(len(sheet.headings)):
            longest = max((len(str(row[number])) for row in rows if number < len(row)), default=0)
            page.column_dimensions[get_column_letter(number + 1)].width = min(_WIDEST, max(8, longest + 2))
        for index, row in enumerate(rows):
            page.append([_cell(page, value, is_heading=index == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel accepts: at most 31 characters, none of its signs, not used before."""
    base = _NO_NAME.sub(" ", name).strip("' ")[:31] or "1"
    found, number = base, 2
    while found.casefold() in taken:
        found = f"{base[:28]} {number}"
        number += 1
    taken.add(found.casefold())
    return found


def _cell(page: Any, value: Any, *, is_heading: bool) -> Any:
    if _is_number(value) and not is_heading:
        return WriteOnlyCell(page, value=value)
    cell = WriteOnlyCell(page, value=safe_cell(value)[:_LONGEST])
    cell.data_type = "s"
    # the format of text: a phone number or a code that is edited later stays what it is
    cell.number_format = "@"
    if is_heading:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell
