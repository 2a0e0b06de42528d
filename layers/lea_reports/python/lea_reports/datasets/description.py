"""The page about the feeds, made of the schema and of the rules that an ingest checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.datasets.rules import KnownOrganizations, rules_of
from lea_reports.datasets.schema import FEEDS, ORGANIZATIONS, Column, ColumnType, Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

EXAMPLES = {
    "organizations": (
        {
            "cds_code": "99100010000000",
            "kind": "district",
            "lea": "99100010000000",
            "name": "Sample Valley Unified",
            "county_name": "Sample",
            "window_start": "2026-03-02",
            "window_end": "2026-05-29",
        },
        {
            "cds_code": "99100016000001",
            "kind": "school",
            "lea": "99100010000000",
            "name": "Maple Elementary",
            "county_name": "Sample",
        },
    ),
    "students": (
        {
            "ssid": "9000000001",
            "last_name": "Nguyễn",
            "first_name": "Ánh",
            "birth_date": "2015-03-01",
            "grade": "05",
            "lea": "99100010000000",
            "school": "99100016000001",
            "primary_language": "02",
            "as_of_date": "2026-06-01",
        },
    ),
    "scores": (
        {
            "administration_year": "2026",
            "record_type": "01",
            "ssid": "9000000001",
            "grade_assessed": "05",
            "tested_lea": "99100010000000",
            "tested_school": "99100016000001",
            "test_completed_date": "2026-04-20",
            "score_status": "V",
            "include_indicator": "Y",
            "ssr_eligible": "Y",
            "ssr_available_date": "2026-06-01",
            "scale_score": "2510",
            "standard_error": "24",
            "error_band_min": "2486",
            "error_band_max": "2534",
            "achievement_level": "3",
            "uin": "9900000000000001",
        },
    ),
}
"""Rows that are taken in, one feed after the other; what they leave out may be blank."""

_INTRODUCTION = """# The feeds

Three feeds, taken in with `lea-reports ingest` in this order. Each is a CSV file in UTF-8 (commas, the names of the
columns in the first line, quotes inside a value doubled) or a Parquet file, as it is or packed with gzip or zip.
Columns may stand in any order, and those that may be blank may be absent. A date is written YYYY-MM-DD; in Parquet a
date column, or a timestamp at midnight in its own zone, does as well. Codes are text: their leading zeros count.

This page is made of the schema (`make feeds`). The sources of the columns stand in `datasets/schema.py`.
"""

_BETWEEN_FEEDS = {
    "organizations": (
        "Organizations that students of the newest roster are in cannot be left out.",
        "Organizations that only data of earlier years point to are kept.",
    ),
    "students": (
        "Organizations have to be published before.",
        "The feed replaces the roster of its administration year; an older one needs `--accept-drop`.",
        "Students with scores whom no roster has are counted; many more than before need `--accept-drop`.",
    ),
    "scores": (
        "Organizations have to be published before; students should be, or nobody can ask for SSRs.",
        "The feed replaces the scores of the administration years that it has; other years stay.",
        "Rows of schools that belong to another LEA stay with theirs and are named; over 10 % need `--accept-drop`.",
        "Students with scores whom no roster has are counted; many more than before need `--accept-drop`.",
    ),
}


def feeds_page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([_INTRODUCTION, *(line for name in EXAMPLES for line in _feed(FEEDS[name]))])


def _feed(dataset: Dataset) -> Iterator[str]:
    yield f"## {dataset.name}\n"
    yield f"{dataset.meaning} Rows are told apart by {_names(dataset.key)}.\n"
    yield "| column | type | blank? | what it holds | allowed |"
    yield "|---|---|---|---|---|"
    for column in dataset.columns:
        needed = "required" if column.required else "may be blank"
        yield f"| `{column.name}` | {_TYPES[column.type]} | {needed} | {column.meaning} | {_allowed(column)} |"
    yield "\nAn example:\n"
    rows = EXAMPLES[dataset.name]
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield f"    {','.join(names)}"
    yield from (f"    {','.join(row.get(name, '') for name in names)}" for row in rows)
    yield "\nWhat an ingest checks between the columns of a row:\n"
    yield from (f"- {_names(columns)}: {rule}" for rule, columns in _row_rules(dataset).items())
    if dataset.lea_column is None:
        yield "- `lea`: the LEA is a row of its own"
    yield f"- {_names(dataset.key)}: a second row is left out, because {dataset.repeated}"
    yield "\nWhat it checks against what is published:\n"
    yield from (f"- {sentence}" for sentence in _BETWEEN_FEEDS[dataset.name])
    yield "- Over 10 % fewer rows, or an LEA that vanishes, need `--accept-drop`.\n"


def _row_rules(dataset: Dataset) -> dict[str, list[str]]:
    """Return the columns of each rule; the rules say them themselves, of no rows at all."""
    known = KnownOrganizations.from_table(ORGANIZATIONS.schema.empty_table())
    rows: pa.Table = dataset.schema.empty_table()
    found: dict[str, list[str]] = {}
    for rule_of_rows in rules_of(dataset.name, known):
        for fault in rule_of_rows(rows):
            columns = found.setdefault(fault.rule, [])
            if fault.column not in columns:
                columns.append(fault.column)
    return found


def _names(columns: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _allowed(column: Column) -> str:
    said = []
    if column.allowed is not None:
        said.append("one of " + ", ".join(column.allowed))
    if column.pattern is not None:
        said.append(column.pattern.words)
    if column.longest is not None:
        said.append(f"at most {column.longest} characters")
    if column.lowest is not None and column.highest is not None:
        said.append(f"{column.lowest} to {column.highest}")
    return "; ".join(said)


_TYPES = {
    ColumnType.TEXT: "text",
    ColumnType.DATE: "date",
    ColumnType.INT8: "whole number",
    ColumnType.INT16: "whole number",
}
