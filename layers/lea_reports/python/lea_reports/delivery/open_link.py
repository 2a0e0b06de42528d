"""What happens when somebody opens the link of an e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lea_reports.delivery.link_token import decrypted_claim
from lea_reports.delivery.links import DOWNLOAD_STARTS_WITHIN
from lea_reports.jobs.job import JobState
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import LINKS_OPENED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lea_reports.delivery.link_token import LinkClaim
    from lea_reports.delivery.links import Downloads
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry


class LinkState(StrEnum):
    """What became of a link."""

    WORKS = "works"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Where a link leads: to the file (`url`), or to a page that says since when it does not.

    `kept_until` is how long another link can be had, None if the file is deleted; `time_zone` is that of whoever
    the link was sent to (IANA name).
    """

    state: LinkState
    url: str | None = None
    expired_at: datetime | None = None
    kept_until: datetime | None = None
    time_zone: str | None = None


def open_link(
    token: str,
    *,
    secrets: Sequence[str],
    jobs: JobStore,
    downloads: Downloads,
    telemetry: Telemetry | None,
    now: datetime,
) -> OpenedLink:
    """Lead whoever holds a link to its file; `secrets` are those that tokens are encrypted with, the newest first.

    Without `telemetry` it is looked up and not counted as opened.
    Opening changes nothing, so mail scanners and second clicks do no harm. The URL that it leads to never works longer
    than the link.
    """
    claim = decrypted_claim(token, secrets)
    job = jobs.job(claim.lea, claim.job) if claim else None
    if claim is None or job is None or not _is_ready(job, claim.file):
        if telemetry:
            telemetry.event(Event.LINK_REFUSED)
            telemetry.measure(LINKS_OPENED, 1, LinkState.UNKNOWN)
        return OpenedLink(LinkState.UNKNOWN)
    found = _opened(claim, job, downloads, now)
    if telemetry:
        telemetry.event(Event.LINK_OPENED, lea=job.lea, job=job.id, state=found.state.value)
        telemetry.measure(LINKS_OPENED, 1, found.state)
    return found


def _is_ready(job: Job, file: int) -> bool:
    return job.state is JobState.READY and 1 <= file <= len(job.files)


def _opened(claim: LinkClaim, job: Job, downloads: Downloads, now: datetime) -> OpenedLink:
    left = claim.expires_at - now
    if left.total_seconds() >= 1:
        file = job.files[claim.file - 1]
        return OpenedLink(LinkState.WORKS, url=downloads.url(file, min(left, DOWNLOAD_STARTS_WITHIN)))
    kept_until = job.files_kept_until
    return OpenedLink(
        LinkState.EXPIRED,
        expired_at=claim.expires_at,
        kept_until=kept_until if kept_until and kept_until > now else None,
        time_zone=job.requester.time_zone,
    )
