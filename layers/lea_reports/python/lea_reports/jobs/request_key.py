"""The Idempotency-Key of a request: who sends the same request again under one key gets the job that it has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lea_reports.access.roles import Caller
    from lea_reports.jobs.job import JobSecret

KEY_KEPT = timedelta(hours=24)
"""How long a key stands for its first request."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A key of a caller in an LEA, and the request that it stands for until `expires_at` (whole seconds).

    `digest` is made of the caller and the key, `request` of what was asked for; SHA-256 in hex. `job_id` is the job's.
    """

    lea: str
    digest: str
    request: str
    job_id: str
    expires_at: datetime

    @classmethod
    def of(
        cls,
        key: str,
        caller: Caller,
        report: str,
        chosen: Mapping[str, object],
        secret: JobSecret | None,
        *,
        retry_of: str | None = None,
        job_id: str,
        now: datetime,
    ) -> Self:
        """Return the key of a request; of a password it knows what a job's `JobSecret` knows, and no more.

        `chosen` is what was asked for, as plain JSON values: what was left out too, and not what stands for it today.
        """
        fingerprint = None if secret is None else secret.fingerprint
        asked = [caller.assignment.id, report, chosen, fingerprint, retry_of]
        return cls(
            lea=caller.assignment.lea,
            digest=_digest([caller.identity.subject, key]),
            request=_digest(asked),
            job_id=job_id,
            expires_at=(now + KEY_KEPT).replace(microsecond=0),
        )


def _digest(parts: Sequence[object]) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
