"""The intermediate files of a job: the roster of each chunk, and the fragment that the chunk became."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from lea_reports.archive.listing import Included, NotIncluded
from lea_reports.archive.zip_format import ZipEntry
from lea_reports.assessments import Assessment
from lea_reports.datasets.parquet import to_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.storage import Storage
    from lea_reports.reports.student_score_reports import RosterEntry


@dataclass(frozen=True, slots=True)
class SsrOrder:
    """One SSR to make, with everything that it shows: the student's row and their score rows."""

    ssid: str
    school: str
    grade: str
    assessment: Assessment
    language: str
    student: Mapping[str, Any]
    scores: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class FragmentIndex:
    """What a chunk's fragment holds: its size, its files, and the rows for the archive's lists."""

    size: int
    entries: tuple[ZipEntry, ...]
    included: tuple[Included, ...]
    not_included: tuple[NotIncluded, ...]


class WorkArea:
    """The intermediate files of one job; writing one again gives the same bytes."""

    def __init__(self, storage: Storage, job: Job) -> None:
        self._storage = storage
        self._folder = f"work/{job.folder}"

    def fragment_key(self, chunk: int) -> str:
        """Return the key of a chunk's fragment."""
        return f"{self._folder}/fragment-{chunk:06d}"

    def write_roster(
        self, chunk: int, entries: Sequence[RosterEntry], students: pa.Table, scores: pa.Table
    ) -> None:
        """Store the SSRs that a chunk is to make; the tables hold the rows that the entries point to."""
        scores_at = [position for entry in entries for position in entry.scores_at]
        ends = list(accumulate((len(entry.scores_at) for entry in entries), initial=0))
        table = pa.table(
            {
                "ssid": [entry.ssid for entry in entries],
                "school": [entry.school for entry in entries],
                "grade": [entry.grade for entry in entries],
                "assessment": [str(entry.assessment) for entry in entries],
                "language": [entry.language for entry in entries],
                "student": _structs(students, [entry.student_at for entry in entries]),
                "scores": pa.ListArray.from_arrays(pa.array(ends, pa.int32()), _structs(scores, scores_at)),
            }
        )
        self._storage.put(self._roster_key(chunk), to_parquet(table))

    def roster(self, chunk: int) -> list[SsrOrder]:
        """Read what `write_roster` stored."""
        table = pq.read_table(pa.BufferReader(self._storage.get(self._roster_key(chunk))), use_threads=False)
        return [
            SsrOrder(
                ssid=row["ssid"],
                school=row["school"],
                grade=row["grade"],
                assessment=Assessment(row["assessment"]),
                language=row["language"],
                student=row["student"],
                scores=tuple(row["scores"]),
            )
            for row in table.to_pylist()
        ]

    def write_fragment(self, chunk: int, content: bytes, index: FragmentIndex) -> None:
        """Store a fragment and then its index: whoever finds the index finds the fragment."""
        self._storage.put(self.fragment_key(chunk), content)
        self._storage.put(self._index_key(chunk), json.dumps(asdict(index), ensure_ascii=False).encode())

    def index(self, chunk: int) -> FragmentIndex:
        """Read the index of a finished chunk's fragment."""
        values = json.loads(self._storage.get(self._index_key(chunk)))
        return FragmentIndex(
            size=values["size"],
            entries=tuple(ZipEntry(**entry) for entry in values["entries"]),
            included=tuple(Included(**row) for row in values["included"]),
            not_included=tuple(NotIncluded(**row) for row in values["not_included"]),
        )

    def _roster_key(self, chunk: int) -> str:
        return f"{self._folder}/roster-{chunk:06d}.parquet"

    def _index_key(self, chunk: int) -> str:
        return f"{self._folder}/fragment-{chunk:06d}.json"


def _structs(table: pa.Table, positions: list[int]) -> pa.StructArray:
    """Return some rows of a table as one array, in one piece."""
    structs = table.take(pa.array(positions, pa.int64())).combine_chunks().to_struct_array()
    return structs.combine_chunks() if isinstance(structs, pa.ChunkedArray) else structs
