"""Reading what arrives: CSV and Parquet files as batches of raw rows with their line numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from itertools import count, islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from lea_reports.datasets.schema import Dataset
from lea_reports.errors import Invalid

_BLOCK = 8 << 20  # bytes of CSV parsed at once: some ten thousand rows
_ROWS = 50_000  # rows of Parquet read at once
_PARQUET_MAGIC = b"PAR1"
_FIRST_DATA_LINE = 2


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Some consecutive rows as they came.

    `lines` counts records, the header being line 1 (in Parquet, which has none, the first row is line 2 as
    well, so that both forms of a feed report the same lines). `torn` are lines that could not be cut into
    the right number of columns, with their text. `consumed` is the number of bytes of the file read so far.
    """

    rows: pa.RecordBatch
    lines: pa.Int64Array
    torn: tuple[tuple[int, str], ...]
    consumed: int


def read_feed(path: Path, dataset: Dataset) -> Iterator[RawBatch]:
    """Read a file in batches; memory does not grow with its size.

    Raises `Invalid` if it is neither CSV nor Parquet or its columns are not those of the dataset.
    """
    with path.open("rb") as file:
        is_parquet = file.read(len(_PARQUET_MAGIC)) == _PARQUET_MAGIC
    try:
        yield from _read_parquet(path, dataset) if is_parquet else _read_csv(path, dataset)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(f"{path.name} is neither a CSV nor a Parquet file that can be read: {error}") from error


def _read_parquet(path: Path, dataset: Dataset) -> Iterator[RawBatch]:
    # Memory-mapped pages belong to the system's cache, so a large row group is not held here.
    with parquet.ParquetFile(path, memory_map=True) as file:
        _check_columns(path, dataset, file.schema_arrow.names)
        size, total, first = path.stat().st_size, max(file.metadata.num_rows, 1), 0
        for batch in file.iter_batches(_ROWS, use_threads=False):
            lines = pa.array(
                range(first + _FIRST_DATA_LINE, first + _FIRST_DATA_LINE + len(batch)), pa.int64()
            )
            first += len(batch)
            yield RawBatch(batch, lines, (), size * first // total)


def _read_csv(path: Path, dataset: Dataset) -> Iterator[RawBatch]:
    torn: list[tuple[int, str]] = []

    def tear(row: csv.InvalidRow) -> str:
        torn.append((row.number, row.text))
        return "skip"

    with path.open("rb") as plain:
        _check_columns(path, dataset, _csv_header(plain))
        file = _Counted(plain)
        reader = csv.open_csv(
            pa.PythonFile(file, mode="r"),
            # With threads the reader does not tell the numbers of torn lines.
            read_options=csv.ReadOptions(block_size=_BLOCK, use_threads=False),
            parse_options=csv.ParseOptions(invalid_row_handler=tear, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                # Bytes, because one row that is not UTF-8 must not stop the file.
                column_types=dict.fromkeys(dataset.names, pa.binary()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        position, told = count(_FIRST_DATA_LINE), 0
        skipped: set[int] = set()
        for batch in reader:
            skipped.update(number for number, _ in torn[told:])
            lines = pa.array(
                islice((line for line in position if line not in skipped), len(batch)), pa.int64()
            )
            new, told = tuple(torn[told:]), len(torn)
            yield RawBatch(*_without_blank(batch, lines), new, file.consumed)
        if torn[told:]:
            empty = pa.RecordBatch.from_pylist([], schema=reader.schema)
            yield RawBatch(empty, pa.array([], pa.int64()), tuple(torn[told:]), file.consumed)


def _csv_header(file: BinaryIO) -> list[str]:
    header = csv.read_csv(
        pa.BufferReader(file.readline()),
        convert_options=csv.ConvertOptions(strings_can_be_null=True),
    ).column_names
    file.seek(0)
    return list(header)


def _without_blank(batch: pa.RecordBatch, lines: pa.Int64Array) -> tuple[pa.RecordBatch, pa.Int64Array]:
    """Leave out empty lines, such as one at the end of the file."""
    filled = pc.is_valid(batch.column(0))
    if batch.column(0).null_count == 0:
        return batch, lines
    for column in batch.columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return batch.filter(filled), lines.filter(filled)


def _check_columns(path: Path, dataset: Dataset, names: list[str]) -> None:
    known = set(dataset.names)
    twice = sorted({name for name in names if names.count(name) > 1})
    unknown = sorted(set(names) - known)
    missing = [column.name for column in dataset.columns if column.required and column.name not in names]
    missing += [name for name in dataset.key if name not in names and name not in missing]
    faults = [
        f"{words} {', '.join(columns)}"
        for words, columns in (("lacks", missing), ("has unknown", unknown), ("repeats", twice))
        if columns
    ]
    if faults:
        raise Invalid(f"{path.name} does not have the columns of {dataset.name}: it {'; it '.join(faults)}.")


class _Counted(RawIOBase):
    """A file that counts what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.consumed = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.consumed += len(content)
        return content
