"""The published data of one LEA: what a report may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.datasets.lake import Lake
    from lea_reports.datasets.snapshots import Snapshots
    from lea_reports.organizations import CdsCode, LeaDirectory


@dataclass(frozen=True, slots=True)
class LeaData:
    """The snapshots that a job was pinned to, as far as they are its LEA's: nothing of another LEA can be read here."""

    lake: Lake
    snapshots: Snapshots
    lea: CdsCode

    @property
    def directory(self) -> LeaDirectory:
        """The LEA and its schools."""
        return self.lake.directory(self.snapshots, self.lea)
