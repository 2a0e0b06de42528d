"""The last step of an archive of SSRs: the fragments are joined into it, or into several if one would be too large."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from lea_reports.archive.assembly import SMALLEST_PART, plan_archives, plan_parts
from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.zip_format import CentralDirectory
from lea_reports.jobs.job import ChunkState, ReportFile
from lea_reports.jobs.storage import SENT_AT_ONCE, CopiedRange
from lea_reports.ssr_archive.listing import (
    MOST_BYTES_LISTED,
    MOST_BYTES_OF_EMPTY_LISTS,
    Lists,
    explained,
    not_included_list,
)
from lea_reports.ssr_archive.naming import archive_stem
from lea_reports.ssr_archive.not_included import not_included_key
from lea_reports.ssr_archive.work_area import WorkArea

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.archive.assembly import Span
    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.storage import Storage
    from lea_reports.ssr_archive.planning import Limits
    from lea_reports.ssr_archive.work_area import FragmentIndex


class Assembly:
    """The archives of one job, as they follow from its chunks; `count` is how many there are.

    They are taken in order: the list of what all of them lack grows meanwhile.
    """

    def __init__(
        self, storage: Storage, limits: Limits, job: Job, chunks: Sequence[Chunk], presence: Presence
    ) -> None:
        self._presence = presence
        self._storage = storage
        self._job = job
        self._work = WorkArea(storage, job)
        self._chunks = chunks
        self._left_out = job.progress.total - sum(chunk.count for chunk in self._chunks)
        sizes = [chunk.size + chunk.count * MOST_BYTES_LISTED for chunk in self._chunks]
        if self._left_out:
            sizes.append(self._left_out * MOST_BYTES_LISTED)
        self._places = plan_archives(sizes, limits.archive_bytes - MOST_BYTES_OF_EMPTY_LISTS)
        self._not_included = not_included_list()
        self.count = len(self._places)

    def continues(self, archives: Sequence[ReportFile]) -> bool:
        """Whether these are its first archives; they are not if the limits were changed since these were joined."""
        planned = [(self._key(number), len(self._chunks_of(number))) for number in range(1, self.count + 1)]
        return planned[: len(archives)] == [(archive.key, archive.chunks) for archive in archives]

    def pass_over(self, number: int) -> None:
        """Note what an archive lacks that is joined already."""
        lacking = [chunk for chunk in self._chunks_of(number) if chunk.not_included]
        for index in self._indexes(lacking, number):
            self._not_included.add(explained(index.not_included))

    def make(self, number: int) -> ReportFile:
        """Write an archive: its fragments, its lists and its directory."""
        sizes: list[int] = []
        directory, end = CentralDirectory(), 0
        tail: list[bytes] = []
        files = FragmentWriter(tail.append)
        with closing(Lists()) as lists:
            for index in self._indexes(self._chunks_of(number), number):
                lists.add(index.included, index.not_included)
                self._not_included.add(explained(index.not_included))
                directory.add(entry.after(end) for entry in index.entries)
                sizes.append(index.size)
                end += index.size
            for name, content in lists.files(self._stem(number)):
                files.add(name, content)
        directory.add(entry.after(end) for entry in files.entries)
        tail.append(directory.content(end + files.size))
        parts, rest = plan_parts(sizes)
        key = self._key(number)
        joined = self._storage.join(
            key,
            chain(
                (self._ranges(part.spans, number) for part in parts),
                _in_parts(self._ranges(rest, number), tail),
            ),
        )
        chunks = len(self._chunks_of(number))
        return ReportFile(key, joined.size, len(directory), joined.checksum, chunks)

    def conclude(self) -> None:
        """Store the list of what all archives lack, if they lack anything."""
        if self._job.progress.not_included:
            self._storage.put(not_included_key(self._job.lea, self._job.id), self._not_included.content)

    def _key(self, number: int) -> str:
        return f"archives/{self._job.folder}/{self._stem(number)}.zip"

    def _stem(self, number: int) -> str:
        return archive_stem(self._job.name, number, self.count)

    def _chunks_of(self, number: int) -> Sequence[Chunk]:
        place = self._places[number - 1]
        return self._chunks[place.start : place.stop]

    def _ranges(self, spans: Sequence[Span], number: int) -> list[bytes | CopiedRange]:
        self._presence.look()
        chunks = self._chunks_of(number)
        return [
            CopiedRange(self._work.fragment_key(chunks[span.fragment].number), span.start, span.end)
            for span in spans
        ]

    def _indexes(self, chunks: Sequence[Chunk], number: int) -> Iterator[FragmentIndex]:
        """Yield what these chunks of an archive hold; one that was given up holds nothing, whatever a worker left.

        What a retry was to make and did not find comes last, in the last archive.
        """
        read = self._work.indexes(chunk.number for chunk in chunks if chunk.state is not ChunkState.GIVEN_UP)
        for chunk in chunks:
            self._presence.look()
            given_up = chunk.state is ChunkState.GIVEN_UP
            yield self._work.not_built(chunk.number) if given_up else next(read)
        if self._left_out and number == self.count:
            yield self._work.left_out()


def _in_parts(
    rest: Sequence[bytes | CopiedRange], tail: Iterable[bytes]
) -> Iterator[Sequence[bytes | CopiedRange]]:
    """Put together the last parts: what is left of the fragments, and the tail in slices, which are sent one by one."""
    part, size = list(rest), 0
    for piece in tail:
        for start in range(0, len(piece), SENT_AT_ONCE):
            cut = piece[start : start + SENT_AT_ONCE]
            part.append(cut)
            size += len(cut)
            if size >= SMALLEST_PART:
                yield part
                part, size = [], 0
    if part:
        yield part
