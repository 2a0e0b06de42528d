"""Sets stuck jobs going again: messages that were never sent, workers that died, deadlines that passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lea_reports.jobs.finish_job import send_finish
from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.step import NOT_BUILT, fail_job, give_up_step, is_last_attempt
from lea_reports.jobs.timing import (
    CHECK_BUILD,
    CHECK_NOTICE,
    CHECK_SOON,
    DEADLINE,
    MOST_ATTEMPTS,
    NOTICE_GIVEN_UP,
    PROBES,
)
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_WAITING, RECONCILED

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.dependencies import BuildDependencies
    from lea_reports.jobs.job import Chunk, Job

_MOST_AT_ONCE = 100  # the next run, a minute later, takes the rest
_MOST_COUNTED = 10_000


def reconcile(dependencies: BuildDependencies, now: datetime) -> None:
    """Look after every job whose `check_at` has passed.

    The check is moved on before anything is sent, so of two runs at once only one acts. What it sends may already be
    on its way: each step is safe to repeat. A job that cannot be looked after does not keep the others waiting.
    """
    for job in dependencies.jobs.due(now, _MOST_AT_ONCE):
        with Attempt() as attempt:
            _look_after(dependencies, job, now)
        if attempt.fault is not None:
            dependencies.telemetry.event(
                Event.STEP_FAILED, lea=job.lea, job=job.id, step="reconcile", **attempt.fields
            )
    dependencies.telemetry.measure(JOBS_WAITING, dependencies.jobs.open_jobs(_MOST_COUNTED))


def _look_after(dependencies: BuildDependencies, job: Job, now: datetime) -> None:
    wanted_since = None if job.state.is_open else job.notice.wanted_at or job.ended_at
    if wanted_since is not None and now - wanted_since > NOTICE_GIVEN_UP:
        if dependencies.jobs.postpone_check(job, None):
            dependencies.telemetry.event(Event.NOTICE_GIVEN_UP, job=job.id, lea=job.lea)
        return
    if not dependencies.jobs.postpone_check(job, _next_check(job, now)):
        return
    if job.state.is_open and now - job.requested_at > DEADLINE:
        fail_job(dependencies, job, now, "deadline_passed")
    elif not _set_going(dependencies, job, now):
        return
    dependencies.telemetry.event(Event.JOB_RECONCILED, job=job.id, lea=job.lea, state=job.state.value)
    dependencies.telemetry.measure(RECONCILED, 1)


def _next_check(job: Job, now: datetime) -> datetime:
    """Return when to look again: what costs a look without need costs another job its look."""
    if not job.state.is_open:
        return now + CHECK_NOTICE
    if job.state is JobState.BUILDING:
        return now + CHECK_SOON
    quiet = job.quiet_for(now)
    marks = [mark for mark in PROBES if mark > quiet]
    next_mark = now - quiet + min([*marks, (quiet // CHECK_BUILD + 1) * CHECK_BUILD])
    return min(next_mark, job.leased_until) if job.leased_until and job.is_held(now) else next_mark


def _set_going(dependencies: BuildDependencies, job: Job, now: datetime) -> bool:
    """Send what a job waits for; returns whether anything was missing."""
    match job.state:
        case JobState.REQUESTED | JobState.PLANNING:
            return _set_step_going(dependencies, job, Step.PLAN, now)
        case JobState.BUILDING:
            return _set_chunks_going(dependencies, job, now)
        case JobState.FINISHING:
            return _set_step_going(dependencies, job, Step.FINISH, now)
        case _:
            dependencies.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
    return True


def _set_step_going(dependencies: BuildDependencies, job: Job, step: Step, now: datetime) -> bool:
    """Send the step of which a worker died, at once, or that nobody is at, now and then; or give it up."""
    if job.is_held(now):
        return False
    if is_last_attempt(job):
        give_up_step(dependencies, job, now)
        return True
    died = job.worker is not None
    if died:
        dependencies.jobs.release_step(job, excused=False)
    elif not (_is_time_to_repeat(job, now) or (not job.attempts and _is_time_to_probe(job, now))):
        return False
    dependencies.builds.send([BuildMessage(step=step, lea=job.lea, job=job.id)])
    return True


def _set_chunks_going(dependencies: BuildDependencies, job: Job, now: datetime) -> bool:
    """Send the chunks of which a worker died, at once, and those that nobody has begun, now and then.

    Slow is not stuck: a chunk that nobody has begun is most likely in the queue. Its message is repeated only while no
    chunk of the job is worked at: the first one's soon, in case its worker died before it had a lease, and all of a
    window no more often than every `CHECK_BUILD`.
    """
    open_chunks = [chunk for chunk in dependencies.jobs.chunks(job) if chunk.state.is_open]
    hopeless = [
        chunk for chunk in open_chunks if chunk.attempts_in_vain >= MOST_ATTEMPTS and not chunk.is_held(now)
    ]
    for chunk in hopeless:
        job = _give_up(dependencies, job, chunk, now)
    if len(hopeless) == len(open_chunks):
        _finish(dependencies, job, now)
        return True
    open_chunks = [chunk for chunk in open_chunks if chunk not in hopeless]
    late = [chunk for chunk in open_chunks if chunk.worker is not None and not chunk.is_held(now)]
    if not any(chunk.is_held(now) for chunk in open_chunks):
        if _is_time_to_repeat(job, now):
            late = open_chunks[: dependencies.window.of(job.progress.chunks)]
        elif not late and _is_time_to_probe(job, now):
            late = [chunk for chunk in open_chunks if not chunk.attempts][:1]
    for chunk in late:
        if chunk.worker is not None:
            dependencies.jobs.release_chunk(job, chunk, excused=False)
    dependencies.builds.send(
        [BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=chunk.number) for chunk in late]
    )
    return bool(late or hopeless)


def _give_up(dependencies: BuildDependencies, job: Job, chunk: Chunk, now: datetime) -> Job:
    """End a chunk that nobody could build: its items will be listed as not included, and the others delivered."""
    counted = dependencies.jobs.give_up_chunk(job, chunk, now)
    dependencies.telemetry.event(
        Event.CHUNK_GIVEN_UP,
        job=job.id,
        lea=job.lea,
        chunk=chunk.number,
        attempt=chunk.attempts,
        not_included=chunk.count,
    )
    dependencies.telemetry.measure(dependencies.producer(job).items, chunk.count, "not_included")
    return counted


def _finish(dependencies: BuildDependencies, job: Job, now: datetime) -> None:
    """Have the files made, unless they would hold nothing because everything was given up."""
    if job.progress.chunks_done < job.progress.chunks:
        return
    if not job.progress.made and any(
        chunk.state is ChunkState.GIVEN_UP for chunk in dependencies.jobs.chunks(job)
    ):
        fail_job(dependencies, job, now, NOT_BUILT)
    else:
        send_finish(dependencies, job, now)


def _is_time_to_repeat(job: Job, now: datetime) -> bool:
    """Whether, since reconcile last looked, another `CHECK_BUILD` has passed in which nothing was seen of the job."""
    before, quiet = _quiet(job, now)
    return quiet // CHECK_BUILD > before // CHECK_BUILD


def _is_time_to_probe(job: Job, now: datetime) -> bool:
    """Whether, since reconcile last looked, nothing was seen of the job for as long as one of the `PROBES` says."""
    before, quiet = _quiet(job, now)
    return any(before < probe <= quiet for probe in PROBES)


def _quiet(job: Job, now: datetime) -> tuple[timedelta, timedelta]:
    """Return how long nothing had been seen of a job when reconcile last looked, at the earliest, and how long now."""
    quiet = job.quiet_for(now)
    looked = (job.check_at or now) - CHECK_SOON
    return max(quiet - (now - looked), timedelta()), quiet
