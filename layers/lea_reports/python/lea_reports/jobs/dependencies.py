"""What the steps of a job work with; each entry point chooses the implementations once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.jobs.job import Job
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.producer import Producer
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Window:
    """How many chunks of one job wait in the queue or are worked at, so that other jobs get their turn."""

    open_chunks: int = 40

    def __post_init__(self) -> None:
        if self.open_chunks < 1:
            raise ValueError(f"limits out of range: {self}")

    def of(self, chunks: int) -> int:
        """Return how many of a job's chunks are sent at first; each then sends the one that many places behind it.

        No such chain is longer than eight messages: Lambda takes sixteen that follow from each other for a loop.
        """
        return max(self.open_chunks, -(-chunks // _LONGEST_CHAIN))


@dataclass(frozen=True, slots=True)
class BuildDependencies:
    """The stores and queues of a build worker, and what makes each report, by the report's code."""

    jobs: JobStore
    builds: MessageQueue
    notices: MessageQueue
    producers: Mapping[str, Producer]
    telemetry: Telemetry
    window: Window = field(default_factory=Window)

    def producer(self, job: Job) -> Producer:
        """Return what makes the report of a job."""
        return self.producers[job.report]
