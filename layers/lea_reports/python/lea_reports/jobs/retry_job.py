"""Make once more what could not be made of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.errors import Conflict, Gone, Problem, Transient
from lea_reports.jobs.job import LONGEST_NAME, Job, JobState, Retry
from lea_reports.jobs.submit_request import submit_job
from lea_reports.jobs.timing import CHECK_SOON

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.access.roles import Caller
    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.job import JobSecret
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

_MARK = "_retry-"
_MOST_MEETINGS = 5  # with other retries of the same job


def retry_job(
    *,
    job: Job,
    secret: JobSecret | None,
    caller: Caller,
    job_id: str,
    now: datetime,
    jobs: JobStore,
    datasets: DatasetReader,
    builds: MessageQueue,
    telemetry: Telemetry,
) -> Job:
    """Store a job that makes only the items that another one lacks, and have it planned.

    It has a file and an e-mail of its own, and is made from the data of now, which may be corrected. Of a job that
    failed everything is made. While a retry is open, an identical one returns it.

    Raises:
        Conflict: the job is not at its end (rule `not_ended`), or it lacks nothing that could be made
            (`nothing_to_retry`).
        Gone: its file is deleted, and with it the list of what it lacks (rule `report_deleted`).
        Transient: nothing was stored.
    """
    listed_by = _listed_by(job, jobs, now)
    for _ in range(_MOST_MEETINGS):
        wanted = Job(
            id=job_id,
            lea=job.lea,
            report=job.report,
            parameters={**job.parameters, "name": _name(job, jobs)},
            requester=caller.identity,
            role=caller.assignment.id,
            snapshots=datasets.pinned(),
            requested_at=now,
            check_at=now + CHECK_SOON,
            secret=secret,
            retry=Retry(job.id, listed_by, after=job.retried_as),
        )
        try:
            return submit_job(wanted, jobs=jobs, builds=builds, telemetry=telemetry)
        except Conflict:  # another retry has the name
            job = jobs.job(job.lea, job.id) or job
    raise Transient("The request could not be stored; try again.")


def _name(job: Job, jobs: JobStore) -> str:
    """Return the name of the next retry of a job, as that stands now."""
    last = None if job.retried_as is None else jobs.job(job.lea, job.retried_as)
    return next_name(job.name, is_retry=job.retry is not None, last=None if last is None else last.name)


def next_name(name: str, *, is_retry: bool, last: str | None) -> str:
    """Return the name of a retry of what bears a name, is a retry itself or not, and was `last` retried under a name.

    No two retries that go back to one report have the same: `Spring_retry-1` and `Spring_retry-2` retry Spring,
    `Spring_retry-1-1` retries the first of them. A name that would be too long loses letters in front of that.
    """
    if last is not None and _MARK in last:
        before, _, number = last.rpartition("-")
        following = f"{before}-{int(number) + 1}"
    else:
        following = f"{name}-1" if is_retry else f"{name}{_MARK}1"
    stem, _, numbers = following.rpartition(_MARK)
    end = f"{_MARK}{numbers}"
    return f"{stem[: LONGEST_NAME - len(end)]}{end}"


def _listed_by(job: Job, jobs: JobStore, now: datetime) -> str | None:
    """Return the job whose list names what to make; None if that is everything that was chosen."""
    if job.state.is_open:
        rule = Problem("", "not_ended", "Wait until it has ended.")
        raise Conflict(f"The request has not ended; its state is {job.state}.", [rule])
    # A retry that failed has no list of its own: what it was to make stands on another's.
    listed_by = job.listed_by if job.state is JobState.FAILED else job.id
    if listed_by is None:
        return None
    if job.state is JobState.CANCELLED:
        raise Conflict("The request was cancelled.", [Problem("", "nothing_to_retry", "Ask for it again.")])
    if listed_by == job.id and not (job.state is JobState.READY and job.progress.not_included):
        rule = Problem("", "nothing_to_retry", "Ask for another report if you need other SSRs.")
        raise Conflict(f"The request has nothing to retry; its state is {job.state}.", [rule])
    listing = jobs.job(job.lea, listed_by)
    kept_until = listing.files_kept_until if listing else None
    if kept_until is None or now >= kept_until:
        rule = Problem("", "report_deleted", "Ask for the report again.")
        raise Gone("The report was deleted, as every report is after 30 days.", [rule])
    return listed_by
