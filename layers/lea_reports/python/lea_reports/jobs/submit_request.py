"""The first step: a request becomes a job."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.assessments import program_day
from lea_reports.errors import Transient
from lea_reports.jobs.job import Job
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.workshop import CHECK_SOON
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import REQUESTS

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.access.roles import Caller
    from lea_reports.datasets.lake import Lake
    from lea_reports.jobs.job import PasswordLock
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.store import JobStore
    from lea_reports.reports.catalog import ReportDefinition
    from lea_reports.reports.student_score_reports import SsrSelection
    from lea_reports.telemetry.events import Telemetry


def submit_request(  # its arguments are what the outside world decides
    *,
    report: ReportDefinition,
    selection: SsrSelection,
    lock: PasswordLock | None,
    caller: Caller,
    job_id: str,
    now: datetime,
    jobs: JobStore,
    lake: Lake,
    builds: MessageQueue,
    telemetry: Telemetry,
) -> Job:
    """Store the job of a request and have it planned; an identical open request returns the job it already has.

    The data is pinned here: the job is made from what was published when it was asked for. With a `lock` its PDFs ask
    for a password; another password makes another request.

    Raises:
        Forbidden: the role may not ask for this report.
        Invalid: the selection names what the LEA does not have, or what cannot be found yet.
        Transient: nothing was stored.
    """
    assignment = caller.assignment
    report.check_role(assignment)
    snapshots = lake.pinned()
    directory = lake.directory(snapshots, assignment.lea)
    selection.check(directory, program_day(now))
    job = Job(
        id=job_id,
        lea=directory.lea.cds_code,
        report=report.code,
        selection=replace(selection, protected=lock is not None),
        requester=caller.identity,
        role=assignment.id,
        snapshots=snapshots,
        requested_at=now,
        check_at=now + CHECK_SOON,
        lock=lock,
    )
    return submit_job(job, jobs=jobs, builds=builds, telemetry=telemetry)


def submit_job(wanted: Job, *, jobs: JobStore, builds: MessageQueue, telemetry: Telemetry) -> Job:
    """Store a job and have it planned, or return the identical one that is still open.

    If the message is lost after the job is stored, reconcile sends it again.

    Raises:
        Transient: nothing was stored.
    """
    job = jobs.submit(wanted)
    if job.id != wanted.id:
        telemetry.event(Event.REQUEST_REPEATED, job=job.id, lea=job.lea, report=job.report)
        return job
    try:
        builds.send([BuildMessage(step=Step.PLAN, lea=job.lea, job=job.id)])
    except Transient as error:
        telemetry.event(Event.STEP_FAILED, job=job.id, lea=job.lea, **Fault.of(error).fields)
    role = job.role.partition("@")[0]
    telemetry.event(Event.REQUEST_ACCEPTED, job=job.id, lea=job.lea, report=job.report, role=role)
    telemetry.measure(REQUESTS, 1, "accepted" if job.retry is None else "retried")
    return job
