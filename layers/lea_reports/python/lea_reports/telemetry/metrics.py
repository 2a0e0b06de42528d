"""The metrics that the functions emit: one table, read by the code that emits and by the dashboards.

Namespace `LeaReports`; dimensions are the service, the stage and, where a metric has outcomes, the outcome.
Never an LEA, a school or a student: those are either unbounded or protected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NAMESPACE = "LeaReports"

Unit = Literal["Count", "Seconds", "Bytes"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number over time.

    `outcomes` lists the values of its outcome dimension; empty where it has none.
    """

    name: str
    unit: Unit
    service: str
    meaning: str
    outcomes: tuple[str, ...] = ()


REQUESTS = Metric(
    "Requests",
    "Count",
    "request_report",
    "report requests by outcome",
    ("accepted", "retried", "refused", "cancelled", "noticed_again"),
)
JOBS_ENDED = Metric(
    "JobsEnded", "Count", "build_report", "jobs that reached their end", ("ready", "no_results", "failed")
)
TIME_TO_READY = Metric("TimeToReady", "Seconds", "build_report", "from the request to the finished report")
SSRS = Metric("StudentScoreReports", "Count", "build_report", "SSRs by outcome", ("made", "not_included"))
ROWS = Metric("ReportRows", "Count", "build_report", "rows of tables by outcome", ("made", "not_included"))
CHUNK_TIME = Metric("ChunkTime", "Seconds", "build_report", "time to build one chunk")
FILE_SIZE = Metric("FileSize", "Bytes", "build_report", "size of a finished file")
JOBS_WAITING = Metric("JobsWaiting", "Count", "build_report", "jobs under way, counted by each reconcile run")
RECONCILED = Metric("Reconciled", "Count", "build_report", "jobs and chunks that reconcile had to put right")
NOTICES = Metric(
    "Notices",
    "Count",
    "notify",
    "e-mails by outcome; a sent one was accepted, which does not say that it arrived",
    ("sent", "repeated", "refused"),
)
LINKS_OPENED = Metric(
    "LinksOpened",
    "Count",
    "open_link",
    "links of e-mails that were opened, by what became of them",
    ("works", "expired", "unknown"),
)

METRICS: tuple[Metric, ...] = (
    REQUESTS,
    JOBS_ENDED,
    TIME_TO_READY,
    SSRS,
    ROWS,
    CHUNK_TIME,
    FILE_SIZE,
    JOBS_WAITING,
    RECONCILED,
    NOTICES,
    LINKS_OPENED,
)
