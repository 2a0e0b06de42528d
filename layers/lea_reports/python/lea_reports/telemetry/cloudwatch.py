"""Events as JSON log lines and measurements in CloudWatch's embedded metric format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from lea_reports.telemetry.events import check_fields, check_outcome
from lea_reports.telemetry.metrics import NAMESPACE

if TYPE_CHECKING:
    from lea_reports.telemetry.events import Event
    from lea_reports.telemetry.metrics import Metric


class CloudWatchTelemetry:
    """Writes to standard output, which Lambda hands to CloudWatch."""

    def __init__(self, service: str, stage: str) -> None:
        self._logger = Logger(service=service)
        self._dimensions = {"service": service, "stage": stage}

    def event(self, event: Event, **fields: object) -> None:
        """Log an event with its code, sentence and fields."""
        check_fields(fields)
        self._logger.info(event.value, extra={"event": event.name.lower(), **fields})

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
