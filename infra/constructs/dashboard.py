"""What operators look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from lea_reports.telemetry.metrics import JOBS_WAITING, METRICS, NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_lambda as lambda_

    from infra.constructs.work_queue import WorkQueue
    from infra.stages import Stage
    from lea_reports.telemetry.metrics import Metric

COLUMNS = 24
PERIOD = Duration.minutes(5)

#: How a metric is summed up over a period, by its unit.
STATISTICS = {"Count": ("Sum",), "Seconds": ("p50", "p95", "Maximum"), "Bytes": ("p50", "Maximum")}

#: What a line is called, by the metric's unit and how it is summed up.
WORDS = {
    ("Count", "Sum"): "in all",
    ("Count", "Maximum"): "most in the minute",
    ("Seconds", "p50"): "half within",
    ("Seconds", "p95"): "95 % within",
    ("Seconds", "Maximum"): "longest",
    ("Bytes", "p50"): "half up to",
    ("Bytes", "Maximum"): "largest",
}


def emitted(
    metric: Metric, stage: Stage, *, statistic: str, outcome: str | None = None, period: Duration = PERIOD
) -> cloudwatch.Metric:
    """Name one of our own metrics, with the dimensions that the functions emit it under."""
    dimensions = {"service": metric.service, "stage": stage.name}
    if outcome is not None:
        dimensions["outcome"] = outcome
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=metric.name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=period,
    )


class Dashboard(Construct):
    """The service as its users feel it, then the machinery below it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        functions: Mapping[str, lambda_.IFunction],
        queues: Mapping[str, WorkQueue],
        table: dynamodb.ITable,
        api: apigateway.RestApi,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"lea-reports-{stage.name}",
            default_interval=Duration.hours(3),
            period_override=cloudwatch.PeriodOverride.AUTO,
        )
        self._add("Service: what coordinators feel", [service_widget(metric, stage) for metric in METRICS])
        self._add(
            "Operations: queues, functions, API, table",
            [
                *(widget for name, queue in queues.items() for widget in queue_widgets(name, queue)),
                *function_widgets(functions),
                *api_widgets(api),
                table_widget(table),
            ],
        )

    def _add(self, title: str, widgets: Sequence[cloudwatch.GraphWidget]) -> None:
        self.dashboard.add_widgets(cloudwatch.TextWidget(markdown=f"## {title}", width=COLUMNS, height=1))
        self.dashboard.add_widgets(*widgets)


def service_widget(metric: Metric, stage: Stage) -> cloudwatch.GraphWidget:
    """Draw one of our own metrics: a line per outcome, or per statistic."""
    if metric.outcomes:
        lines = [
            emitted(metric, stage, statistic="Sum", outcome=outcome).with_(label=outcome)
            for outcome in metric.outcomes
        ]
    else:
        # Reconcile counts the jobs under way again each minute: the counts of a period must not be added up.
        statistics = ("Maximum",) if metric is JOBS_WAITING else STATISTICS[metric.unit]
        lines = [
            emitted(metric, stage, statistic=statistic).with_(label=WORDS[metric.unit, statistic])
            for statistic in statistics
        ]
    return graph(
        f"{metric.name}: {metric.meaning}", lines, "" if metric.unit == "Count" else metric.unit.lower()
    )


def queue_widgets(name: str, queue: WorkQueue) -> Iterator[cloudwatch.GraphWidget]:
    """Draw how full a queue is and how long its oldest message has waited."""
    yield graph(
        f"{name} queue: messages",
        [
            queue.queue.metric_approximate_number_of_messages_visible(label="waiting", period=PERIOD),
            queue.queue.metric_approximate_number_of_messages_not_visible(
                label="being worked on", period=PERIOD
            ),
            queue.dead_letters.metric_approximate_number_of_messages_visible(label="given up", period=PERIOD),
        ],
    )
    yield graph(
        f"{name} queue: age of the oldest message",
        [queue.queue.metric_approximate_age_of_oldest_message(label="oldest", period=PERIOD)],
        "seconds",
    )


def function_widgets(functions: Mapping[str, lambda_.IFunction]) -> Iterator[cloudwatch.GraphWidget]:
    """Draw, each for all functions: calls, errors, throttles, durations, concurrency."""
    each = functions.items()
    yield graph("Invocations", [each_.metric_invocations(label=name, period=PERIOD) for name, each_ in each])
    yield graph("Errors", [each_.metric_errors(label=name, period=PERIOD) for name, each_ in each])
    yield graph("Throttles", [each_.metric_throttles(label=name, period=PERIOD) for name, each_ in each])
    yield graph(
        "Duration, p95",
        [each_.metric_duration(label=name, statistic="p95", period=PERIOD) for name, each_ in each],
        "milliseconds",
    )
    yield graph(
        "Concurrent executions",
        [
            each_.metric("ConcurrentExecutions", label=name, statistic="Maximum", period=PERIOD)
            for name, each_ in each
        ],
    )


def api_widgets(api: apigateway.RestApi) -> Iterator[cloudwatch.GraphWidget]:
    """Draw the API's answers and how long they took."""
    yield graph(
        "API: answers",
        [
            api.metric_count(label="all", period=PERIOD),
            api.metric_client_error(label="4xx", period=PERIOD),
            api.metric_server_error(label="5xx", period=PERIOD),
        ],
    )
    yield graph(
        "API: latency",
        [api.metric_latency(label=name, statistic=name, period=PERIOD) for name in ("p50", "p95", "p99")],
        "milliseconds",
    )


def table_widget(table: dynamodb.ITable) -> cloudwatch.GraphWidget:
    """Draw what the table is asked for: it is billed by this."""
    return graph(
        "Table: capacity used",
        [
            table.metric_consumed_read_capacity_units(label="read", period=PERIOD),
            table.metric_consumed_write_capacity_units(label="write", period=PERIOD),
        ],
        "units",
    )


def graph(title: str, lines: Sequence[cloudwatch.IMetric], unit: str = "") -> cloudwatch.GraphWidget:
    """Draw lines over time, three graphs to a row; without a unit they count something."""
    return cloudwatch.GraphWidget(
        title=title,
        left=list(lines),
        left_y_axis=cloudwatch.YAxisProps(min=0, label=unit or None),
        width=COLUMNS // 3,
        height=6,
    )
