"""The version of a report request, as HTTP names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.jobs.job import Job


def entity_tag(job: Job, now: datetime) -> str:
    """Return the ETag of a job.

    It is weak: the estimate changes with the clock, and need not be sent again for that; that there is none any more
    need.
    """
    progress, notice = job.progress, job.notice
    estimated = "" if job.seconds_left(now) is None else "estimated"
    sent = int(notice.sent_at.timestamp()) if notice.sent_at else 0
    retried = job.retried_as or ""
    return f'W/"{job.version}-{progress.chunks_done}-{estimated}-{notice.state}-{sent}-{retried}"'


def is_named(tag: str, tags: str | None) -> bool:
    """Whether an If-None-Match names this version: any of a list, weak or strong, or `*` for whatever there is."""
    named = {each.strip().removeprefix("W/") for each in (tags or "").split(",")}
    return bool(named & {"*", tag.removeprefix("W/")})
