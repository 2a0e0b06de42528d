"""A table as CSV: UTF-8 with a byte order mark, which Excel needs to show names in their scripts."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

from lea_reports.csv_for_people import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lea_reports.reports.table import Cell, TableColumn


def write_csv(file: IO[bytes], columns: Sequence[TableColumn], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the headings and the rows; days as `YYYY-MM-DD`, and no text is a formula."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.heading for column in columns])
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text.detach()
