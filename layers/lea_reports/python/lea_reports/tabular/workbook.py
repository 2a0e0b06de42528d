"""A table as an Excel workbook: the same rows give the same bytes, and memory does not grow with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from xlsxwriter import Workbook

from lea_reports.reports.table import CellType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from lea_reports.reports.table import Cell, TableColumn

MOST_ROWS = 1_048_576
"""Of one sheet, its headings among them; what does not fit goes on in the next."""

_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_LETTER = 1  # its number among the sizes of paper
_DAY = "yyyy-mm-dd"
_TEXT = "@"
_ABOUT = "About this report"
_ABOUT_WIDTHS = (28, 80)


@dataclass(frozen=True, slots=True)
class About:
    """What a workbook says of itself: its title, when it was asked for (UTC), and facts by their names."""

    title: str
    requested_at: datetime
    facts: Sequence[tuple[str, str]]


def write_workbook(
    file: IO[bytes],
    about: About,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[Cell]],
    most_rows: int = MOST_ROWS,
) -> None:
    """Write the table, its headings in sight and with a filter, and a sheet about it.

    The rows wait in a temporary folder, which is gone afterwards.
    """
    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
        with Workbook(file, options) as workbook:
            # A clock's time would make two equal reports differ.
            created = about.requested_at.replace(tzinfo=None, microsecond=0)
            workbook.set_properties({"title": about.title, "created": created})
            _Sheets(workbook, about.title, columns, most_rows).write(rows)
            _write_about(workbook, about)


class _Sheets:
    """The sheets of one table: as many as its rows need."""

    def __init__(
        self, workbook: Workbook, title: str, columns: Sequence[TableColumn], most_rows: int
    ) -> None:
        self._workbook = workbook
        self._title = title
        self._columns = columns
        self._most_rows = most_rows
        self._headings = [_heading_format(workbook, column.type) for column in columns]
        self._formats = [_format(workbook, column.type) for column in columns]
        self._sheets = 0

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        sheet, at = self._new(), 1
        for row in rows:
            if at == self._most_rows:
                self._end(sheet, at)
                sheet, at = self._new(), 1
            for place, (cell, look) in enumerate(zip(row, self._formats, strict=True)):
                _write(sheet, at, place, cell, look)
            at += 1
        self._end(sheet, at)

    def _new(self) -> Worksheet:
        self._sheets += 1
        sheet = self._workbook.add_worksheet(_sheet_name(self._title, self._sheets))
        for place, (column, look) in enumerate(zip(self._columns, self._formats, strict=True)):
            sheet.set_column(place, place, column.width, look)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        _prepare_to_print(sheet)
        for place, (column, look) in enumerate(zip(self._columns, self._headings, strict=True)):
            sheet.write_string(0, place, column.heading, look)
        return sheet

    def _end(self, sheet: Worksheet, rows: int) -> None:
        last = len(self._columns) - 1
        sheet.autofilter(0, 0, rows - 1, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{rows}"})


def _prepare_to_print(sheet: Worksheet) -> None:
    """Let a sheet print on letter paper, all columns on a page."""
    sheet.set_paper(_LETTER)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _heading_format(workbook: Workbook, of: CellType) -> Format:
    """Return the look of a heading, which stands over its values: texts to the left, numbers and days to the right."""
    align = "left" if of is CellType.TEXT else "right"
    return workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "align": align})


def _format(workbook: Workbook, of: CellType) -> Format | None:
    match of:
        case CellType.TEXT:
            return workbook.add_format({"num_format": _TEXT})
        case CellType.DATE:
            return workbook.add_format({"num_format": _DAY})
        case CellType.NUMBER:
            return None


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, look: Format | None) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(row, place, cell, look)
        case int():
            sheet.write_number(row, place, cell, look)
        case _:
            sheet.write_datetime(row, place, cell, look)


def _write_about(workbook: Workbook, about: About) -> None:
    sheet = workbook.add_worksheet(_ABOUT)
    _prepare_to_print(sheet)
    name, fact = (
        workbook.add_format({"bold": True, "valign": "top"}),
        workbook.add_format({"text_wrap": True}),
    )
    for place, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(place, place, width)
    for row, (label, text) in enumerate(about.facts):
        sheet.write_string(row, 0, label, name)
        sheet.write_string(row, 1, text, fact)


def _sheet_name(title: str, number: int) -> str:
    end = "" if number == 1 else f" {number}"
    return f"{_NOT_IN_SHEET_NAMES.sub(' ', title)[: _LONGEST_SHEET_NAME - len(end)].strip()}{end}"


def _letters(place: int) -> str:
    """Return the letters of a column, counted from 0: A, B, ..., Z, AA."""
    before, letter = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)
