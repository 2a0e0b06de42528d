"""The fourth step: join the fragments of a job into its archive."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lea_reports.archive.assembly import plan_parts
from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.listing import (
    MANIFEST_NAME,
    NOT_INCLUDED_NAME,
    manifest_csv,
    not_included_csv,
)
from lea_reports.archive.zip_format import central_directory
from lea_reports.errors import Conflict
from lea_reports.jobs.job import Archive, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.storage import CopiedRange
from lea_reports.jobs.work_area import WorkArea
from lea_reports.jobs.workshop import CHECK_SOON, LEASE
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import ARCHIVE_SIZE, JOBS_ENDED, TIME_TO_READY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
        workshop.jobs.move(job, job.moved(JobState.ASSEMBLING, now, check_after=LEASE))
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
    indexes = [work.index(number) for number in range(job.progress.chunks)]
    parts, rest = plan_parts([index.size for index in indexes])

    def read(spans: Sequence[Span]) -> bytes:
        return b"".join(
            workshop.storage.get(work.fragment_key(span.fragment), span.start, span.end) for span in spans
        )

    def uploads(end: bytes) -> Iterator[bytes | CopiedRange]:
        for part in parts:
            if part.copied:
                (span,) = part.spans
                yield CopiedRange(work.fragment_key(span.fragment), span.start, span.end)
            else:
                yield read(part.spans)
        yield read(rest) + end

    end, entries = _end_of_archive(indexes)
    key = f"archives/{job.folder}/{job.selection.name}.zip"
    size = workshop.storage.join(key, uploads(end))
    ready = replace(
        job.moved(JobState.READY, now, check_after=CHECK_SOON), archive=Archive(key, size, entries)
    )
    try:
        workshop.jobs.move(job, ready)
    except Conflict:
        return workshop.jobs.job(job.lea, job.id)
    seconds = (now - job.requested_at).total_seconds()
    workshop.telemetry.event(Event.JOB_READY, job=job.id, lea=job.lea, bytes=size, seconds=seconds)
    workshop.telemetry.measure(JOBS_ENDED, 1, "ready")
    workshop.telemetry.measure(TIME_TO_READY, seconds)
    workshop.telemetry.measure(ARCHIVE_SIZE, size)
    return ready


def _end_of_archive(indexes: Sequence[FragmentIndex]) -> tuple[bytes, int]:
    """Return the two lists and the central directory, and how many files the archive holds."""
    starts = list(accumulate((index.size for index in indexes), initial=0))
    lists = FragmentWriter()
    lists.add(MANIFEST_NAME, manifest_csv(row for index in indexes for row in index.included))
    lists.add(NOT_INCLUDED_NAME, not_included_csv(row for index in indexes for row in index.not_included))
    entries = [
        entry.after(start)
        for start, of_fragment in zip(
            starts, [*(index.entries for index in indexes), lists.entries], strict=True
        )
        for entry in of_fragment
    ]
    end = starts[-1] + lists.size
    return lists.content + central_directory(entries, end), len(entries)
