"""Reading the values of dataset rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lea_reports.errors import Invalid

Row = Mapping[str, object]
"""A row of the `students` or the `scores` dataset, by column name; a missing column counts as null."""


def text_of(row: Row, column: str) -> str:
    """Return a text without spaces at its ends; null is empty."""
    value = row.get(column)
    return "" if value is None else str(value).strip()


def integer_of(row: Row, column: str) -> int | None:
    """Return a whole number; null and empty are None. Raises `Invalid` for anything else."""
    value = row.get(column)
    if value is None or value == "":
        return None
    try:
        return int(str(value))
    except ValueError as error:
        raise Invalid(f"{column} is not a whole number.") from error


def date_of(row: Row, column: str) -> date | None:
    """Return a date, also from YYYY-MM-DD; null and empty are None. Raises `Invalid` for anything else."""
    value = row.get(column)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise Invalid(f"{column} is not a date.") from error
