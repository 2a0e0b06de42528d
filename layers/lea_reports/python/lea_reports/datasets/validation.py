"""Checking every row of a feed against the schema of its dataset."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.column_types import is_text
from lea_reports.datasets.columns import Column
from lea_reports.datasets.dataset import Feed
from lea_reports.datasets.feed_file import RawBatch
from lea_reports.datasets.rules import KnownOrganizations, rules_of
from lea_reports.datasets.values import read_column

LINE = "line"
"""The column with the line number that accompanies rows until they are published."""

MOST_LISTED = 1000
"""For so many rows the reason is listed, of each rule and column; the others are counted."""

_LONGEST_SHOWN = 200
_FEWEST_PLACEHOLDERS = 3  # one student may well be called None


@dataclass(frozen=True, slots=True)
class Reject:
    """Why one row was not taken. It holds a student's data: keep it where the feed is kept."""

    line: int
    column: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A batch after the check: typed rows with their `line`, and the reasons for those left out.

    Of each column and rule at most `MOST_LISTED` rejects are listed; `counts` has how many there are, and `left_out`
    how many rows.
    """

    rows: pa.Table
    rejects: tuple[Reject, ...]
    counts: Mapping[tuple[str, str], int]
    left_out: int


class Validator:
    """Checks batches of one feed."""

    def __init__(self, feed: Feed, organizations: KnownOrganizations | None = None) -> None:
        self._feed = feed
        self._rules = tuple(rules_of(feed, organizations))
        self._filled: Counter[str] = Counter()
        self._placeholders: Counter[str] = Counter()

    def check(self, batch: RawBatch) -> Checked:
        """Type every value of a batch and apply every rule.

        A row with several faults gives several rejects; rules between columns look only at rows whose
        single values are right.
        """
        rejects = [
            Reject(torn.line, "", _shown(torn.text[:_LONGEST_SHOWN]), torn.rule)
            for torn in batch.torn[:MOST_LISTED]
        ]
        counts: Counter[tuple[str, str]] = Counter()
        for torn in batch.torn:
            counts["", torn.rule] += torn.rows
        broken = _Broken(batch.lines, counts)
        columns = []
        for column in self._feed.columns:
            raw = _raw_column(batch.rows, column)
            reading = read_column(column, raw)
            columns.append(reading.values)
            self._filled[column.name] += len(raw) - raw.null_count
            self._placeholders[column.name] += reading.placeholders
            for mask, rule in reading.faults:
                rejects += broken.mark(column.name, raw, mask, rule)
        schema = self._feed.schema.append(pa.field(LINE, pa.int64()))
        rows = pa.Table.from_arrays([*columns, batch.lines], schema=schema)
        rows = broken.sound(rows)
        broken = _Broken(rows[LINE].combine_chunks(), counts)
        for rule_of_rows in self._rules:
            for fault in rule_of_rows(rows):
                rejects += broken.mark(fault.column, rows[fault.column], fault.broken, fault.rule)
        rows = broken.sound(rows)
        left_out = len(batch.rows) - len(rows) + sum(torn.rows for torn in batch.torn)
        return Checked(rows, tuple(rejects), counts, left_out)

    def notes(self) -> tuple[str, ...]:
        """Point out columns of what was checked so far that are mostly `nan`, `None`, `NULL` or the like.

        Any one of them may be a name; most of a column is an export that does not leave blank what is blank.
        """
        return tuple(
            f"{number:,} of {self._filled[column]:,} values of {column} are words like nan, None or NULL; "
            "leave them blank if they stand for nothing."
            for column, number in self._placeholders.items()
            if number >= _FEWEST_PLACEHOLDERS and number * 2 > self._filled[column]
        )


class _Broken:
    """Which rows of a batch were found at fault; `counts` counts them by column and rule."""

    def __init__(self, lines: pa.Int64Array, counts: Counter[tuple[str, str]]) -> None:
        self._lines = lines
        self._counts = counts
        self._broken: set[int] = set()

    def mark(
        self, column: str, values: pa.Array | pa.ChunkedArray, mask: pa.Array | pa.ChunkedArray, rule: str
    ) -> list[Reject]:
        """Note the rows of a mask and return the first rejects. Null in a mask means no fault."""
        if not pc.any(mask).as_py():
            return []
        flat = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
        positions = pc.indices_nonzero(flat)
        self._broken.update(positions.to_pylist())
        self._counts[column, rule] += len(positions)
        positions = positions[:MOST_LISTED]
        lines, shown = self._lines.take(positions).to_pylist(), _as_shown(values.take(positions))
        return [Reject(line, column, _shown(value), rule) for line, value in zip(lines, shown, strict=True)]

    def sound(self, rows: pa.Table) -> pa.Table:
        """Return the rows without those at fault."""
        if not self._broken:
            return rows
        kept = [position for position in range(len(rows)) if position not in self._broken]
        return rows.take(pa.array(kept, pa.int64())).combine_chunks()


def _raw_column(rows: pa.RecordBatch, column: Column) -> pa.Array:
    position = rows.schema.get_field_index(column.name)
    return rows.column(position) if position >= 0 else pa.nulls(len(rows), pa.string())


def _as_shown(values: pa.Array | pa.ChunkedArray) -> list[object]:
    """Return values for a person; days and moments as Arrow writes them, which knows more years than Python."""
    if pa.types.is_timestamp(values.type) and values.type.tz:
        moments = values.cast(pa.timestamp(values.type.unit)).cast(pa.string())
        return [moment and f"{moment} UTC" for moment in moments.to_pylist()]
    if pa.types.is_temporal(values.type):
        values = values.cast(pa.string())
    elif is_text(values.type):
        values = values.cast(pa.binary())
    return list(values.to_pylist())


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)
    return text[:_LONGEST_SHOWN]
