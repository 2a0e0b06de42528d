"""Tables as Parquet bytes and back."""

from collections.abc import Sequence

import pyarrow as pa
from pyarrow import parquet

from lea_reports.datasets.dataset import Dataset

_ROWS_AT_ONCE = 65_536


def to_parquet(table: pa.Table) -> bytes:
    """Write a table as one Parquet file."""
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def from_parquet(content: bytes, dataset: Dataset, columns: Sequence[str] | None = None) -> pa.Table:
    """Read some columns (all if None), typed as the schema says; one that is younger than the file is null."""
    names = list(columns) if columns is not None else list(dataset.names)
    schema = narrow_schema(dataset, names)
    file = parquet.ParquetFile(pa.BufferReader(content))
    stored = set(file.schema_arrow.names)
    there = [name for name in names if name in stored]
    # Read at once, a table takes four times its size meanwhile.
    batches = list(file.iter_batches(_ROWS_AT_ONCE, columns=there, use_threads=False))
    if not batches:
        return schema.empty_table()
    table = pa.Table.from_batches(batches)
    for name in names:
        if name not in stored:
            table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
    return table.select(names).cast(schema)


def row_count(content: bytes) -> int:
    """Return how many rows a Parquet file has."""
    return int(parquet.read_metadata(pa.BufferReader(content)).num_rows)


def narrow_schema(dataset: Dataset, columns: Sequence[str] | None) -> pa.Schema:
    """Return the schema of some columns of a dataset (all if None), in the order given."""
    schema = dataset.schema
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])
