"""The end of a chunk that nobody could build: its SSRs are listed as not included, and the others are delivered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lea_reports.archive.listing import NotIncluded
from lea_reports.jobs.build_chunk import school_names
from lea_reports.jobs.work_area import FragmentIndex, WorkArea
from lea_reports.jobs.workshop import LEASE
from lea_reports.ssr.student_columns import BadRecord
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import SSRS

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.workshop import Workshop
    from lea_reports.ssr.student_result import StudentResult

NOT_BUILT = "not_built"
"""The reason of an SSR whose chunk was given up, and of a job that has no other SSRs."""

_WORKER = "nobody"


def give_up_chunk(workshop: Workshop, job: Job, chunk: Chunk, now: datetime) -> Job:
    """Write an empty fragment for a chunk that was tried too often, and count its SSRs on the job.

    Nothing is rendered, since that is what failed. Returns the job as it stands afterwards; nothing has changed if a
    worker is at the chunk after all.
    """
    held = workshop.jobs.claim_chunk(job, chunk.number, _WORKER, now, now + LEASE)
    if held is None:
        return job
    directory = workshop.lake.directory(job.snapshots, job.lea)
    work = WorkArea(workshop.storage, job)
    missing = tuple(map(_missing, work.results(chunk.number, partial(school_names, directory))))
    with work.fragment(chunk.number) as upload:
        size = upload.complete()
    index = FragmentIndex(size, entries=(), included=(), not_included=missing)
    work.write_index(chunk.number, index)
    job = workshop.jobs.complete_chunk(job, replace(held, made=0, not_included=len(missing)))
    workshop.telemetry.event(
        Event.CHUNK_GIVEN_UP,
        job=job.id,
        lea=job.lea,
        chunk=chunk.number,
        attempt=chunk.attempts,
        not_included=len(missing),
    )
    workshop.telemetry.measure(SSRS, len(missing), "not_included")
    return job


def _missing(result: StudentResult | BadRecord) -> NotIncluded:
    if isinstance(result, BadRecord):
        return NotIncluded(result.ssid, result.school, result.grade, result.language, "bad_record")
    return NotIncluded(result.ssid, result.school.code, result.grade_assessed, result.language, NOT_BUILT)
