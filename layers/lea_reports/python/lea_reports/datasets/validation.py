"""Checking every row of a feed against the schema of its dataset."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.feed import RawBatch
from lea_reports.datasets.rules import KnownOrganizations, rules_of
from lea_reports.datasets.schema import Column, ColumnType, Dataset

LINE = "line"
"""The column with the line number that accompanies rows until they are published."""

MOST_LISTED = 1000
"""For so many rows the reason is listed, of each rule and column; the others are counted."""

_LONGEST_SHOWN = 200
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_RANGES = {ColumnType.INT8: (-128, 127), ColumnType.INT16: (-32768, 32767)}


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
    """Checks batches of one dataset."""

    def __init__(self, dataset: Dataset, organizations: KnownOrganizations | None = None) -> None:
        self._dataset = dataset
        self._rules = tuple(rules_of(dataset.name, organizations))

    def check(self, batch: RawBatch) -> Checked:
        """Type every value of a batch and apply every rule.

        A row with several faults gives several rejects; rules between columns look only at rows whose
        single values are right.
        """
        rejects = [
            Reject(line, "", text[:_LONGEST_SHOWN], "as many values as columns")
            for line, text in batch.torn[:MOST_LISTED]
        ]
        counts = Counter({("", "as many values as columns"): len(batch.torn)} if batch.torn else {})
        broken = _Broken(batch.lines, counts)
        columns = []
        for column in self._dataset.columns:
            raw = _raw_column(batch.rows, column)
            values, faults = read_column(column, raw)
            columns.append(values)
            for mask, rule in faults:
                rejects += broken.mark(column.name, raw, mask, rule)
        schema = self._dataset.schema.append(pa.field(LINE, pa.int64()))
        rows = pa.Table.from_arrays([*columns, batch.lines], schema=schema)
        rows = broken.sound(rows)
        broken = _Broken(rows[LINE].combine_chunks(), counts)
        for rule_of_rows in self._rules:
            for fault in rule_of_rows(rows):
                rejects += broken.mark(fault.column, rows[fault.column], fault.broken, fault.rule)
        rows = broken.sound(rows)
        return Checked(rows, tuple(rejects), counts, len(batch.rows) - len(rows) + len(batch.torn))


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
        lines, shown = self._lines.take(positions).to_pylist(), values.take(positions).to_pylist()
        return [Reject(line, column, _shown(value), rule) for line, value in zip(lines, shown, strict=True)]

    def sound(self, rows: pa.Table) -> pa.Table:
        """Return the rows without those at fault."""
        if not self._broken:
            return rows
        kept = [position for position in range(len(rows)) if position not in self._broken]
        return rows.take(pa.array(kept, pa.int64())).combine_chunks()


def read_column(column: Column, raw: pa.Array) -> tuple[pa.Array, list[tuple[pa.Array, str]]]:
    """Type one column, whatever type it came in.

    Returns the typed values, null where a value could not be read, and masks of the rows at fault with
    the rule they break.
    """
    raw = _blank_as_null(raw)
    values = _as_text(raw) if column.type is ColumnType.TEXT else _as_distinct(column, raw)
    faults = []
    if column.required and raw.null_count:
        faults.append((pc.is_null(raw), "a value is required"))
    if values.null_count != raw.null_count:
        faults.append((pc.and_(pc.is_valid(raw), pc.is_null(values)), _form(column)))
    faults += _text_faults(column, values)
    return values, faults


def _raw_column(rows: pa.RecordBatch, column: Column) -> pa.Array:
    position = rows.schema.get_field_index(column.name)
    return rows.column(position) if position >= 0 else pa.nulls(len(rows), pa.string())


def _blank_as_null(raw: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(raw.type):
        raw = raw.dictionary_decode()
    if pa.types.is_null(raw.type):
        return raw.cast(pa.string())
    if _is_texty(raw.type):
        return pc.if_else(pc.equal(pc.binary_length(raw), 0), pa.scalar(None, raw.type), raw)
    return raw


def _is_texty(data_type: pa.DataType) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(kind(data_type) for kind in kinds)


def _as_text(raw: pa.Array) -> pa.Array:
    try:
        return raw.cast(pa.string())
    except pa.ArrowInvalid:
        # Some value is not UTF-8; find which, one by one, and leave it null.
        return pa.array([_decoded(value) for value in raw.to_pylist()], pa.string())


def _decoded(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None


def _as_distinct(column: Column, raw: pa.Array) -> pa.Array:
    """Read dates and whole numbers: few different values, so each is read once."""
    encoded = raw.dictionary_encode()
    read: Callable[[object], object] = _date if column.type is ColumnType.DATE else _whole_number
    lowest, highest = _range(column)
    values = [read(value) for value in encoded.dictionary.to_pylist()]
    if column.type is not ColumnType.DATE:
        values = [
            value if isinstance(value, int) and lowest <= value <= highest else None for value in values
        ]
    return pa.array(values, column.type.arrow).take(encoded.indices)


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _decoded(value) if isinstance(value, bytes) else value
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    text = _decoded(value) if isinstance(value, bytes) else value
    return int(text) if isinstance(text, str) and _WHOLE_NUMBER.fullmatch(text) else None


def _range(column: Column) -> tuple[int, int]:
    lowest, highest = _RANGES.get(column.type, (0, 0))
    return (
        lowest if column.lowest is None else column.lowest,
        highest if column.highest is None else column.highest,
    )


def _form(column: Column) -> str:
    if column.type is ColumnType.DATE:
        return "a date written YYYY-MM-DD"
    if column.type is ColumnType.TEXT:
        return "text in UTF-8"
    lowest, highest = _range(column)
    return f"a whole number from {lowest} to {highest}"


def _text_faults(column: Column, values: pa.Array) -> Iterator[tuple[pa.Array, str]]:
    if column.allowed is not None:
        allowed = pc.is_in(values, value_set=pa.array(column.allowed, pa.string()))
        yield pc.and_(pc.is_valid(values), pc.invert(allowed)), f"one of {', '.join(column.allowed)}"
    if column.longest is not None:
        yield pc.greater(pc.utf8_length(values), column.longest), f"at most {column.longest} characters"
    if column.pattern is not None:
        matched = pc.match_substring_regex(values, f"^(?:{column.pattern.expression})$")
        yield pc.invert(matched), column.pattern.words


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)
    return text[:_LONGEST_SHOWN]
