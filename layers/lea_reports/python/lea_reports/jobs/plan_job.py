"""The second step: find what a job makes, and send its chunks to be built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict
from lea_reports.jobs.build_chunk import measure_items
from lea_reports.jobs.finish_job import recorded_ready
from lea_reports.jobs.job import ChunkState, JobState, Progress
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.step import attempt
from lea_reports.jobs.timing import CHECK_LEASE, CHECK_SOON, LEASE
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED

if TYPE_CHECKING:
    from lea_reports.jobs.dependencies import BuildDependencies
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.producer import Plan, Producer
    from lea_reports.jobs.worker import Worker


def plan_job(dependencies: BuildDependencies, lea: str, job_id: str, worker: Worker) -> None:
    """Plan a job and send its chunks to be built, or end it if nothing matches; what takes a moment is made at once.

    Repeating it is safe at every point: before the job is building, the same plan is written again; after, the
    chunks that nobody has begun are sent again. A job that cannot be planned fails after some attempts.

    Raises:
        OutOfTime: the time of the invocation is nearly up.
    """
    job = dependencies.jobs.job(lea, job_id)
    if job is None or job.state not in {JobState.REQUESTED, JobState.PLANNING, JobState.BUILDING}:
        dependencies.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.PLAN.value)
        return
    if job.state is not JobState.BUILDING:
        held = _begun(dependencies, job, worker)
        if held is None:
            # Another delivery of the same message is at it.
            dependencies.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.PLAN.value)
            return
        with attempt(dependencies, held, worker) as presence:
            job = _planned(dependencies, held, presence, worker)
    if job.state in {JobState.NO_RESULTS, JobState.READY}:
        dependencies.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
    elif job.state is JobState.BUILDING:
        _send_chunks(dependencies, job)


def _begun(dependencies: BuildDependencies, job: Job, worker: Worker) -> Job | None:
    """Return the job as this worker plans it; None if another is at it."""
    now = worker.now()
    if job.state is JobState.PLANNING:
        return dependencies.jobs.claim_step(job, worker.name, now, now + LEASE)
    planning = job.moved(JobState.PLANNING, now, check_after=LEASE).claimed(worker.name, now + LEASE)
    return planning if _moved(dependencies, job, planning) else None


def _moved(dependencies: BuildDependencies, before: Job, after: Job) -> bool:
    """Move a job; False if it was cancelled, or another delivery of the same message was faster.

    What a faster one planned is byte for byte the same.
    """
    try:
        dependencies.jobs.move(before, after)
    except Conflict:
        return False
    return True


def _send_chunks(dependencies: BuildDependencies, job: Job) -> None:
    """Send build messages for the first chunks that nobody has begun; each of them sends another when it is done."""
    waiting = [chunk for chunk in dependencies.jobs.chunks(job) if chunk.state is ChunkState.WAITING]
    first = waiting[: dependencies.window.of(job.progress.chunks)]
    dependencies.builds.send(
        [BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=chunk.number) for chunk in first]
    )


def _planned(dependencies: BuildDependencies, job: Job, presence: Presence, worker: Worker) -> Job:
    """Return the job as it stands after its plan is stored, by this worker or a faster one."""
    producer, now = dependencies.producer(job), worker.now()
    plan = producer.plan(job, presence)
    if not plan.chunks:
        return _without_results(dependencies, job, worker)
    if plan.at_once:
        return _made_at_once(dependencies, producer, job, plan, presence, worker)
    dependencies.jobs.add_chunks(job, plan.chunks)
    building = replace(
        job.moved(JobState.BUILDING, now, check_after=CHECK_LEASE),
        progress=Progress(total=plan.total, not_included=plan.not_found, chunks=len(plan.chunks)),
    )
    if not _moved(dependencies, job, building):
        return dependencies.jobs.job(job.lea, job.id) or job
    dependencies.telemetry.event(
        Event.JOB_PLANNED, job=job.id, lea=job.lea, chunks=len(plan.chunks), items=plan.total
    )
    return building


def _without_results(dependencies: BuildDependencies, job: Job, worker: Worker) -> Job:
    ended = job.moved(JobState.NO_RESULTS, worker.now(), check_after=CHECK_SOON)
    if not _moved(dependencies, job, ended):
        return dependencies.jobs.job(job.lea, job.id) or job
    dependencies.telemetry.event(Event.JOB_WITHOUT_RESULTS, job=job.id, lea=job.lea)
    dependencies.telemetry.measure(JOBS_ENDED, 1, "no_results")
    return ended


def _made_at_once(
    dependencies: BuildDependencies,
    producer: Producer,
    job: Job,
    plan: Plan,
    presence: Presence,
    worker: Worker,
) -> Job:
    """Build and finish a job of one chunk; it moves once, to its end."""
    [chunk] = plan.chunks
    built = producer.build(job, chunk, presence)
    done = replace(
        chunk, state=ChunkState.DONE, made=built.made, not_included=built.not_included, size=built.size
    )
    finishing = producer.finishing(job, [done], presence)
    files = tuple(finishing.make(number) for number in range(1, finishing.count + 1))
    finishing.conclude()
    presence.look()
    ready = replace(
        job.moved(JobState.READY, worker.now(), check_after=CHECK_SOON),
        files=files,
        progress=Progress(
            total=plan.total,
            made=built.made,
            not_included=plan.not_found + built.not_included,
            chunks=1,
            chunks_done=1,
            size=built.size,
        ),
    )
    if not _moved(dependencies, job, ready):
        return dependencies.jobs.job(job.lea, job.id) or job
    measure_items(dependencies, producer, built)
    return recorded_ready(dependencies, ready, worker)
