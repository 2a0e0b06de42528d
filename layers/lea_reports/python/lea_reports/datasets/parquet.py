"""Tables as Parquet bytes and back."""

from collections.abc import Sequence

import pyarrow as pa
from pyarrow import parquet

from lea_reports.datasets.schema import Dataset

_ROWS_AT_ONCE = 65_536


def to_parquet(table: pa.Table) -> bytes:
    """Write a table as one Parquet file."""
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def from_parquet(content: bytes, dataset: Dataset, columns: Sequence[str] | None = None) -> pa.Table:
    """Read some columns (all if None), typed as the dataset's schema says."""
    names = list(columns) if columns is not None else list(dataset.names)
    schema = narrow_schema(dataset, names)
    file = parquet.ParquetFile(pa.BufferReader(content))
    # Read at once, a table takes four times its size meanwhile.
    batches = list(file.iter_batches(_ROWS_AT_ONCE, columns=names, use_threads=False))
    return pa.Table.from_batches(batches).select(names).cast(schema) if batches else schema.empty_table()


def narrow_schema(dataset: Dataset, columns: Sequence[str] | None) -> pa.Schema:
    """Return the schema of some columns of a dataset (all if None), in the order given."""
    schema = dataset.schema
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])
