"""Events as JSON log lines and measurements in CloudWatch's embedded metric format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from lea_reports.telemetry.events import Level, check_fields, check_ids, check_outcome
from lea_reports.telemetry.metrics import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.telemetry.events import Event
    from lea_reports.telemetry.metrics import Metric

_WHO_LOGS = 3  # calls up: whoever called us, not the library and not this module


class CloudWatchTelemetry:
    """Writes to standard output, which Lambda hands to CloudWatch."""

    def __init__(self, service: str, stage: str) -> None:
        logger = Logger(service=service)
        self._write = {Level.INFO: logger.info, Level.WARNING: logger.warning, Level.ERROR: logger.error}
        self._ids: Mapping[str, str] = {}
        self._dimensions = {"service": service, "stage": stage}

    def begin(self, **ids: str) -> None:
        """Begin an invocation, whose ids stand in each of its lines."""
        check_ids(ids)
        self._ids = ids

    def event(self, event: Event, **fields: object) -> None:
        """Log an event with its code, sentence and fields."""
        check_fields(fields)
        fields_of_line = {"event": event.name.lower(), **self._ids, **fields}
        self._write[event.level](event.sentence, extra=fields_of_line, stacklevel=_WHO_LOGS)

    def measure(self, metric: Metric, value: float, outcome: str | None = None) -> None:
        """Write one measurement."""
        check_outcome(metric, outcome)
        with single_metric(
            name=metric.name,
            unit=MetricUnit[metric.unit],
            value=value,
            namespace=NAMESPACE,
            default_dimensions=self._dimensions,
        ) as emitted:
            if outcome is not None:
                emitted.add_dimension("outcome", outcome)
