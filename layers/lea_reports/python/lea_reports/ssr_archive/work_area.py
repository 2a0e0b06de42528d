"""The intermediate files of a job: the roster of each chunk, and the fragment that the chunk became."""

from __future__ import annotations

import gzip
import json
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.archive.zip_format import ZipEntry
from lea_reports.jobs.step import NOT_BUILT
from lea_reports.ssr_archive.listing import Included, NotIncluded
from lea_reports.ssr_archive.roster_file import results_of, roster_file, ssrs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.storage import Storage, Upload
    from lea_reports.ssr.results.student_columns import BadRecord
    from lea_reports.ssr.results.student_result import SchoolNames, StudentResult
    from lea_reports.ssr_archive.roster import RosterEntry

_READ_AHEAD = 8
_FAST = 1


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
        self._storage.put(self._roster_key(chunk), roster_file(entries, students, scores))

    def results(
        self, chunk: int, school: Callable[[str], SchoolNames]
    ) -> Iterator[StudentResult | BadRecord]:
        """Read what the SSRs of a chunk say; `school` names a school by its code."""
        return results_of(self._storage.get(self._roster_key(chunk)), school)

    def fragment(self, chunk: int) -> Upload:
        """Begin a chunk's fragment."""
        return self._storage.upload(self.fragment_key(chunk))

    def write_index(self, chunk: int, index: FragmentIndex) -> None:
        """Store what a fragment holds, once it is stored: whoever finds the index finds the fragment."""
        values = {
            "size": index.size,
            "entries": index.entries,
            "included": index.included,
            "not_included": index.not_included,
        }
        content = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        # In a merged file's index most bytes are the same name and digest again and again.
        self._storage.put(self._index_key(chunk), gzip.compress(content, _FAST, mtime=0))

    def indexes(self, chunks: Iterable[int]) -> Iterator[FragmentIndex]:
        """Read the indexes of these chunks' fragments, in order, a few ahead of whoever takes them."""
        with ThreadPoolExecutor(_READ_AHEAD) as threads:
            ahead: deque[Future[FragmentIndex]] = deque()
            for chunk in chunks:
                ahead.append(threads.submit(self._index, chunk))
                if len(ahead) == _READ_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def not_built(self, chunk: int) -> FragmentIndex:
        """Return what stands for the fragment of a chunk that was given up: its roster, with that as the reason."""
        listed = ssrs_in(self._storage.get(self._roster_key(chunk)))
        return FragmentIndex(0, (), (), tuple(NotIncluded(*ssr, NOT_BUILT) for ssr in listed))

    def write_left_out(self, rows: Sequence[NotIncluded]) -> None:
        """Store the rows of SSRs that are to be made once more and that the roster does not have."""
        self._storage.put(self._left_out_key, json.dumps(rows).encode())

    def left_out(self) -> FragmentIndex:
        """Return what stands in the archive for the SSRs that the roster does not have."""
        rows = json.loads(self._storage.get(self._left_out_key))
        return FragmentIndex(0, (), (), tuple(NotIncluded(*row) for row in rows))

    def _index(self, chunk: int) -> FragmentIndex:
        values = json.loads(gzip.decompress(self._storage.get(self._index_key(chunk))))
        return FragmentIndex(
            size=values["size"],
            entries=tuple(ZipEntry(*entry) for entry in values["entries"]),
            included=tuple(Included(*row) for row in values["included"]),
            not_included=tuple(NotIncluded(*row) for row in values["not_included"]),
        )

    @property
    def _left_out_key(self) -> str:
        return f"{self._folder}/left-out.json"

    def _roster_key(self, chunk: int) -> str:
        return f"{self._folder}/roster-{chunk:06d}.parquet"

    def _index_key(self, chunk: int) -> str:
        return f"{self._folder}/fragment-{chunk:06d}.json.gz"
