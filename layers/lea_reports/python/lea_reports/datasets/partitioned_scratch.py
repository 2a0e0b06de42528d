"""Cutting a stream of rows into groups on disk, so that memory holds one group at a time."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

_GROUPS = 64
_ROWS_AT_ONCE = 50_000  # rows grouped at once: thousands of tiny batches would cost more than the rows


class PartitionedScratch:
    """Rows set aside in 64 groups; all rows with the same value of one column stand in the same group.

    Rows are appended in any order and come back group by group, each as one table, in the order they were
    appended. The files live below `folder`, which the caller removes.
    """

    def __init__(self, folder: Path, schema: pa.Schema, column: str) -> None:
        folder.mkdir()
        self._folder = folder
        self._schema = schema
        self._column = column
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._writers: dict[int, ipc.RecordBatchStreamWriter] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def append(self, rows: pa.Table) -> None:
        """Add rows."""
        self._waiting.append(rows)
        self._waiting_rows += len(rows)
        if self._waiting_rows >= _ROWS_AT_ONCE:
            self._flush()

    def groups(self) -> Iterator[pa.Table]:
        """Return the groups that hold rows, one at a time; nothing can be appended afterwards."""
        for _, table in self.numbered_groups():
            yield table

    def numbered_groups(self) -> Iterator[tuple[int, pa.Table]]:
        """Return the groups with their numbers, which are the same in every spool for the same values."""
        self._finish()
        for number in sorted(self._writers):
            table = self.group(number)
            self._path(number).unlink()
            yield number, table

    def group(self, number: int) -> pa.Table:
        """Return a group, which can be read again; nothing can be appended afterwards."""
        self._finish()
        if number not in self._writers:
            return self._schema.empty_table()
        with pa.OSFile(str(self._path(number))) as source, ipc.open_stream(source) as reader:
            return reader.read_all()

    def _finish(self) -> None:
        self._flush()
        self._closing.close()

    def _flush(self) -> None:
        rows = pa.concat_tables([self._schema.empty_table(), *self._waiting]).combine_chunks()
        self._waiting.clear()
        self._waiting_rows = 0
        if not len(rows):
            return
        encoded = rows[self._column].combine_chunks().dictionary_encode()
        groups = [crc32(value.encode()) % _GROUPS for value in encoded.dictionary.to_pylist()]
        group_of_row = pa.array(groups, pa.int8()).take(encoded.indices)
        ordered = rows.take(pc.sort_indices(group_of_row))
        counts = {item["values"]: item["counts"] for item in pc.value_counts(group_of_row).to_pylist()}
        first = 0
        for group in sorted(counts):
            self._writer(group).write_table(ordered.slice(first, counts[group]))
            first += counts[group]

    def _writer(self, group: int) -> ipc.RecordBatchStreamWriter:
        if group not in self._writers:
            sink = self._closing.enter_context(pa.OSFile(str(self._path(group)), "wb"))
            # Not compressed: most feeds are small, and then compressing costs more than all the rest.
            self._writers[group] = self._closing.enter_context(ipc.new_stream(sink, self._schema))
        return self._writers[group]

    def _path(self, group: int) -> Path:
        return self._folder / f"{group:02d}.arrow"


def by_value(table: pa.Table, column: str) -> Iterator[tuple[str, pa.Table]]:
    """Cut a table into one table for each value of a column, which is returned as text.

    Row order within is kept.
    """
    indices = pc.sort_indices(table, sort_keys=[(column, "ascending")])
    ordered = table.take(indices).combine_chunks()
    counts = sorted((item["values"], item["counts"]) for item in pc.value_counts(ordered[column]).to_pylist())
    first = 0
    for value, number in counts:
        yield str(value), ordered.slice(first, number)
        first += number
