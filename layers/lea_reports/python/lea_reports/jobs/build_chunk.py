"""The third step: build one chunk of a job."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lea_reports.errors import Transient
from lea_reports.jobs.finish_job import send_finish
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.presence import Presence, Stopped
from lea_reports.jobs.timing import LEASE
from lea_reports.telemetry.events import Event

if TYPE_CHECKING:
    from lea_reports.jobs.dependencies import BuildDependencies
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.producer import Built, Producer
    from lea_reports.jobs.worker import Worker


def build_chunk(dependencies: BuildDependencies, lea: str, job_id: str, number: int, worker: Worker) -> None:
    """Build a chunk, count it on its job, and have the job finished if it was the last one.

    An error gives the chunk back for the next delivery, and so does an invocation whose time is nearly up. The worker
    stops early if the job was cancelled. Building again gives the same bytes under the same keys.

    Raises:
        OutOfTime: the time of the invocation is nearly up; and what the producer raises.
    """
    job = dependencies.jobs.job(lea, job_id)
    if job is None or job.state is not JobState.BUILDING:
        dependencies.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.CHUNK.value)
        return
    now = worker.now()
    chunk = dependencies.jobs.claim_chunk(job, number, worker.name, now, now + LEASE)
    if chunk is None:
        dependencies.telemetry.event(Event.CHUNK_SKIPPED, lea=lea, job=job_id, chunk=number)
        _go_on(dependencies, job, number, worker)
        return
    producer = dependencies.producer(job)
    presence = Presence(worker, partial(dependencies.jobs.renew_lease, job, chunk))
    try:
        built = producer.build(job, chunk, presence)
        done = replace(
            chunk, made=built.made, not_included=built.not_included, size=built.size, ended_at=worker.now()
        )
        job = dependencies.jobs.complete_chunk(job, done)
    except Stopped:
        dependencies.jobs.release_chunk(job, chunk, excused=True)
        dependencies.telemetry.event(Event.CHUNK_STOPPED, lea=lea, job=job_id, chunk=number)
        return
    except BaseException as error:
        with suppress(Transient):  # then the lease runs out by itself
            dependencies.jobs.release_chunk(job, chunk, excused=isinstance(error, Transient))
        if chunk.attempts == 1:  # what waits for this chunk does not wait for its next attempt
            with suppress(Transient):
                _send_next(dependencies, job, number)
        raise
    dependencies.telemetry.event(
        Event.CHUNK_BUILT,
        job=job.id,
        lea=job.lea,
        chunk=number,
        attempt=chunk.attempts,
        made=built.made,
        not_included=built.not_included,
        bytes=built.size,
    )
    measure_items(dependencies, producer, built)
    _go_on(dependencies, job, number, worker)


def measure_items(dependencies: BuildDependencies, producer: Producer, built: Built) -> None:
    """Count what became of the items of a chunk."""
    dependencies.telemetry.measure(producer.items, built.made, "made")
    dependencies.telemetry.measure(producer.items, built.not_included, "not_included")


def _go_on(dependencies: BuildDependencies, job: Job, number: int, worker: Worker) -> None:
    """Have the job finished if every chunk is done; else send the chunk that waited for this one."""
    if job.state is not JobState.BUILDING:
        return
    if job.progress.chunks_done == job.progress.chunks:
        send_finish(dependencies, job, worker.now())
    else:
        _send_next(dependencies, job, number)


def _send_next(dependencies: BuildDependencies, job: Job, number: int) -> None:
    chunks = job.progress.chunks
    follower = number + dependencies.window.of(chunks)
    if follower < chunks:
        dependencies.builds.send([BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=follower)])
