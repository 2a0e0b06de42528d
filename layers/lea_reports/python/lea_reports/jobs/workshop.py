"""What the steps of a job work with; each entry point chooses the implementations once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.datasets.lake import Lake
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.planning import Limits
    from lea_reports.jobs.storage import Storage
    from lea_reports.jobs.store import JobStore
    from lea_reports.ssr.engine import SsrEngine
    from lea_reports.telemetry.events import Telemetry

LEASE = timedelta(minutes=15)
"""How long a worker holds a chunk: as long as an invocation can last (a Lambda limit), so never too short."""

CHECK_SOON = timedelta(minutes=2)
"""When reconcile looks after a step that takes seconds."""

CHECK_BUILD = LEASE + timedelta(minutes=1)
"""When reconcile first looks after chunks, and how often it repeats messages of which nothing is seen."""

CHECK_NOTICE = timedelta(hours=1)
"""When reconcile looks again after a notice that it had sent: longer than the queue itself tries."""

NOTICE_GIVEN_UP = timedelta(days=1)
"""When nobody tries any more to tell a requester; the dead letters of the notice queue can still be sent again."""

DEADLINE = timedelta(hours=6)
"""When a job that is still not finished is given up."""

MOST_ATTEMPTS = 10
"""When a chunk is given up: the queue delivers a message five times, so its second message was in vain too."""

ARCHIVE_KEPT = timedelta(days=30)
"""How long a finished archive is kept; the bucket's lifecycle rule uses the same number."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """The stores, queues and tools of a build worker."""

    jobs: JobStore
    lake: Lake
    storage: Storage
    builds: MessageQueue
    notices: MessageQueue
    engine: SsrEngine
    limits: Limits
    telemetry: Telemetry
