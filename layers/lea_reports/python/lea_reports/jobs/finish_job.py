"""The fourth step: finish the files of a job from what was built of its chunks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.presence import OutOfTime
from lea_reports.jobs.step import attempt
from lea_reports.jobs.timing import CHECK_SOON, LEASE, TIME_TO_STOP
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import FILE_SIZE, JOBS_ENDED, TIME_TO_READY

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.dependencies import BuildDependencies
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.worker import Worker


def send_finish(dependencies: BuildDependencies, job: Job, now: datetime) -> None:
    """Have a job finished, now that every chunk is done; of several callers one does it.

    A job that was cancelled or given up meanwhile stays as it is.
    """
    if job.state is not JobState.BUILDING:
        return
    try:
        dependencies.jobs.move(job, job.moved(JobState.FINISHING, now, check_after=CHECK_SOON))
    except Conflict:
        return
    dependencies.builds.send([BuildMessage(step=Step.FINISH, lea=job.lea, job=job.id)])


def finish_job(dependencies: BuildDependencies, lea: str, job_id: str, worker: Worker) -> None:
    """Make the files of a job whose chunks are all done, and have the e-mail sent.

    Each file is recorded when it is made: whoever repeats this goes on after the last one. Making one again writes the
    same bytes under the same key; once all are there, only the notice is sent again. A job of which a file cannot be
    made fails after some attempts.

    Raises:
        OutOfTime: the time of the invocation is nearly up, and files are left to be made.
    """
    job = dependencies.jobs.job(lea, job_id)
    if job is not None and job.state is JobState.FINISHING:
        now = worker.now()
        held = dependencies.jobs.claim_step(job, worker.name, now, now + LEASE)
        if held is not None:
            with attempt(dependencies, held, worker) as presence:
                job = _finish(dependencies, held, worker, presence)
    if job is None or job.state is not JobState.READY:
        dependencies.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.FINISH.value)
        return
    dependencies.notices.send([NoticeMessage(lea=job.lea, job=job.id)])


def _finish(dependencies: BuildDependencies, job: Job, worker: Worker, presence: Presence) -> Job | None:
    """Make the files that are not made yet; returns the job as it stands afterwards."""
    finishing = dependencies.producer(job).finishing(job, dependencies.jobs.chunks(job), presence)
    if not finishing.continues(job.files):
        job = replace(job, files=())
    longest = TIME_TO_STOP
    for number in range(1, finishing.count + 1):
        if number <= len(job.files):
            finishing.pass_over(number)
            continue
        if worker.time_left() < longest:
            raise OutOfTime
        began = worker.now()
        file = finishing.make(number)
        longest = max(longest, worker.now() - began)
        now = worker.now()
        joined = job.joined(file, now, held_for=LEASE)
        if number == finishing.count:
            finishing.conclude()
            ready = job.moved(JobState.READY, now, check_after=CHECK_SOON)
            joined = replace(ready, files=joined.files)
        try:
            dependencies.jobs.move(job, joined)
        except Conflict:
            # It was cancelled or given up, or another delivery of the same message was faster.
            return dependencies.jobs.job(job.lea, job.id)
        job = joined
    return recorded_ready(dependencies, job, worker)


def recorded_ready(dependencies: BuildDependencies, job: Job, worker: Worker) -> Job:
    """Say that a job is ready, and return it."""
    for file in job.files:
        dependencies.telemetry.measure(FILE_SIZE, file.size)
    size = sum(file.size for file in job.files)
    seconds = (worker.now() - job.requested_at).total_seconds()
    dependencies.telemetry.event(Event.JOB_READY, job=job.id, lea=job.lea, bytes=size, seconds=seconds)
    dependencies.telemetry.measure(JOBS_ENDED, 1, "ready")
    dependencies.telemetry.measure(TIME_TO_READY, seconds)
    return job
