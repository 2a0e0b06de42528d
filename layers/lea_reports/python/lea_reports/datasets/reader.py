"""Reading the published datasets by key."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.dataset import Dataset
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.parquet import from_parquet, narrow_schema
from lea_reports.datasets.snapshots import Snapshots, partition_key, read_pointer, whole_key
from lea_reports.errors import NotFound
from lea_reports.organizations import LeaDirectory
from lea_reports.storage.objects import ObjectStore


class DatasetReader:
    """The published datasets of a bucket.

    Read `pinned()` once and pass it to every read of the same piece of work: an ingest may publish in
    between, and old snapshots stay readable. Strings are plain strings; a partition that does not exist
    is an empty table with all its columns.
    """

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._organizations: tuple[str, pa.Table] | None = None

    def pinned(self) -> Snapshots:
        """Return the snapshots that are current now."""
        return read_pointer(self._objects).snapshots

    def rows(
        self,
        dataset: Dataset,
        snapshots: Snapshots,
        year: int,
        lea: str,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Return the rows of one administration year and LEA, in the order of the dataset's key."""
        snapshot = snapshots.of(dataset.name)
        if snapshot is None:
            return narrow_schema(dataset, columns).empty_table()
        try:
            stored = self._objects.get(partition_key(dataset.name, snapshot, year, lea))
        except NotFound:
            return narrow_schema(dataset, columns).empty_table()
        return from_parquet(stored.content, dataset, columns)

    def organizations(self, snapshots: Snapshots) -> pa.Table:
        """Return every LEA and school, ordered by code; kept in memory until the snapshot changes."""
        snapshot = snapshots.of(ORGANIZATIONS.name)
        if snapshot is None:
            return ORGANIZATIONS.schema.empty_table()
        if self._organizations is None or self._organizations[0] != snapshot:
            stored = self._objects.get(whole_key(ORGANIZATIONS.name, snapshot))
            self._organizations = (snapshot, from_parquet(stored.content, ORGANIZATIONS))
        return self._organizations[1]

    def directory(self, snapshots: Snapshots, lea: str) -> LeaDirectory:
        """Return an LEA with its schools. Raises `NotFound` for a code that names no LEA."""
        table = self.organizations(snapshots)
        return LeaDirectory.from_rows(lea, table.filter(pc.equal(table["lea"], lea)).to_pylist())

    def name_of(self, snapshots: Snapshots, code: str) -> str | None:
        """Return the name of an LEA or a school by its code, wherever it belongs; None if no organization has it."""
        table = self.organizations(snapshots)
        position = pc.index(table["cds_code"], code).as_py()
        return None if position < 0 else str(table["name"][position])
