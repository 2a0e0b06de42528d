"""Log lines as coded events: a fixed sentence each, and fields from a short list.

Free text never reaches a log, so student data cannot: whoever logs gives an event and fields that are on the list.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lea_reports.telemetry.metrics import Metric

FIELDS = frozenset(
    {
        "attempt",
        "bytes",
        "chunk",
        "chunks",
        "error",
        "job",
        "lea",
        "line",
        "made",
        "not_included",
        "raised_in",
        "report",
        "role",
        "rule",
        "seconds",
        "ssrs",
        "state",
        "status",
        "step",
        "user",
    }
)
"""What a log line may carry: ids of jobs, LEAs and staff, codes and counts.

`error` is the class of an exception, `raised_in` (a module) and `line` where it came out of our code.
"""


class Event(Enum):
    """Everything that the system logs: a code and the sentence that explains it."""

    REQUEST_ACCEPTED = "A report was requested."
    REQUEST_REPEATED = "An identical request is still open; its job was returned."
    REQUEST_REFUSED = "A request was refused."
    REQUEST_FAILED = "A request failed because of us."
    JOB_PLANNED = "A job was split into chunks."
    JOB_WITHOUT_RESULTS = "Nothing matches the request."
    JOB_READY = "An archive is finished."
    JOB_FAILED = "A job was given up."
    JOB_RECONCILED = "A job was stuck and was set going again."
    CHUNK_BUILT = "A chunk was built."
    CHUNK_SKIPPED = "A chunk is done, or another worker is at it."
    CHUNK_GIVEN_UP = "A chunk could not be built; its SSRs are listed as not included."
    CHUNK_STOPPED = "A worker stopped building: its job is no longer built, or its chunk went to another."
    STEP_STOPPED = (
        "A worker stopped planning or assembling: its job has moved on, or its step went to another."
    )
    STEP_SKIPPED = "A step was asked for that the job is past, or another worker is at it."
    SSR_FAILED = "An SSR could not be rendered; it is listed as not included."
    STEP_FAILED = "A step failed; the queue will deliver it again."
    JOB_CANCELLED = "A job was cancelled by its requester."
    LINK_OPENED = "A link of an e-mail was opened; `state` says whether it still works."
    LINK_REFUSED = "A link was opened that nobody was sent, or whose job is gone."
    NOTICE_WANTED_AGAIN = "The requester asked for the e-mail again."
    NOTICE_SENT = "The e-mail was accepted for sending; that does not say that it arrived."
    NOTICE_SKIPPED = "The e-mail was accepted before, or another worker is at it."
    NOTICE_REFUSED = "The e-mail was not accepted; the queue will deliver the notice again."
    NOTICE_GIVEN_UP = "The e-mail could not be sent for a day; reconcile does not try any more."


class Telemetry(Protocol):
    """Where events and measurements go."""

    def event(self, event: Event, **fields: object) -> None:
        """Log an event; every field's name must be in `FIELDS`."""

    def measure(self, metric: Metric, value: float, outcome: str | None = None) -> None:
        """Add to a metric; `outcome` is one of its outcomes, None if it has none."""


def check_fields(fields: dict[str, object]) -> None:
    """Raise `ValueError` for a field that is not on the list."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"not allowed in a log line: {', '.join(sorted(unknown))}")


def check_outcome(metric: Metric, outcome: str | None) -> None:
    """Raise `ValueError` for an outcome that the metric does not have."""
    if (outcome is None) is bool(metric.outcomes) or (outcome and outcome not in metric.outcomes):
        raise ValueError(f"{metric.name} has no outcome {outcome}")


class MemoryTelemetry:
    """Events and measurements in memory, for tests."""

    def __init__(self) -> None:
        self.events: list[tuple[Event, dict[str, object]]] = []
        self.measures: list[tuple[str, float, str | None]] = []

    def event(self, event: Event, **fields: object) -> None:
        """Keep an event."""
        check_fields(fields)
        self.events.append((event, fields))

    def measure(self, metric: Metric, value: float, outcome: str | None = None) -> None:
        """Keep a measurement."""
        check_outcome(metric, outcome)
        self.measures.append((metric.name, value, outcome))
