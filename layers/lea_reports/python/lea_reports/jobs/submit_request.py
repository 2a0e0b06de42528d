"""The first step: a request becomes a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lea_reports.assessments import program_day
from lea_reports.errors import Transient
from lea_reports.jobs.job import Job
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.timing import CHECK_SOON
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import REQUESTS

if TYPE_CHECKING:
    from datetime import date, datetime

    from lea_reports.access.roles import Caller, RoleAssignment
    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.job import JobSecret
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.store import JobStore
    from lea_reports.organizations import LeaDirectory
    from lea_reports.telemetry.events import Telemetry


class Asked(Protocol):
    """A request for a report, as a job sees it."""

    @property
    def code(self) -> str:
        """The code of the report."""

    def check_role(self, assignment: RoleAssignment) -> None:
        """Raise `Forbidden` unless the role may ask for the report."""

    def check(self, directory: LeaDirectory, day: date) -> None:
        """Raise `Invalid` if it names what the LEA does not have, or what cannot be found on a day of the program."""

    def parameters(self, day: date) -> dict[str, object]:
        """Return what was chosen, as plain JSON values that are equal for equal choices."""


def submit_request(  # its arguments are what the outside world decides
    *,
    asked: Asked,
    secret: JobSecret | None,
    caller: Caller,
    job_id: str,
    now: datetime,
    jobs: JobStore,
    datasets: DatasetReader,
    builds: MessageQueue,
    telemetry: Telemetry,
) -> Job:
    """Store the job of a request and have it planned; an identical open request returns the job it already has.

    The data is pinned here: the job is made from what was published when it was asked for. Another `secret` makes
    another request.

    Raises:
        Forbidden: the role may not ask for this report.
        Invalid: the request names what the LEA does not have, or what cannot be found yet.
        Transient: nothing was stored.
    """
    assignment = caller.assignment
    asked.check_role(assignment)
    snapshots = datasets.pinned()
    directory = datasets.directory(snapshots, assignment.lea)
    day = program_day(now)
    asked.check(directory, day)
    job = Job(
        id=job_id,
        lea=directory.lea.cds_code,
        report=asked.code,
        parameters=asked.parameters(day),
        requester=caller.identity,
        role=assignment.id,
        snapshots=snapshots,
        requested_at=now,
        check_at=now + CHECK_SOON,
        secret=secret,
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
