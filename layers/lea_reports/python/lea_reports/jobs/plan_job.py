"""The second step: find the SSRs of a job and split them into chunks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.assessments import program_day
from lea_reports.errors import Conflict
from lea_reports.jobs.failures import all_failures
from lea_reports.jobs.job import ChunkState, Job, JobState, Progress
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.planning import only_listed, plan_chunks
from lea_reports.jobs.step import attempt
from lea_reports.jobs.work_area import WorkArea
from lea_reports.jobs.workshop import CHECK_LEASE, CHECK_SOON, LEASE
from lea_reports.reports.roster_file import COLUMNS_OF_RECORD
from lea_reports.reports.roster_of_tables import roster_of_tables
from lea_reports.reports.student_score_reports import SCORE_COLUMNS, STUDENT_COLUMNS
from lea_reports.ssr.results.student_columns import COLUMNS_OF_STUDENT
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import pyarrow as pa

    from lea_reports.archive.listing import NotIncluded
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.workshop import Worker, Workshop
    from lea_reports.reports.student_score_reports import RosterEntry

# Whoever plans reads no more than the roster and the SSRs need.
_STUDENT_COLUMNS = tuple(dict.fromkeys((*STUDENT_COLUMNS, *COLUMNS_OF_STUDENT)))
_SCORE_COLUMNS = tuple(dict.fromkeys((*SCORE_COLUMNS, *COLUMNS_OF_RECORD)))


def plan_job(workshop: Workshop, lea: str, job_id: str, worker: Worker) -> None:
    """Plan a job and send its chunks to be built, or end it if nothing matches.

    Repeating it is safe at every point: before the job is building, the same plan is written again; after, the
    chunks that nobody has begun are sent again. A job that cannot be planned fails after some attempts.

    Raises:
        OutOfTime: the time of the invocation is nearly up.
    """
    job = workshop.jobs.job(lea, job_id)
    if job is None or job.state not in {JobState.REQUESTED, JobState.PLANNING, JobState.BUILDING}:
        workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.PLAN.value)
        return
    if job.state is not JobState.BUILDING:
        held = _begun(workshop, job, worker)
        if held is None:
            # Another delivery of the same message is at it.
            workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.PLAN.value)
            return
        with attempt(workshop, held, worker) as presence:
            job = _plan(workshop, held, presence, worker.now())
    if job.state is JobState.NO_RESULTS:
        workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
    elif job.state is JobState.BUILDING:
        _send_chunks(workshop, job)


def _begun(workshop: Workshop, job: Job, worker: Worker) -> Job | None:
    """Return the job as this worker plans it; None if another is at it."""
    now = worker.now()
    if job.state is JobState.PLANNING:
        return workshop.jobs.claim_step(job, worker.name, now, now + LEASE)
    planning = job.moved(JobState.PLANNING, now, check_after=LEASE).claimed(worker.name, now + LEASE)
    try:
        workshop.jobs.move(job, planning)
    except Conflict:
        return None
    return planning


def _send_chunks(workshop: Workshop, job: Job) -> None:
    """Send build messages for the first chunks that nobody has begun; each of them sends another when it is done."""
    waiting = [chunk for chunk in workshop.jobs.chunks(job) if chunk.state is ChunkState.WAITING]
    first = waiting[: workshop.limits.window(job.progress.chunks)]
    workshop.builds.send(
        [BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=chunk.number) for chunk in first]
    )


def _plan(workshop: Workshop, job: Job, presence: Presence, now: datetime) -> Job:
    """Return the job as it stands after its plan is stored, by this worker or a faster one."""
    year = job.selection.administration_year
    students = workshop.lake.students_by_enrolled(job.snapshots, year, job.lea, _STUDENT_COLUMNS)
    scores = workshop.lake.scores_by_enrolled(job.snapshots, year, job.lea, _SCORE_COLUMNS)
    entries, left_out = _entries(workshop, job, students, scores)
    planned = plan_chunks(entries, workshop.limits, merge=job.selection.merge, name=job.selection.name)
    total = sum(plan.chunk.count for plan in planned) + len(left_out)
    if not planned:
        ended = job.moved(JobState.NO_RESULTS, now, check_after=CHECK_SOON)
        try:
            workshop.jobs.move(job, ended)
        except Conflict:
            return workshop.jobs.job(job.lea, job.id) or job
        workshop.telemetry.event(Event.JOB_WITHOUT_RESULTS, job=job.id, lea=job.lea)
        workshop.telemetry.measure(JOBS_ENDED, 1, "no_results")
        return ended
    work = WorkArea(workshop.storage, job)
    for plan in planned:
        presence.look()
        work.write_roster(plan.chunk.number, plan.entries, students, scores)
    if left_out:
        work.write_left_out(left_out)
    workshop.jobs.add_chunks(job, [plan.chunk for plan in planned])
    building = replace(
        job.moved(JobState.BUILDING, now, check_after=CHECK_LEASE),
        progress=Progress(total=total, not_included=len(left_out), chunks=len(planned)),
    )
    try:
        workshop.jobs.move(job, building)
    except Conflict:
        # It was cancelled, or another delivery of the same message was faster; its plan is byte for byte this one.
        return workshop.jobs.job(job.lea, job.id) or job
    workshop.telemetry.event(Event.JOB_PLANNED, job=job.id, lea=job.lea, chunks=len(planned), ssrs=total)
    return building


def _entries(
    workshop: Workshop, job: Job, students: pa.Table, scores: pa.Table
) -> tuple[Iterable[RosterEntry], Sequence[NotIncluded]]:
    """Return the SSRs to make, and the rows of those that a retry was to make and does not find.

    The day is that of the request, not of planning: planning again gives the same plan.
    """
    selection, listed_by, day = job.selection, job.listed_by, program_day(job.requested_at)
    if listed_by is not None:
        selection = selection.once_more(day)
    entries = roster_of_tables(selection, students, scores, day=day)
    if listed_by is None:
        return entries, ()
    return only_listed(entries, all_failures(job.lea, listed_by, workshop.storage))
