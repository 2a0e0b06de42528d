"""The last step: send the requester the e-mail of how their job ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lea_reports.delivery.letter import compose
from lea_reports.errors import Transient
from lea_reports.jobs.job import NOTICED_STATES, Notice, NoticeState
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import NOTICES

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.delivery.links import Links
    from lea_reports.delivery.mail import Mailer
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

CLAIM = timedelta(minutes=5)
"""How long a sender has the notice to itself: longer than `notify` can run."""


def send_notice(
    jobs: JobStore,
    links: Links,
    mailer: Mailer,
    telemetry: Telemetry,
    *,
    lea: str,
    job_id: str,
    now: datetime,
) -> None:
    """Send the e-mail of a job that is at its end, once, however often the message is delivered.

    The claim comes before the e-mail, the record after it. Only a sender that dies between the two leaves it open
    whether the e-mail went out; then it is sent again, since a second e-mail is better than none. Sent is what the mail
    service accepted: whether it arrives is not known here.

    Raises:
        Transient: the e-mail was not accepted; another delivery may send it.
    """
    job = jobs.job(lea, job_id)
    if job is None or job.state not in NOTICED_STATES or not jobs.claim_notice(job, now, now + CLAIM):
        telemetry.event(Event.NOTICE_SKIPPED, lea=lea, job=job_id)
        telemetry.measure(NOTICES, 1, "repeated")
        return
    try:
        made = links.links(job, now) if job.files else ()
        mailer.send(compose(job, made))
    except Transient:
        jobs.release_notice(job)
        telemetry.event(Event.NOTICE_REFUSED, lea=lea, job=job_id)
        telemetry.measure(NOTICES, 1, "refused")
        raise
    expires_at = made[0].expires_at if made else None
    jobs.record_notice(job, Notice(NoticeState.SENT, sent_at=now, link_expires_at=expires_at))
    telemetry.event(Event.NOTICE_SENT, lea=lea, job=job_id, state=job.state.value)
    telemetry.measure(NOTICES, 1, "sent")
