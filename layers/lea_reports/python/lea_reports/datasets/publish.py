"""Writing a snapshot and making it current."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.object_store import ObjectStore
from lea_reports.datasets.parquet import from_parquet, to_parquet
from lea_reports.datasets.schema import SCORES, SCORES_BY_ENROLLED, STUDENTS, Dataset
from lea_reports.datasets.snapshots import (
    Partition,
    Pointer,
    partition_key,
    partitions,
    snapshot_prefix,
    switch_pointer,
    whole_key,
)
from lea_reports.datasets.spool import Spool, by_value
from lea_reports.errors import Conflict, LeaReportsError

_ENROLLED_LEA = "enrolled_lea"


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that became current."""

    snapshot: str
    partitions: int


class Publication:
    """One new snapshot of a dataset, with what is derived from it, on its way to becoming current.

    Nothing that is current changes before `switch`; a publication that never gets there leaves only objects
    that no pointer names, and `discard` removes them.
    """

    def __init__(
        self,
        objects: ObjectStore,
        before: Pointer,
        dataset: Dataset,
        new_id: Callable[[], str],
        scratch: Path,
    ) -> None:
        self._objects = objects
        self._before = before
        self._dataset = dataset
        self._scratch = scratch
        self._snapshots = {dataset.name: new_id()}
        if dataset in (STUDENTS, SCORES):
            self._snapshots[SCORES_BY_ENROLLED.name] = new_id()
        self._written = 0

    def write_whole(self, rows: pa.Table) -> None:
        """Write a dataset that is one file."""
        key = whole_key(self._dataset.name, self._snapshots[self._dataset.name])
        self._objects.put(key, to_parquet(_ordered(rows, self._dataset)))
        self._written += 1

    def write_partition(self, year: int, lea: str, rows: pa.Table) -> None:
        """Write the rows of one year and LEA."""
        self._put(self._dataset, year, lea, rows)
        self._written += 1

    def carry_over(self, years: set[int]) -> None:
        """Take the partitions of all years but `years` from the snapshot that is current."""
        old = self._before.snapshots.of(self._dataset.name)
        if old is None:
            return
        new = self._snapshots[self._dataset.name]
        for partition in partitions(self._objects, self._dataset.name, old):
            if partition.year not in years:
                key = partition_key(self._dataset.name, new, partition.year, partition.lea)
                self._objects.copy(partition.key, key)

    def derive_scores_by_enrolled(self) -> None:
        """Write the scores again by the LEA where the student is enrolled, for every year that has both.

        Enrollment and scores of one administration year belong together: who may see the results of a year
        is who enrolls the student in the roster of that year.
        """
        students, scores = self._partitions_by_year(STUDENTS), self._partitions_by_year(SCORES)
        for year in sorted(students.keys() & scores.keys()):
            scratch = self._scratch / f"enrolled-{year}"
            scratch.mkdir()
            self._derive_year(year, students[year], scores[year], scratch)

    def switch(self, now: datetime) -> Published:
        """Make everything written current, at once.

        Raises `Conflict` if somebody else published since the publication began.
        """
        try:
            switch_pointer(self._objects, self._before, self._snapshots, now)
        except Conflict:
            self.discard()
            raise
        return Published(self._snapshots[self._dataset.name], self._written)

    def discard(self) -> None:
        """Remove what was written, as far as the store lets us; call it only before `switch`."""
        try:
            for name, snapshot in self._snapshots.items():
                self._objects.delete(list(self._objects.keys(snapshot_prefix(name, snapshot))))
        except LeaReportsError:
            # What stays is in no pointer, so nobody reads it.
            return

    def _derive_year(
        self, year: int, students: list[Partition], scores: list[Partition], scratch: Path
    ) -> None:
        enrollment_schema = pa.schema([("ssid", pa.string()), (_ENROLLED_LEA, pa.string())])
        enrolled_schema = SCORES.schema.append(pa.field(_ENROLLED_LEA, pa.string()))
        with (
            Spool(scratch / "students", enrollment_schema, "ssid") as enrollment_spool,
            Spool(scratch / "scores", SCORES.schema, "ssid") as score_spool,
            Spool(scratch / "enrolled", enrolled_schema, _ENROLLED_LEA) as enrolled_spool,
        ):
            for partition in students:
                ssids = self._read(STUDENTS, partition, ["ssid"])
                leas = pa.repeat(pa.scalar(partition.lea), len(ssids))
                enrollment_spool.append(ssids.append_column(_ENROLLED_LEA, leas))
            for partition in scores:
                score_spool.append(self._read(SCORES, partition))
            for enrollment, records in _paired(enrollment_spool, score_spool):
                enrolled_spool.append(_with_enrolled_lea(records, enrollment))
            for group in enrolled_spool.groups():
                for lea, rows in by_value(group, _ENROLLED_LEA):
                    self._put(SCORES_BY_ENROLLED, year, lea, rows)

    def _partitions_by_year(self, dataset: Dataset) -> dict[int, list[Partition]]:
        snapshot = self._snapshots.get(dataset.name) or self._before.snapshots.of(dataset.name)
        years: dict[int, list[Partition]] = {}
        if snapshot is not None:
            for partition in partitions(self._objects, dataset.name, snapshot):
                years.setdefault(partition.year, []).append(partition)
        return years

    def _read(self, dataset: Dataset, partition: Partition, columns: list[str] | None = None) -> pa.Table:
        return from_parquet(self._objects.get(partition.key).content, dataset, columns)

    def _put(self, dataset: Dataset, year: int, lea: str, rows: pa.Table) -> None:
        key = partition_key(dataset.name, self._snapshots[dataset.name], year, lea)
        self._objects.put(key, to_parquet(_ordered(rows, dataset)))


def _paired(enrollment: Spool, records: Spool) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Return the groups that hold both students and records of the same SSIDs."""
    students = enrollment.numbered_groups()
    waiting = next(students, None)
    for number, rows in records.numbered_groups():
        while waiting is not None and waiting[0] < number:
            waiting = next(students, None)
        if waiting is not None and waiting[0] == number:
            yield waiting[1], rows


def _with_enrolled_lea(records: pa.Table, enrollment: pa.Table) -> pa.Table:
    """Add the LEA of enrollment; records of students enrolled nowhere are left out."""
    position = pc.index_in(records["ssid"], value_set=enrollment["ssid"].combine_chunks())
    leas = enrollment[_ENROLLED_LEA].take(position)
    rows = records.append_column(_ENROLLED_LEA, leas)
    return rows.filter(pc.is_valid(rows[_ENROLLED_LEA]))


def _ordered(rows: pa.Table, dataset: Dataset) -> pa.Table:
    """Return the columns of the dataset, plain strings, in the order of its key."""
    return rows.select(list(dataset.names)).sort_by([(name, "ascending") for name in dataset.key])
