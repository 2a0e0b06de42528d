"""The page about the feeds, made of the schema and of the rules that an ingest checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.datasets.columns import Column, ColumnType
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.rules import KnownOrganizations, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from lea_reports.datasets.dataset import Feed

_INTRODUCTION = """# The feeds

The feeds are taken in with `lea-reports ingest` in this order. Each is a CSV file in UTF-8 (commas, the names of the
columns in the first line, quotes inside a value doubled) or a Parquet file, as it is or packed with gzip or zip.
Columns may stand in any order, and those that may be blank may be absent. A date is written YYYY-MM-DD; in Parquet a
date column, or a timestamp at midnight in its own zone, does as well. Codes are text: their leading zeros count.

This page is made of the schema (`make feeds`). The sources of the columns stand in `datasets/feeds`.
"""


def feeds_page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([_INTRODUCTION, *(line for feed in FEEDS.values() for line in _feed(feed))])


def _feed(feed: Feed) -> Iterator[str]:
    yield f"## {feed.name}\n"
    yield f"{feed.meaning} Rows are told apart by {_names(feed.key)}.\n"
    yield "| column | type | blank? | what it holds | allowed |"
    yield "|---|---|---|---|---|"
    for column in feed.columns:
        needed = "required" if column.required else "may be blank"
        yield f"| `{column.name}` | {_TYPES[column.type]} | {needed} | {column.meaning} | {_allowed(column)} |"
    yield "\nAn example:\n"
    rows = feed.examples
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield f"    {','.join(names)}"
    yield from (f"    {','.join(row.get(name, '') for name in names)}" for row in rows)
    yield "\nWhat an ingest checks between the columns of a row:\n"
    yield from (f"- {_names(columns)}: {rule}" for rule, columns in _row_rules(feed).items())
    yield f"- {_names(feed.key)}: a second row is left out, because {feed.repeated}"
    yield "\nWhat it checks against what is published:\n"
    yield from (f"- {sentence}" for sentence in feed.against)
    yield "- Over 10 % fewer rows, or an LEA that vanishes, need `--accept-drop`.\n"


def _row_rules(feed: Feed) -> dict[str, list[str]]:
    """Return the columns of each rule; the rules say them themselves, of no rows at all."""
    known = KnownOrganizations.from_table(ORGANIZATIONS.schema.empty_table())
    rows: pa.Table = feed.schema.empty_table()
    found: dict[str, list[str]] = {}
    for rule_of_rows in (*rules_of(feed, known), *feed.whole_rules):
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
