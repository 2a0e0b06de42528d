"""Reading the published datasets by key."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.parquet import from_parquet, narrow_schema
from lea_reports.datasets.schema import (
    ORGANIZATIONS,
    SCORES,
    SCORES_BY_ENROLLED,
    STUDENTS,
    STUDENTS_BY_ENROLLED,
    Dataset,
)
from lea_reports.datasets.snapshots import Snapshots, partition_key, read_pointer, whole_key
from lea_reports.errors import NotFound
from lea_reports.organizations import LeaDirectory
from lea_reports.storage.objects import ObjectStore


class Lake:
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

    def students(
        self, snapshots: Snapshots, year: int, lea: str, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return the students that the roster of a year has in an LEA, ordered by SSID."""
        return self._partition(STUDENTS, snapshots, year, lea, columns)

    def scores(
        self, snapshots: Snapshots, year: int, lea: str, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return the records tested by an LEA, ordered by SSID and record type."""
        return self._partition(SCORES, snapshots, year, lea, columns)

    def scores_by_enrolled(
        self, snapshots: Snapshots, year: int, lea: str, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return the records of the year of `students_by_enrolled`, wherever they were tested.

        Ordered by SSID and record type.
        """
        return self._partition(SCORES_BY_ENROLLED, snapshots, year, lea, columns)

    def students_by_enrolled(
        self, snapshots: Snapshots, year: int, lea: str, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return whose SSRs of a year an LEA may ask for, ordered by SSID.

        They are the students with records of that year whom the newest roster of any year has in the LEA, as that has
        them; and of those who are in it nowhere, the students whom the roster of that year has in the LEA.
        """
        if snapshots.students_by_enrolled is None:
            # What was pinned before there was this dataset goes with the students of its year.
            return self.students(snapshots, year, lea, columns)
        return self._partition(STUDENTS_BY_ENROLLED, snapshots, year, lea, columns)

    def organizations(self, snapshots: Snapshots) -> pa.Table:
        """Return every LEA and school, ordered by code; kept in memory until the snapshot changes."""
        snapshot = snapshots.organizations
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

    def _partition(
        self, dataset: Dataset, snapshots: Snapshots, year: int, lea: str, columns: Sequence[str] | None
    ) -> pa.Table:
        snapshot = snapshots.of(dataset.name)
        if snapshot is None:
            return narrow_schema(dataset, columns).empty_table()
        try:
            stored = self._objects.get(partition_key(dataset.name, snapshot, year, lea))
        except NotFound:
            return narrow_schema(dataset, columns).empty_table()
        return from_parquet(stored.content, dataset, columns)
