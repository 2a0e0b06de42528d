"""Sets stuck jobs going again: messages that were never sent, workers that died, deadlines that passed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict
from lea_reports.jobs.assemble_archive import send_assembly
from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.work_area import NOT_BUILT
from lea_reports.jobs.workshop import (
    CHECK_BUILD,
    CHECK_NOTICE,
    CHECK_SOON,
    DEADLINE,
    MOST_ATTEMPTS,
    NOTICE_GIVEN_UP,
)
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED, JOBS_WAITING, RECONCILED, SSRS

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.workshop import Workshop

_MOST_AT_ONCE = 100  # the next run, a minute later, takes the rest
_MOST_COUNTED = 10_000
_CHECK_AGAIN = {
    JobState.REQUESTED: CHECK_BUILD,
    JobState.PLANNING: CHECK_BUILD,
    JobState.BUILDING: CHECK_SOON,
    JobState.ASSEMBLING: CHECK_BUILD,
}
"""How long a job is left alone after it was looked after: a step that runs twice at once does its work twice."""


def reconcile(workshop: Workshop, now: datetime) -> None:
    """Look after every job whose `check_at` has passed.

    The check is moved on before anything is sent, so of two runs at once only one acts. What it sends may already be
    on its way: each step is safe to repeat. A job that cannot be looked after does not keep the others waiting.
    """
    for job in workshop.jobs.due(now, _MOST_AT_ONCE):
        with Attempt() as attempt:
            _look_after(workshop, job, now)
        if attempt.error is not None:
            workshop.telemetry.event(
                Event.STEP_FAILED, lea=job.lea, job=job.id, step="reconcile", error=attempt.error
            )
    workshop.telemetry.measure(JOBS_WAITING, workshop.jobs.open_jobs(_MOST_COUNTED))


def _look_after(workshop: Workshop, job: Job, now: datetime) -> None:
    wanted_since = None if job.state.is_open else job.notice.wanted_at or job.ended_at
    if wanted_since is not None and now - wanted_since > NOTICE_GIVEN_UP:
        if workshop.jobs.postpone_check(job, None):
            workshop.telemetry.event(Event.NOTICE_GIVEN_UP, job=job.id, lea=job.lea)
        return
    if not workshop.jobs.postpone_check(job, now + _CHECK_AGAIN.get(job.state, CHECK_NOTICE)):
        return
    if job.state.is_open and now - job.requested_at > DEADLINE:
        _fail(workshop, job, now, "deadline_passed")
    elif not _set_going(workshop, job, now):
        return
    workshop.telemetry.event(Event.JOB_RECONCILED, job=job.id, lea=job.lea, state=job.state.value)
    workshop.telemetry.measure(RECONCILED, 1)


def _set_going(workshop: Workshop, job: Job, now: datetime) -> bool:
    """Send what a job waits for; returns whether anything was missing."""
    match job.state:
        case JobState.REQUESTED | JobState.PLANNING:
            workshop.builds.send([BuildMessage(step=Step.PLAN, lea=job.lea, job=job.id)])
        case JobState.BUILDING:
            return _set_chunks_going(workshop, job, now)
        case JobState.ASSEMBLING:
            workshop.builds.send([BuildMessage(step=Step.ASSEMBLE, lea=job.lea, job=job.id)])
        case _:
            workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
    return True


def _set_chunks_going(workshop: Workshop, job: Job, now: datetime) -> bool:
    """Send the chunks of which a worker died, at once, and those that nobody has begun, now and then.

    Slow is not stuck: a chunk that nobody has begun is most likely in the queue. Its message is repeated only while no
    chunk of the job is worked at, and no more often than every `CHECK_BUILD`.
    """
    open_chunks = [chunk for chunk in workshop.jobs.chunks(job) if chunk.state.is_open]
    hopeless = [
        chunk for chunk in open_chunks if chunk.attempts >= MOST_ATTEMPTS and not _is_held(chunk, now)
    ]
    for chunk in hopeless:
        job = _give_up(workshop, job, chunk, now)
    if len(hopeless) == len(open_chunks):
        _finish(workshop, job, now)
        return True
    open_chunks = [chunk for chunk in open_chunks if chunk not in hopeless]
    late = [chunk for chunk in open_chunks if chunk.leased_until is not None and chunk.leased_until <= now]
    worked_at = any(_is_held(chunk, now) for chunk in open_chunks)
    if not worked_at and _is_time_to_repeat(job, now):
        late = open_chunks[: workshop.limits.window(job.progress.chunks)]
    for chunk in late:
        if chunk.worker is not None:
            workshop.jobs.release_chunk(job, chunk)
    workshop.builds.send(
        [BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=chunk.number) for chunk in late]
    )
    return bool(late or hopeless)


def _is_held(chunk: Chunk, now: datetime) -> bool:
    return chunk.leased_until is not None and chunk.leased_until > now


def _give_up(workshop: Workshop, job: Job, chunk: Chunk, now: datetime) -> Job:
    """End a chunk that nobody could build: its SSRs will be listed as not included, and the others delivered."""
    counted = workshop.jobs.give_up_chunk(job, chunk, now)
    workshop.telemetry.event(
        Event.CHUNK_GIVEN_UP,
        job=job.id,
        lea=job.lea,
        chunk=chunk.number,
        attempt=chunk.attempts,
        not_included=chunk.count,
    )
    workshop.telemetry.measure(SSRS, chunk.count, "not_included")
    return counted


def _finish(workshop: Workshop, job: Job, now: datetime) -> None:
    """Have the archive assembled, unless it would hold nothing because everything was given up."""
    if job.progress.chunks_done < job.progress.chunks:
        return
    if not job.progress.made and any(
        chunk.state is ChunkState.GIVEN_UP for chunk in workshop.jobs.chunks(job)
    ):
        _fail(workshop, job, now, NOT_BUILT)
    else:
        send_assembly(workshop, job, now)


def _is_time_to_repeat(job: Job, now: datetime) -> bool:
    """Whether, since reconcile last looked, another `CHECK_BUILD` has passed from the beginning of the build."""
    began, due = job.building_since or job.requested_at, job.check_at or now
    return (now - began) // CHECK_BUILD > (due - CHECK_SOON - began) // CHECK_BUILD


def _fail(workshop: Workshop, job: Job, now: datetime, reason: str) -> None:
    failed = replace(job.moved(JobState.FAILED, now, check_after=CHECK_SOON), reason=reason)
    try:
        workshop.jobs.move(job, failed)
    except Conflict:
        return
    workshop.telemetry.event(Event.JOB_FAILED, job=job.id, lea=job.lea, rule=reason)
    workshop.telemetry.measure(JOBS_ENDED, 1, "failed")
    workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
