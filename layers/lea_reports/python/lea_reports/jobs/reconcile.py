"""Sets stuck jobs going again: messages that were never sent, workers that died, deadlines that passed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict
from lea_reports.jobs.assemble_archive import send_assembly
from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.workshop import CHECK_BUILD, CHECK_SOON, DEADLINE
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED, JOBS_WAITING, RECONCILED

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.workshop import Workshop

_MOST_AT_ONCE = 100  # the next run, a minute later, takes the rest
_MOST_COUNTED = 10_000


def reconcile(workshop: Workshop, now: datetime) -> None:
    """Look after every job whose `check_at` has passed.

    The check is moved on before anything is sent, so of two runs at once only one acts. What it sends may already be
    on its way: each step is safe to repeat.
    """
    for job in workshop.jobs.due(now, _MOST_AT_ONCE):
        building = job.state is JobState.BUILDING
        if not workshop.jobs.postpone_check(job, now + (CHECK_BUILD if building else CHECK_SOON)):
            continue
        if job.state.is_open and now - job.requested_at > DEADLINE:
            _give_up(workshop, job, now)
        else:
            _set_going(workshop, job, now)
        workshop.telemetry.event(Event.JOB_RECONCILED, job=job.id, lea=job.lea, state=job.state.value)
        workshop.telemetry.measure(RECONCILED, 1)
    workshop.telemetry.measure(JOBS_WAITING, workshop.jobs.open_jobs(_MOST_COUNTED))


def _set_going(workshop: Workshop, job: Job, now: datetime) -> None:
    match job.state:
        case JobState.REQUESTED | JobState.PLANNING:
            workshop.builds.send([BuildMessage(step=Step.PLAN, lea=job.lea, job=job.id)])
        case JobState.BUILDING:
            open_chunks = [chunk for chunk in workshop.jobs.chunks(job) if chunk.state is not ChunkState.DONE]
            late = [
                chunk.number
                for chunk in open_chunks
                if chunk.leased_until is None or chunk.leased_until <= now
            ]
            workshop.builds.send(
                [BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=number) for number in late]
            )
            if not open_chunks:
                send_assembly(workshop, job, now)
        case JobState.ASSEMBLING:
            workshop.builds.send([BuildMessage(step=Step.ASSEMBLE, lea=job.lea, job=job.id)])
        case _:
            workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])


def _give_up(workshop: Workshop, job: Job, now: datetime) -> None:
    failed = replace(job.moved(JobState.FAILED, now, check_after=CHECK_SOON), reason="deadline_passed")
    try:
        workshop.jobs.move(job, failed)
    except Conflict:
        return
    workshop.telemetry.event(Event.JOB_FAILED, job=job.id, lea=job.lea, rule="deadline_passed")
    workshop.telemetry.measure(JOBS_ENDED, 1, "failed")
    workshop.notices.send([NoticeMessage(lea=job.lea, job=job.id)])
