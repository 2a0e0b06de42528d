"""The columns of a table as lists of Python values."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

T = TypeVar("T")


class Columns:
    """The columns of a table, read by what they hold; a column that the table does not have is all null.

    Every distinct value becomes one Python object, however often it stands in the column.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._names = frozenset(table.column_names)

    def __len__(self) -> int:
        return len(self._table)

    def texts(self, name: str) -> list[str]:
        """Return texts without spaces at their ends; null is empty, as in `row_values`."""
        return self._list(name, lambda value: str(value).strip(), "")

    def integers(self, name: str) -> list[int | None]:
        """Return whole numbers."""
        return self._list(name, lambda value: value if isinstance(value, int) else None, None)

    def dates(self, name: str) -> list[date | None]:
        """Return dates."""
        return self._list(name, lambda value: value if isinstance(value, date) else None, None)

    def rows(self) -> list[dict[str, object]]:
        """Return the rows, by column name."""
        names = self._table.column_names
        columns = (self._list(name, lambda value: value, None) for name in names)
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def _list(self, name: str, shown: Callable[[object], T], null: T) -> list[T]:
        if name not in self._names:
            return [null] * len(self._table)
        chunks = self._table[name].chunks
        return list(chain.from_iterable(_values(chunk, shown, null) for chunk in chunks))


def _values(array: pa.Array, shown: Callable[[object], T], null: T) -> Iterable[T]:
    if not len(array):
        return ()
    encoded = array if hasattr(array, "dictionary") else array.dictionary_encode()
    distinct = [*map(shown, encoded.dictionary.to_pylist()), null]
    indices = encoded.indices.fill_null(len(distinct) - 1)
    positions = memoryview(indices.buffers()[1]).cast("i")[indices.offset : indices.offset + len(indices)]
    return map(distinct.__getitem__, positions.tolist())
