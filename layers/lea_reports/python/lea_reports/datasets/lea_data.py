"""The published data of one LEA: what a report may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.students import FEED as STUDENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.datasets.roster import Roster
    from lea_reports.datasets.snapshots import Snapshots
    from lea_reports.organizations import LeaDirectory


@dataclass(frozen=True, slots=True)
class LeaData:
    """The snapshots that a job was pinned to, as far as they are its LEA's: nothing of another LEA can be read here."""

    reader: DatasetReader
    snapshots: Snapshots
    lea: str

    @property
    def directory(self) -> LeaDirectory:
        """The LEA and its schools."""
        return self.reader.directory(self.snapshots, self.lea)

    @property
    def roster(self) -> Roster | None:
        """The roster that says who is enrolled where now; None if there is none."""
        return self.snapshots.roster

    def rows(self, feed: str, year: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the LEA's rows of a feed, by its name, in an administration year.

        By name, because whoever only tells of reports must not load what reads them.
        """
        return self.reader.rows(FEEDS[feed], self.snapshots, year, self.lea, columns)

    def enrolled(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the students who are enrolled in the LEA now, ordered by SSID.

        Source: docs/domain.md#enrolled-and-tested.
        """
        if self.roster is None:
            return STUDENTS.schema.empty_table().select(list(columns or STUDENTS.names))
        return self.rows(STUDENTS.name, self.roster.year, columns)

    def school_name(self, code: str) -> str:
        """Return the name of a school, which may have gone to another LEA since data said it is of this one."""
        return self.reader.name_of(self.snapshots, code) or code
