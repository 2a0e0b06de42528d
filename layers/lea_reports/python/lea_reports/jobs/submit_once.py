"""Submit a request that may have been submitted before, under the same Idempotency-Key."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lea_reports.errors import Invalid, Problem, Transient

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.request_key import RequestKey
    from lea_reports.jobs.store import JobStore


def submit_once(key: RequestKey, submit: Callable[[str], Job], *, jobs: JobStore, now: datetime) -> Job:
    """Return the job that the key stands for, at its end or not; `submit` makes it, given its id, if there is none.

    The key is stored first, with the id that the job will bear: of two requests at once both submit the same job, and
    one that dies in between is taken up by its repetition. A request that is refused leaves its key free.

    Raises:
        Invalid: the key was used for another request (rule `idempotency_key_reused`); and what `submit` raises.
    """
    kept = jobs.keep_key(key, now)
    if kept.request != key.request:
        rule = Problem("/Idempotency-Key", "idempotency_key_reused", "Send another key with another request.")
        raise Invalid("The Idempotency-Key was used for another request in the last 24 hours.", [rule])
    job = jobs.job(kept.lea, kept.job_id)
    if job is not None:
        return job
    try:
        job = submit(kept.job_id)
    except BaseException:
        with suppress(Transient):  # then it expires by itself
            jobs.forget_key(kept)
        raise
    if job.id != kept.job_id:
        jobs.point_key(kept, job.id)
    return job
