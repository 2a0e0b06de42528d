"""Which types a column may have in Parquet; a type that would lose or invent something is refused."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from lea_reports.datasets.columns import Column, ColumnType
from lea_reports.datasets.dataset import Dataset
from lea_reports.errors import Invalid

_Kind = Callable[[pa.DataType], bool]


def is_text(data_type: pa.DataType) -> bool:
    """Tell whether values are texts, as characters or as bytes."""
    return any(
        kind(data_type)
        for kind in (
            types.is_string,
            types.is_large_string,
            types.is_string_view,
            types.is_binary,
            types.is_large_binary,
            types.is_binary_view,
            types.is_fixed_size_binary,
        )
    )


_READ: dict[ColumnType, tuple[_Kind, ...]] = {
    # A number has lost its leading zeros already.
    ColumnType.TEXT: (is_text,),
    ColumnType.DATE: (is_text, types.is_date, types.is_timestamp),
    ColumnType.INT8: (is_text, types.is_integer, types.is_floating, types.is_decimal),
    ColumnType.INT16: (is_text, types.is_integer, types.is_floating, types.is_decimal),
}
_WANTED = {
    ColumnType.TEXT: "text",
    ColumnType.DATE: "dates",
    ColumnType.INT8: "numbers",
    ColumnType.INT16: "numbers",
}
_WORDS: tuple[tuple[_Kind, str], ...] = (
    (is_text, "text"),
    (types.is_boolean, "true and false"),
    (types.is_integer, "numbers"),
    (types.is_floating, "numbers"),
    (types.is_decimal, "numbers"),
    (types.is_date, "dates"),
    (types.is_timestamp, "dates with a time of day"),
    (types.is_time, "times of day"),
    (types.is_duration, "durations"),
    (types.is_struct, "records (structs)"),
    (types.is_map, "maps"),
    (types.is_nested, "lists"),
)


def usable(path: Path, dataset: Dataset, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose columns have types that are read.

    A column of another type is blank if it holds no value, which is how some programs write an empty column.
    Raises `Invalid` if it holds one.
    """
    for column in dataset.columns:
        position = batch.schema.get_field_index(column.name)
        if position < 0:
            continue
        values = batch.column(position)
        if types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if not types.is_null(values.type) and not any(kind(values.type) for kind in _READ[column.type]):
            if not _is_empty(values):
                raise Invalid(_refusal(path, column, values.type))
            values = pa.nulls(len(values))
        batch = batch.set_column(position, column.name, values)
    return batch


def _is_empty(values: pa.Array) -> bool:
    if types.is_floating(values.type):
        return bool(pc.all(pc.is_null(values, nan_is_null=True)).as_py())
    return bool(values.null_count == len(values))


def _refusal(path: Path, column: Column, data_type: pa.DataType) -> str:
    found = next((words for kind, words in _WORDS if kind(data_type)), "values of another type")
    why = " (leading zeros are lost)" if column.type is ColumnType.TEXT and found == "numbers" else ""
    return (
        f"The column {column.name} of {path.name} holds {found} ({data_type}), where {_WANTED[column.type]} "
        f"{'is' if column.type is ColumnType.TEXT else 'are'} wanted{why}."
    )
