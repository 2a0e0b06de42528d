"""The list of what an archive lacks, as it is read page by page: the bytes of its list as CSV."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from lea_reports.errors import Conflict, Gone, Invalid, Problem
from lea_reports.jobs.job import FILES_KEPT, JobState
from lea_reports.ssr_archive.listing import REASONS, not_included_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.storage import Storage
    from lea_reports.ssr_archive.listing import NotIncluded

_LONGEST_ROW = 100 + max(len(f"{reason},{sentence}".encode()) for reason, sentence in REASONS.items())
"""In bytes; the codes of an SSR take less than a hundred of them."""
_END_OF_ROW = b"\r\n"


NOT_INCLUDED_KEPT = FILES_KEPT + timedelta(days=1)
"""How long the list is kept; a retry that is asked for in the archive's last minute is planned later."""


_NOT_YET = "What is missing is known when the report is ready."
_WITHOUT_LIST = {
    JobState.NO_RESULTS: "No SSR fits what was chosen, so none is missing.",
    JobState.FAILED: "The request failed as a whole and has no list: retry it, and all of it is made.",
    JobState.CANCELLED: "The request was cancelled and has no list: ask for it again.",
}
"""Why a job has no list, by the end that it came to."""


def not_included_key(lea: str, job_id: str) -> str:
    """Return where the list of a job stands."""
    return f"not-included/{lea}/{job_id}.csv"


def not_included_ssrs(lea: str, job_id: str, storage: Storage) -> Iterator[NotIncluded]:
    """Return every SSR that the archive of a job lacks, in its order.

    Raises:
        NotFound: it lacks none, or the list is deleted.
    """
    lines = io.StringIO(storage.get(not_included_key(lea, job_id)).decode("utf-8-sig"), newline="")
    next(lines)  # the headings
    return not_included_in(lines)


@dataclass(frozen=True, slots=True)
class NotIncludedPage:
    """Some SSRs that an archive lacks, in its order; `next` (a place in bytes) asks for more, None at the end."""

    ssrs: tuple[NotIncluded, ...]
    next: int | None


def not_included_page(
    job: Job, storage: Storage, *, limit: int, after: int | None, now: datetime
) -> NotIncludedPage:
    """Return at most `limit` SSRs that the archive of a job lacks, from the place that the page before told.

    Raises:
        Conflict: the report is not ready (rule `not_ready`).
        Gone: its archive is deleted, and the list with it (rule `report_deleted`).
        Invalid: no page told this place (rule `unknown_place`).
    """
    kept_until = job.files_kept_until
    if job.state is not JobState.READY or kept_until is None:
        rule = Problem("", "not_ready", _WITHOUT_LIST.get(job.state, _NOT_YET))
        raise Conflict(f"The request has no list of what is not included; its state is {job.state}.", [rule])
    if now >= kept_until:
        rule = Problem("", "report_deleted", "Ask for the report again.")
        raise Gone("The report was deleted, as every report is after 30 days.", [rule])
    if not job.progress.not_included:
        return NotIncludedPage((), None)
    start, lines = _lines(storage, not_included_key(job.lea, job.id), limit, after)
    rows = lines[:limit]
    place = start + sum(len(row) + len(_END_OF_ROW) for row in rows)
    found = not_included_in(row.decode() for row in rows)
    return NotIncludedPage(tuple(found), place if len(lines) > limit else None)


def _lines(storage: Storage, key: str, limit: int, after: int | None) -> tuple[int, list[bytes]]:
    """Return where the rows asked for begin, and those rows with, if there is one, at least one more."""
    length = (limit + 2) * _LONGEST_ROW
    if after is None:
        head, _, content = storage.get(key, 0, length).partition(_END_OF_ROW)
        return len(head) + len(_END_OF_ROW), content.split(_END_OF_ROW)[:-1]
    end_of_row, _, content = storage.get(key, after - len(_END_OF_ROW), after + length).partition(_END_OF_ROW)
    if end_of_row or not content:
        rule = Problem("/after", "unknown_place", "Use `next` of the page before.")
        raise Invalid("There is no such page.", [rule])
    return after, content.split(_END_OF_ROW)[:-1]
