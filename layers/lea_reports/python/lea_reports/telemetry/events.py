"""Log lines as coded events: a fixed sentence each, and fields from a short list.

Free text never reaches a log, so student data cannot: whoever logs gives an event and fields that are on the list.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.telemetry.metrics import Metric

FIELDS = frozenset(
    {
        "attempt",
        "bytes",
        "chunk",
        "chunks",
        "error",
        "items",
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
        "state",
        "status",
        "step",
        "user",
    }
)
"""What a log line may carry: ids of jobs, LEAs and staff, codes and counts.

`error` is the class of an exception, `raised_in` (a module) and `line` where it came out of our code.
"""


class Level(Enum):
    """How much an event matters.

    An error is for operators: work did not get done because of us. A warning did harm to one SSR, or took a repair.
    What clients do wrong is information.
    """

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


IDS = frozenset({"request_id", "api_request_id"})
"""What stands in every line: the id of the invocation, and that of the HTTP request, a header of its answer."""


class Event(Enum):
    """Everything that the system logs: a code, how much it matters, and the sentence that explains it."""

    def __init__(self, level: Level, sentence: str) -> None:
        self.level = level
        self.sentence = sentence

    REQUEST_ACCEPTED = Level.INFO, "A report was requested."
    REQUEST_REPEATED = Level.INFO, "An identical request is still open; its job was returned."
    REQUEST_REFUSED = Level.INFO, "A request was refused."
    REQUEST_FAILED = Level.ERROR, "A request failed because of a fault of ours."
    JOB_PLANNED = Level.INFO, "A job was split into chunks."
    JOB_WITHOUT_RESULTS = Level.INFO, "Nothing matches the request."
    JOB_READY = Level.INFO, "The files of a report are finished."
    JOB_FAILED = Level.ERROR, "A job was given up."
    JOB_RECONCILED = Level.WARNING, "A job was stuck and was set going again."
    CHUNK_BUILT = Level.INFO, "A chunk was built."
    CHUNK_SKIPPED = Level.INFO, "A chunk was skipped: it is done, or another worker builds it."
    CHUNK_GIVEN_UP = Level.WARNING, "A chunk could not be built; its SSRs are listed as not included."
    CHUNK_STOPPED = (
        Level.INFO,
        "A worker stopped building: its job is no longer being built, or another worker has its chunk.",
    )
    STEP_STOPPED = (
        Level.INFO,
        "A worker stopped planning or finishing: its job has moved on, or another worker has its step.",
    )
    STEP_SKIPPED = Level.INFO, "A step was skipped: the job is past it, or another worker does it."
    SSR_FAILED = Level.WARNING, "An SSR could not be rendered; it is listed as not included."
    STEP_FAILED = Level.ERROR, "A step failed; the queue will deliver it again."
    JOB_CANCELLED = Level.INFO, "A job was cancelled by its requester."
    LINK_OPENED = Level.INFO, "A link of an e-mail was opened; `state` says whether it still works."
    LINK_REFUSED = Level.INFO, "A link was refused: we sent it to nobody, or its job is gone."
    NOTICE_WANTED_AGAIN = Level.INFO, "The requester asked for the e-mail again."
    NOTICE_SENT = Level.INFO, "The e-mail was accepted for sending; that does not say that it arrived."
    NOTICE_SKIPPED = (
        Level.INFO,
        "A notice was skipped: its e-mail was accepted before, or another worker sends it.",
    )
    NOTICE_REFUSED = Level.WARNING, "The e-mail was not accepted; the queue will deliver the notice again."
    NOTICE_GIVEN_UP = Level.ERROR, "The e-mail could not be sent for a day; reconcile no longer tries."


class Telemetry(Protocol):
    """Where events and measurements go."""

    def begin(self, **ids: str) -> None:
        """Begin an invocation: its ids, of those in `IDS`, stand in each of its lines, and in no line of another."""

    def event(self, event: Event, **fields: object) -> None:
        """Log an event; every field's name must be in `FIELDS`."""

    def measure(self, metric: Metric, value: float, outcome: str | None = None) -> None:
        """Add to a metric; `outcome` is one of its outcomes, None if it has none."""


def check_fields(fields: dict[str, object]) -> None:
    """Raise `ValueError` for a field that is not on the list."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"not allowed in a log line: {', '.join(sorted(unknown))}")


def check_ids(ids: Mapping[str, str]) -> None:
    """Raise `ValueError` for an id that is not on the list."""
    unknown = ids.keys() - IDS
    if unknown:
        raise ValueError(f"not an id of an invocation: {', '.join(sorted(unknown))}")


def check_outcome(metric: Metric, outcome: str | None) -> None:
    """Raise `ValueError` for an outcome that the metric does not have."""
    if (outcome is None) is bool(metric.outcomes) or (outcome and outcome not in metric.outcomes):
        raise ValueError(f"{metric.name} has no outcome {outcome}")


class MemoryTelemetry:
    """Events and measurements in memory, for tests."""

    def __init__(self) -> None:
        self.events: list[tuple[Event, dict[str, object]]] = []
        self.measures: list[tuple[str, float, str | None]] = []
        self.ids: Mapping[str, str] = {}

    def begin(self, **ids: str) -> None:
        """Keep the ids of the invocation."""
        check_ids(ids)
        self.ids = ids

    def event(self, event: Event, **fields: object) -> None:
        """Keep an event."""
        check_fields(fields)
        self.events.append((event, fields))

    def measure(self, metric: Metric, value: float, outcome: str | None = None) -> None:
        """Keep a measurement."""
        check_outcome(metric, outcome)
        self.measures.append((metric.name, value, outcome))
