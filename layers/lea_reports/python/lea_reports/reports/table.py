"""A table as a declaration says it: its columns, and where its rows come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from lea_reports.reports.parameters import Choice, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lea_reports.datasets.lea_data import LeaData

Cell: TypeAlias = str | int | date | None


class FileFormat(StrEnum):
    """The kinds of files that a table can be, by the ending of their names."""

    XLSX = "xlsx"
    CSV = "csv"


FORMAT = OneOf(
    name="format",
    title="Format",
    description="An Excel workbook, or CSV for other programs; a workbook if left out.",
    required=False,
    choices=(
        Choice(value=FileFormat.XLSX.value, title="Excel workbook (.xlsx)"),
        Choice(value=FileFormat.CSV.value, title="CSV (.csv)"),
    ),
    rule="known_format",
    sentence="The formats: xlsx, csv.",
    standard=FileFormat.XLSX.value,
)
"""In which file the requester of a table wants it."""


class CellType(StrEnum):
    """What the cells of a column are; a text stays a text, so that codes keep their leading zeros."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its heading, what its cells are, its width in a workbook (characters), and what it is taken from."""

    heading: str
    type: CellType
    width: int
    source: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a report that is one table shows.

    `rows` returns them in order, each with a cell for each column (None: blank), from the data of one LEA, the
    canonical parameters and the program's day of the request. It is called more than once for one request, and then
    returns the same.
    """

    columns: tuple[TableColumn, ...]
    rows: Callable[[LeaData, Mapping[str, Any], date], Iterable[Sequence[Cell]]]
