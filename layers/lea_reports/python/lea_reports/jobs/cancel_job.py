"""Stop a job that its requester does not want any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.errors import Conflict, Problem, Transient
from lea_reports.jobs.job import JobState
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import REQUESTS

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

_MOST_MEETINGS = 5  # more often than a job moves in its life


def cancel_job(job: Job, *, jobs: JobStore, telemetry: Telemetry, now: datetime) -> Job:
    """Cancel an open job; cancelling it again changes nothing. Returns the job as it stands afterwards.

    Workers learn it when they begin a chunk and whenever they renew their lease. No e-mail is sent.

    Raises:
        Conflict: it is at its end already (rule `already_ended`).
        Transient: it was not cancelled; try again.
    """
    current: Job | None = job
    for _ in range(_MOST_MEETINGS):
        if current is None:
            break
        if current.state is JobState.CANCELLED:
            return current
        if not current.state.is_open:
            detail = f"The request has already ended; its state is {current.state}."
            raise Conflict(detail, [Problem("", "already_ended", "Only an open request can be cancelled.")])
        cancelled = current.moved(JobState.CANCELLED, now, check_after=None)
        try:
            jobs.move(current, cancelled)
        except Conflict:
            current = jobs.job(job.lea, job.id)
            continue
        telemetry.event(Event.JOB_CANCELLED, job=job.id, lea=job.lea)
        telemetry.measure(REQUESTS, 1, "cancelled")
        return cancelled
    raise Transient("The request could not be cancelled; try again.")
