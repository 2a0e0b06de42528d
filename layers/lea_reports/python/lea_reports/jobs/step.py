"""Steps of a job that one worker does at a time, planning and finishing: how they are attempted and given up."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict, Transient
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import NoticeMessage
from lea_reports.jobs.presence import Presence, Stopped
from lea_reports.jobs.timing import CHECK_SOON, MOST_STEP_ATTEMPTS
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lea_reports.jobs.dependencies import BuildDependencies
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.worker import Worker

NOT_BUILT = "not_built"
"""The reason of a job of which nothing could be built, and of an item whose chunk was given up."""

GIVEN_UP_AS = {JobState.PLANNING: "not_planned", JobState.FINISHING: "not_finished"}
"""The reason of a job whose step was given up."""


@contextmanager
def attempt(dependencies: BuildDependencies, job: Job, worker: Worker) -> Iterator[Presence]:
    """Attempt the step that a worker holds; if it fails it is given back, or given up if it was the last attempt.

    An attempt is in vain whatever it failed of, but for `Transient`: what is away for an hour must not end every job
    that is under way in that hour. A worker that dies cannot say why; its attempt was counted when it began.
    """
    presence = Presence(worker, lambda until: dependencies.jobs.renew_step(job, until))
    try:
        yield presence
    except Stopped:
        dependencies.jobs.release_step(job, excused=True)
        dependencies.telemetry.event(Event.STEP_STOPPED, job=job.id, lea=job.lea, state=job.state.value)
    except BaseException as error:
        excused = isinstance(error, Transient)
        with suppress(Transient):  # then the lease runs out by itself
            dependencies.jobs.release_step(job, excused=excused)
            if not excused and is_last_attempt(job):
                give_up_step(dependencies, job, worker.now())
        raise


def is_last_attempt(job: Job) -> bool:
    """Whether the step of a job is given up if the present attempt, or the one before, was in vain."""
    return job.attempts_in_vain >= MOST_STEP_ATTEMPTS


def give_up_step(dependencies: BuildDependencies, job: Job, now: datetime) -> None:
    """End a job whose step nobody could do."""
    fail_job(dependencies, job, now, GIVEN_UP_AS[job.state])


def fail_job(dependencies: BuildDependencies, job: Job, now: datetime, reason: str) -> None:
    """End a job with a reason and have the e-mail sent; one that has moved on stays as it is."""
    failed = replace(job.moved(JobState.FAILED, now, check_after=CHECK_SOON), reason=reason)
    try:
        dependencies.jobs.move(job, failed)
    except Conflict:
        return
    dependencies.telemetry.event(Event.JOB_FAILED, job=job.id, lea=job.lea, rule=reason)
    dependencies.telemetry.measure(JOBS_ENDED, 1, "failed")
    dependencies.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
