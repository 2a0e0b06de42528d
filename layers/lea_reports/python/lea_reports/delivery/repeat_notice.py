"""Send the e-mail of a report again, with a new link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict, Gone, Problem, Transient
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import NoticeMessage
from lea_reports.jobs.timing import CHECK_SOON
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import REQUESTS

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

PAUSE = timedelta(minutes=1)
"""How long after an e-mail the next one may be asked for: an impatient click is no wish for a second one."""


def repeat_notice(
    job: Job, *, jobs: JobStore, notices: MessageQueue, telemetry: Telemetry, now: datetime
) -> None:
    """Have the e-mail of a report that is ready sent again; nothing is made again.

    If it is still to be sent anyway, nothing happens. If the message is lost, reconcile sends it again.

    Raises:
        Conflict: the report is not ready (rule `not_ready`), or the last e-mail is a moment old (`sent_just_now`).
        Gone: its file is deleted (rule `report_deleted`).
    """
    kept_until = job.files_kept_until
    if job.state is not JobState.READY or kept_until is None:
        rule = Problem("", "not_ready", "Only the e-mail of a report that is ready can be sent again.")
        raise Conflict(
            f"There is no report to send a link to; the state of the request is {job.state}.", [rule]
        )
    if now >= kept_until:
        rule = Problem("", "report_deleted", "Ask for the report again.")
        raise Gone("The report was deleted, as every report is after 30 days.", [rule])
    if job.notice.sent_at is not None and now - job.notice.sent_at < PAUSE:
        rule = Problem("", "sent_just_now", "Wait a minute; the e-mail may still be on its way.")
        raise Conflict("The e-mail was sent less than a minute ago.", [rule])
    if not jobs.want_notice(job, now, now + CHECK_SOON):
        return
    try:
        notices.send([NoticeMessage(lea=job.lea, job=job.id)])
    except Transient as error:
        telemetry.event(Event.STEP_FAILED, job=job.id, lea=job.lea, **Fault.of(error).fields)
    telemetry.event(Event.NOTICE_WANTED_AGAIN, job=job.id, lea=job.lea)
    telemetry.measure(REQUESTS, 1, "noticed_again")
