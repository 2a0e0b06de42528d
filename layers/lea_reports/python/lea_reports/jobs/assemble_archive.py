"""The fourth step: join the fragments of a job into its archive."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from lea_reports.archive.assembly import SMALLEST_PART, plan_parts
from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.listing import NOT_INCLUDED_NAME, Lists
from lea_reports.archive.zip_format import CentralDirectory
from lea_reports.errors import Conflict
from lea_reports.jobs.failures import failures_key
from lea_reports.jobs.job import Archive, ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.storage import SENT_AT_ONCE, CopiedRange
from lea_reports.jobs.work_area import WorkArea
from lea_reports.jobs.workshop import CHECK_BUILD, CHECK_SOON
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import ARCHIVE_SIZE, JOBS_ENDED, TIME_TO_READY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lea_reports.archive.assembly import Span
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.work_area import FragmentIndex
    from lea_reports.jobs.workshop import Workshop


def send_assembly(workshop: Workshop, job: Job, now: datetime) -> None:
    """Have the archive assembled, now that every chunk is done; of several callers one does it.

    A job that was cancelled or given up meanwhile stays as it is.
    """
    if job.state is not JobState.BUILDING:
        return
    try:
        workshop.jobs.move(job, job.moved(JobState.ASSEMBLING, now, check_after=CHECK_BUILD))
    except Conflict:
        return
    workshop.builds.send([BuildMessage(step=Step.ASSEMBLE, lea=job.lea, job=job.id)])


def assemble_archive(workshop: Workshop, lea: str, job_id: str, now: datetime) -> None:
    """Write the archive of a job whose chunks are all done, and have the requester told.

    Repeating it writes the same bytes under the same key, or only sends the notice again.
    """
    job = workshop.jobs.job(lea, job_id)
    if job is not None and job.state is JobState.ASSEMBLING:
        job = _assemble(workshop, job, now)
    if job is None or job.state is not JobState.READY:
        workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.ASSEMBLE.value)
        return
    workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])


def _assemble(workshop: Workshop, job: Job, now: datetime) -> Job | None:
    work = WorkArea(workshop.storage, job)
    sizes: list[int] = []
    lists, directory, end = Lists(), CentralDirectory(), 0
    for index in _indexes(workshop, job, work):
        lists.add(index.included, index.not_included)
        directory.add(entry.after(end) for entry in index.entries)
        sizes.append(index.size)
        end += index.size
    tail: list[bytes] = []
    files = FragmentWriter(tail.append)
    for name, content in lists.files():
        files.add(name, content)
        if name == NOT_INCLUDED_NAME and job.progress.not_included:
            workshop.storage.put(failures_key(job.lea, job.id), content)
    directory.add(entry.after(end) for entry in files.entries)
    tail.append(directory.content(end + files.size))
    parts, rest = plan_parts(sizes)

    def ranges(spans: Sequence[Span]) -> list[bytes | CopiedRange]:
        return [CopiedRange(work.fragment_key(span.fragment), span.start, span.end) for span in spans]

    key = f"archives/{job.folder}/{job.selection.name}.zip"
    joined = workshop.storage.join(
        key, chain((ranges(part.spans) for part in parts), _in_parts(ranges(rest), tail))
    )
    ready = replace(
        job.moved(JobState.READY, now, check_after=CHECK_SOON),
        archive=Archive(key, joined.size, len(directory), joined.checksum),
    )
    try:
        workshop.jobs.move(job, ready)
    except Conflict:
        return workshop.jobs.job(job.lea, job.id)
    seconds = (now - job.requested_at).total_seconds()
    workshop.telemetry.event(Event.JOB_READY, job=job.id, lea=job.lea, bytes=joined.size, seconds=seconds)
    workshop.telemetry.measure(JOBS_ENDED, 1, "ready")
    workshop.telemetry.measure(TIME_TO_READY, seconds)
    workshop.telemetry.measure(ARCHIVE_SIZE, joined.size)
    return ready


def _indexes(workshop: Workshop, job: Job, work: WorkArea) -> Iterator[FragmentIndex]:
    """Yield what every chunk of a job holds, in order; one that was given up holds nothing, whatever a worker left.

    What a retry was to make and did not find comes last.
    """
    chunks = workshop.jobs.chunks(job)
    read = work.indexes(chunk.number for chunk in chunks if chunk.state is not ChunkState.GIVEN_UP)
    for chunk in chunks:
        yield work.not_built(chunk.number) if chunk.state is ChunkState.GIVEN_UP else next(read)
    if job.listed_by is not None:
        yield work.left_out()


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
