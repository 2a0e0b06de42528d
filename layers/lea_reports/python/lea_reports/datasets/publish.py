"""Writing a snapshot and making it current."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED
from lea_reports.datasets.dataset import Dataset, Feed
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import from_parquet, to_parquet
from lea_reports.datasets.partitioned_scratch import PartitionedScratch, by_value
from lea_reports.datasets.roster import Roster, newest_roster
from lea_reports.datasets.snapshots import (
    Partition,
    Pointer,
    partition_key,
    partitions,
    snapshot_prefix,
    switch_pointer,
    whole_key,
)
from lea_reports.errors import Conflict, LeaReportsError
from lea_reports.storage.objects import ObjectStore

_ENROLLED_LEA = "enrolled_lea"


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that became current."""

    snapshot: str


@dataclass(frozen=True, slots=True)
class Located:
    """How many students with scores of a year there are, and how many of them are in no roster that decides."""

    year: AdministrationYear
    students: int
    unknown: int


class Publication:
    """One new snapshot of a dataset, with what is derived from it, on its way to becoming current.

    Nothing that is current changes before `switch`; a publication that never gets there leaves only objects
    that no pointer names, and `discard` removes them.
    """

    def __init__(
        self,
        objects: ObjectStore,
        before: Pointer,
        feed: Feed,
        new_id: Callable[[], str],
        scratch: Path,
        roster: Roster | None = None,
    ) -> None:
        self._objects = objects
        self._before = before
        self._feed = feed
        self._scratch = scratch
        self._roster = roster
        self._snapshots = {feed.name: new_id()}
        self.decides_who_may_ask = feed in (STUDENTS, SCORES)
        """Whether it changes who may ask for whose SSRs: then `derive_by_enrolled` belongs to it."""
        if self.decides_who_may_ask:
            self._snapshots |= {
                derived.name: new_id() for derived in (SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED)
            }
        self._in_no_roster: dict[int, int] | None = None

    def write_whole(self, rows: pa.Table) -> None:
        """Write a dataset that is one file."""
        key = whole_key(self._feed.name, self._snapshots[self._feed.name])
        self._objects.put(key, to_parquet(_ordered(rows, self._feed)))

    def write_partition(self, year: int, lea: str, rows: pa.Table) -> None:
        """Write the rows of one year and LEA."""
        self._put(self._feed, year, lea, rows)

    def carry_over(self, years: set[int]) -> None:
        """Take the partitions of all years but `years` from the snapshot that is current."""
        old = self._before.snapshots.of(self._feed.name)
        if old is None:
            return
        new = self._snapshots[self._feed.name]
        for partition in partitions(self._objects, self._feed.name, old):
            if partition.year not in years:
                key = partition_key(self._feed.name, new, partition.year, partition.lea)
                self._objects.copy(partition.key, key)

    def derive_by_enrolled(self) -> list[Located]:
        """Write scores and students again, for every year with scores, by the LEA that may ask for the SSRs.

        There is one enrollment of now: the newest roster of any year has the LEA of a student, for the results of all
        years. Whoever is in it nowhere stays with the LEA that the roster of the results' year has.
        """
        students, scores = self._partitions_by_year(STUDENTS), self._partitions_by_year(SCORES)
        self._in_no_roster = {}
        dates = dict(self._before.rosters)
        if self._roster is not None:
            dates[self._roster.year] = self._roster.as_of
        newest = newest_roster(students, dates)
        if newest is None:
            return []
        with PartitionedScratch(self._scratch / "enrolled-now", STUDENTS.schema, "ssid") as now:
            for partition in students[newest.year]:
                now.append(self._read(STUDENTS, partition))
            located = []
            for number in sorted(scores):
                year = AdministrationYear(number)
                scratch = self._scratch / f"enrolled-{year}"
                scratch.mkdir()
                of_year = students.get(year, []) if year != newest.year else []
                found, unknown = self._derive_year(year, now, of_year, scores[year], scratch)
                located.append(Located(year, found, unknown))
                self._in_no_roster[year] = unknown
            return located

    def switch(self, now: datetime) -> Published:
        """Make everything written current, at once.

        Raises `Conflict` if somebody else published since the publication began.
        """
        try:
            switch_pointer(
                self._objects, self._before, self._snapshots, now, self._roster, self._in_no_roster
            )
        except Conflict:
            self.discard()
            raise
        return Published(self._snapshots[self._feed.name])

    def discard(self) -> None:
        """Remove what was written, as far as the store lets us; call it only before `switch`."""
        try:
            for name, snapshot in self._snapshots.items():
                self._objects.delete(snapshot_prefix(name, snapshot))
        except LeaReportsError:
            # What stays is in no pointer, so nobody reads it.
            return

    def _derive_year(
        self,
        year: int,
        now: PartitionedScratch,
        students: list[Partition],
        scores: list[Partition],
        scratch: Path,
    ) -> tuple[int, int]:
        """Return how many students with scores there are, and how many of them are in no roster."""
        located_schema = SCORES.schema.append(pa.field(_ENROLLED_LEA, pa.string()))
        seen = unknown = 0
        with (
            PartitionedScratch(scratch / "students", STUDENTS.schema, "ssid") as of_year,
            PartitionedScratch(scratch / "scores", SCORES.schema, "ssid") as records,
            PartitionedScratch(scratch / "located-students", STUDENTS.schema, "lea") as located_students,
            PartitionedScratch(scratch / "located-scores", located_schema, _ENROLLED_LEA) as located_scores,
        ):
            for partition in students:
                of_year.append(self._read(STUDENTS, partition))
            for partition in scores:
                records.append(self._read(SCORES, partition))
            for number, rows in records.numbered_groups():
                tested = pc.unique(rows["ssid"])
                deciding = _deciding(tested, now.group(number), of_year.group(number))
                seen += len(tested)
                unknown += len(tested) - len(deciding)
                located_students.append(deciding)
                located_scores.append(_with_enrolled_lea(rows, deciding))
            for group in located_students.groups():
                for lea, part in by_value(group, "lea"):
                    self._put(STUDENTS_BY_ENROLLED, year, lea, part)
            for group in located_scores.groups():
                for lea, part in by_value(group, _ENROLLED_LEA):
                    self._put(SCORES_BY_ENROLLED, year, lea, part)
        return seen, unknown

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


def _deciding(tested: pa.Array, now: pa.Table, of_year: pa.Table) -> pa.Table:
    """Return the row that decides about each student who was tested: of the newest roster, or else of the year's."""
    now = now.filter(pc.is_in(now["ssid"], value_set=tested))
    of_year = of_year.filter(pc.is_in(of_year["ssid"], value_set=tested))
    left = pc.invert(pc.is_in(of_year["ssid"], value_set=now["ssid"].combine_chunks()))
    return pa.concat_tables([now, of_year.filter(left)])


def _with_enrolled_lea(records: pa.Table, students: pa.Table) -> pa.Table:
    """Add the LEA of enrollment; records of students enrolled nowhere are left out."""
    position = pc.index_in(records["ssid"], value_set=students["ssid"].combine_chunks())
    rows = records.append_column(_ENROLLED_LEA, students["lea"].take(position))
    return rows.filter(pc.is_valid(rows[_ENROLLED_LEA]))


def _ordered(rows: pa.Table, dataset: Dataset) -> pa.Table:
    """Return the columns of the dataset, plain strings, in the order of its key."""
    return rows.select(list(dataset.names)).sort_by([(name, "ascending") for name in dataset.key])
