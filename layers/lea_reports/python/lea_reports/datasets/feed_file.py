"""Reading what arrives: CSV and Parquet files as batches of raw rows with their line numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from lea_reports.datasets.column_names import check_columns, names_in
from lea_reports.datasets.column_types import is_text, usable
from lea_reports.datasets.csv_records import LONGEST_LINE, LineTooLong, Records, Torn, records
from lea_reports.datasets.dataset import Dataset
from lea_reports.datasets.unpacking import MOST_UNPACKED, OpenFeed, open_feed
from lea_reports.errors import Invalid

_ROWS = 50_000  # rows of Parquet read at once
_FIRST_DATA_LINE = 2
_MARK = b"\xef\xbb\xbf"  # some programs begin text in UTF-8 with it
_LONGEST_VALUE = 4 << 10  # bytes; a dictionary of Parquet may repeat a huge one for every row
# What Arrow raises for a file that is damaged; its words are about its own insides.
_DAMAGED = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError)


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Some consecutive rows as they came.

    `lines` are those that an editor shows, the header being line 1 (in Parquet, which has none, the first row
    is line 2 as well, so that both forms of a feed report the same lines). `torn` are records that could not
    be cut into the right number of columns. `consumed` is the number of bytes of the file read so far.
    """

    rows: pa.RecordBatch
    lines: pa.Int64Array
    torn: tuple[Torn, ...]
    consumed: int


def read_feed(path: Path, dataset: Dataset) -> Iterator[RawBatch]:
    """Read a file, packed with gzip or zip or not, in batches; memory does not grow with its size.

    Raises `Invalid`, with a sentence that says what the file seems to be, if it is neither CSV nor Parquet or
    its columns are not those of the dataset.
    """
    with open_feed(path) as feed:
        batches = _read_parquet if feed.is_parquet else _read_csv
        yield from batches(path, feed, dataset)


def _read_parquet(path: Path, feed: OpenFeed, dataset: Dataset) -> Iterator[RawBatch]:
    damaged = Invalid(
        f"{path.name} begins as a Parquet file and cannot be read: it is cut off, or bytes of it changed on "
        "the way. Write and send it again."
    )
    source = path if feed.is_as_it_came else feed.file
    try:
        with parquet.ParquetFile(source, memory_map=True) as file:
            schema, rows, size = file.schema_arrow, file.metadata.num_rows, _unpacked_size(file.metadata)
        check_columns(path, dataset, schema.names)
        if size > MOST_UNPACKED:
            raise Invalid(f"{path.name} holds more than {MOST_UNPACKED >> 20:,} MiB, which no feed does.")
        # Memory-mapped pages belong to the system's cache, so a large row group is not held here; and of a
        # dictionary, a value that stands in every row is held once.
        texts = [field.name for field in schema if is_text(_value_type(field.type))]
        file = parquet.ParquetFile(source, memory_map=True, read_dictionary=texts)
    except _DAMAGED as error:
        raise damaged from error
    with file:
        first = 0
        batches = file.iter_batches(_ROWS, columns=schema.names, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    break
                batch.validate()
            except _DAMAGED as error:
                raise damaged from error
            if not all(_points_to_values(column) for column in batch.columns):
                raise damaged
            numbers = range(first + _FIRST_DATA_LINE, first + _FIRST_DATA_LINE + len(batch))
            first += len(batch)
            yield RawBatch(
                usable(path, dataset, _shortened(batch)),
                pa.array(numbers, pa.int64()),
                (),
                feed.consumed(feed.size * first // max(rows, 1)),
            )
        if first != rows:
            raise damaged


def _value_type(data_type: pa.DataType) -> pa.DataType:
    return data_type.value_type if pa.types.is_dictionary(data_type) else data_type


def _unpacked_size(metadata: parquet.FileMetaData) -> int:
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))


def _points_to_values(column: pa.Array) -> bool:
    """Tell whether what stands for values of a dictionary does so; Arrow does not look when it reads."""
    if not pa.types.is_dictionary(column.type) or column.null_count == len(column):
        return True
    ends = pc.min_max(column.indices).as_py()
    return bool(ends["min"] >= 0 and ends["max"] < len(column.dictionary))


def _shortened(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Cut huge values, which no column allows, before they are repeated for every row."""
    for position, column in enumerate(batch.columns):
        if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
            continue
        values = column.dictionary.cast(pa.binary())
        if pc.max(pc.binary_length(values)).as_py() > _LONGEST_VALUE:
            values = pa.array([value[:_LONGEST_VALUE] for value in values.to_pylist()], pa.binary())
            shorter = pa.DictionaryArray.from_arrays(column.indices, values)
            batch = batch.set_column(position, batch.schema.names[position], shorter)
    return batch


def _read_csv(path: Path, feed: OpenFeed, dataset: Dataset) -> Iterator[RawBatch]:
    if feed.file.read(len(_MARK)) != _MARK:
        feed.file.seek(0)
    try:
        names = names_in(path, dataset, feed.file.readline(LONGEST_LINE + 1))
        check_columns(path, dataset, names)
        for part in records(feed.file, len(names), _FIRST_DATA_LINE):
            rows, lines = _without_blank(_parsed(part, names), pa.array(part.lines, pa.int64()))
            yield RawBatch(rows, lines, part.torn, feed.consumed(part.position))
    except LineTooLong as error:
        raise Invalid(
            f"Line {error.line:,} of {path.name} has more than {LONGEST_LINE:,} bytes, which no row of "
            f"{dataset.name} has; wanted is one line for each row."
        ) from error


def _parsed(part: Records, names: list[str]) -> pa.RecordBatch:
    # Bytes, because one row that is not UTF-8 must not stop the file.
    schema = pa.schema([(name, pa.binary()) for name in names])
    if not part.text:
        return pa.RecordBatch.from_pylist([], schema=schema)
    table = csv.read_csv(
        pa.BufferReader(part.text),
        read_options=csv.ReadOptions(
            block_size=len(part.text) + 1, use_threads=False, column_names=schema.names
        ),
        parse_options=csv.ParseOptions(ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""]),
    )
    (batch,) = table.to_batches()  # one block
    return batch


def _without_blank(batch: pa.RecordBatch, lines: pa.Int64Array) -> tuple[pa.RecordBatch, pa.Int64Array]:
    """Leave out empty lines, such as one at the end of the file."""
    filled = pc.is_valid(batch.column(0))
    if batch.column(0).null_count == 0:
        return batch, lines
    for column in batch.columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return batch.filter(filled), lines.filter(filled)
