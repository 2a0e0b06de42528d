"""The fourth step: join the fragments of a job into its archive, or into several if one would be too large."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from lea_reports.archive.assembly import SMALLEST_PART, plan_archives, plan_parts
from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.listing import (
    MOST_BYTES_LISTED,
    MOST_BYTES_OF_EMPTY_LISTS,
    Lists,
    explained,
    failures_list,
)
from lea_reports.archive.naming import archive_stem
from lea_reports.archive.zip_format import CentralDirectory
from lea_reports.errors import Conflict
from lea_reports.jobs.failures import failures_key
from lea_reports.jobs.job import Archive, ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.presence import OutOfTime
from lea_reports.jobs.step import attempt
from lea_reports.jobs.storage import SENT_AT_ONCE, CopiedRange
from lea_reports.jobs.work_area import WorkArea
from lea_reports.jobs.workshop import CHECK_SOON, LEASE, TIME_TO_STOP
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import ARCHIVE_SIZE, JOBS_ENDED, TIME_TO_READY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lea_reports.archive.assembly import Span
    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.work_area import FragmentIndex
    from lea_reports.jobs.workshop import Worker, Workshop


def send_assembly(workshop: Workshop, job: Job, now: datetime) -> None:
    """Have the archive assembled, now that every chunk is done; of several callers one does it.

    A job that was cancelled or given up meanwhile stays as it is.
    """
    if job.state is not JobState.BUILDING:
        return
    try:
        workshop.jobs.move(job, job.moved(JobState.ASSEMBLING, now, check_after=CHECK_SOON))
    except Conflict:
        return
    workshop.builds.send([BuildMessage(step=Step.ASSEMBLE, lea=job.lea, job=job.id)])


def assemble_archive(workshop: Workshop, lea: str, job_id: str, worker: Worker) -> None:
    """Write the archives of a job whose chunks are all done, and have the e-mail sent.

    Each archive is recorded when it is joined: whoever repeats this goes on after the last one. Joining one again
    writes the same bytes under the same key; once all are there, only the notice is sent again. A job of which an
    archive cannot be joined fails after some attempts.

    Raises:
        OutOfTime: the time of the invocation is nearly up, and archives are left to be joined.
    """
    job = workshop.jobs.job(lea, job_id)
    if job is not None and job.state is JobState.ASSEMBLING:
        now = worker.now()
        held = workshop.jobs.claim_step(job, worker.name, now, now + LEASE)
        if held is not None:
            with attempt(workshop, held, worker) as presence:
                job = _assemble(workshop, held, worker, presence)
    if job is None or job.state is not JobState.READY:
        workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.ASSEMBLE.value)
        return
    workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])


def _assemble(workshop: Workshop, job: Job, worker: Worker, presence: Presence) -> Job | None:
    """Join the archives that are not joined yet; returns the job as it stands afterwards."""
    assembly = Assembly(workshop, job, presence)
    if not assembly.continues(job.archives):
        job = replace(job, archives=())
    longest = TIME_TO_STOP
    for number in range(1, assembly.archives + 1):
        if number <= len(job.archives):
            assembly.pass_over(number)
            continue
        if worker.time_left() < longest:
            raise OutOfTime
        began = worker.now()
        archive = assembly.join(number)
        longest = max(longest, worker.now() - began)
        now = worker.now()
        joined = job.joined(archive, now, held_for=LEASE)
        if number == assembly.archives:
            assembly.store_failures()
            ready = job.moved(JobState.READY, now, check_after=CHECK_SOON)
            joined = replace(ready, archives=joined.archives)
        try:
            workshop.jobs.move(job, joined)
        except Conflict:
            # It was cancelled or given up, or another delivery of the same message was faster.
            return workshop.jobs.job(job.lea, job.id)
        workshop.telemetry.measure(ARCHIVE_SIZE, archive.size)
        job = joined
    size = sum(archive.size for archive in job.archives)
    seconds = (worker.now() - job.requested_at).total_seconds()
    workshop.telemetry.event(Event.JOB_READY, job=job.id, lea=job.lea, bytes=size, seconds=seconds)
    workshop.telemetry.measure(JOBS_ENDED, 1, "ready")
    workshop.telemetry.measure(TIME_TO_READY, seconds)
    return job


class Assembly:
    """The archives of one job, as they follow from its chunks; `archives` is how many there are.

    They are taken in order: the list of what all of them lack grows meanwhile.
    """

    def __init__(self, workshop: Workshop, job: Job, presence: Presence) -> None:
        self._presence = presence
        self._storage = workshop.storage
        self._job = job
        self._work = WorkArea(workshop.storage, job)
        self._chunks = workshop.jobs.chunks(job)
        self._left_out = job.progress.total - sum(chunk.count for chunk in self._chunks)
        sizes = [chunk.size + chunk.count * MOST_BYTES_LISTED for chunk in self._chunks]
        if self._left_out:
            sizes.append(self._left_out * MOST_BYTES_LISTED)
        self._places = plan_archives(sizes, workshop.limits.archive_bytes - MOST_BYTES_OF_EMPTY_LISTS)
        self._failures = failures_list()
        self.archives = len(self._places)

    def continues(self, archives: Sequence[Archive]) -> bool:
        """Whether these are its first archives; they are not if the limits were changed since these were joined."""
        planned = [
            (self._key(number), len(self._chunks_of(number))) for number in range(1, self.archives + 1)
        ]
        return planned[: len(archives)] == [(archive.key, archive.chunks) for archive in archives]

    def pass_over(self, number: int) -> None:
        """Note what an archive lacks that is joined already."""
        lacking = [chunk for chunk in self._chunks_of(number) if chunk.not_included]
        for index in self._indexes(lacking, number):
            self._failures.add(explained(index.not_included))

    def join(self, number: int) -> Archive:
        """Write an archive: its fragments, its lists and its directory."""
        sizes: list[int] = []
        directory, end = CentralDirectory(), 0
        tail: list[bytes] = []
        files = FragmentWriter(tail.append)
        with closing(Lists()) as lists:
            for index in self._indexes(self._chunks_of(number), number):
                lists.add(index.included, index.not_included)
                self._failures.add(explained(index.not_included))
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
        return Archive(key, joined.size, len(directory), joined.checksum, chunks)

    def store_failures(self) -> None:
        """Store the list of what all archives lack, if they lack anything."""
        if self._job.progress.not_included:
            self._storage.put(failures_key(self._job.lea, self._job.id), self._failures.content)

    def _key(self, number: int) -> str:
        return f"archives/{self._job.folder}/{self._stem(number)}.zip"

    def _stem(self, number: int) -> str:
        return archive_stem(self._job.selection.name, number, self.archives)

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
        if self._left_out and number == self.archives:
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
