"""Writing rows of a feed into its files."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
from pyarrow import csv, parquet

from lea_reports.datasets.dataset import Dataset
from lea_reports.organizations import Lea, School

_ROWS_AT_ONCE = 20_000


def organization_row(organization: Lea | School) -> dict[str, object]:
    """Return the row of the `organizations` dataset."""
    window = organization.window
    return {
        "cds_code": organization.cds_code,
        "kind": organization.kind.value,
        "lea": organization.lea,
        "name": organization.name,
        "county_name": organization.county_name,
        "window_start": window.start if window else None,
        "window_end": window.end if window else None,
    }


class FeedWriter:
    """Writes rows of a dataset as Parquet, and as CSV if asked, some thousands at a time."""

    def __init__(self, folder: Path, dataset: Dataset, *, as_csv: bool = False) -> None:
        self._schema = dataset.schema
        self._waiting: list[Mapping[str, object]] = []
        self._parquet = parquet.ParquetWriter(
            folder / f"{dataset.name}.parquet", self._schema, compression="zstd"
        )
        self._csv = csv.CSVWriter(folder / f"{dataset.name}.csv", self._schema) if as_csv else None
        self.rows = 0
        """How many there are."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._parquet.close()
        if self._csv is not None:
            self._csv.close()

    def add(self, row: Mapping[str, object]) -> None:
        """Write a row."""
        self.rows += 1
        self._waiting.append(row)
        if len(self._waiting) == _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        table = pa.Table.from_pylist(self._waiting, schema=self._schema)
        self._parquet.write_table(table)
        if self._csv is not None:
            self._csv.write_table(table)
        self._waiting.clear()
