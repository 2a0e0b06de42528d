"""Read the numbers of a CloudWatch dashboard back, as its graphs would show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricDataQueryTypeDef

    from local.cloud import Cloud

BATCH = 400  # GetMetricData takes 500 queries


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a graph: which metric, and how it is summed up (`Sum`, `p95`, ...)."""

    graph: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A line and its number over the whole time asked for; None if nothing was reported."""

    line: Line
    value: float | None


def lines_of(body: str) -> Iterator[Line]:
    """Yield the lines of a dashboard body; expressions and texts are passed over.

    A metric is `[namespace, name, dimension, value, ..., {options}]`, where `.` repeats the value of the line
    above at that place ("Dashboard body structure and syntax" of the CloudWatch guide).
    """
    for widget in json.loads(body)["widgets"]:
        properties = widget["properties"]
        above: list[str] = []
        for row in properties.get("metrics", []):
            options = row[-1] if isinstance(row[-1], dict) else {}
            words = [each for each in row if isinstance(each, str)]
            if not words:
                continue
            words = [above[place] if word == "." else word for place, word in enumerate(words)]
            above = words
            yield Line(
                graph=properties.get("title", ""),
                namespace=words[0],
                metric=words[1],
                dimensions=tuple(pairwise(words[2:]))[::2],
                statistic=options.get("stat", properties.get("stat", "Average")),
            )


def read_dashboard(cloud: Cloud, name: str, *, since: dt.datetime, until: dt.datetime) -> list[Reading]:
    """Return the number of every line of the dashboard called `name`, each over the whole time."""
    lines = list(lines_of(cloud.cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]))
    minutes = int((until - since).total_seconds()) // 60 + 1
    values: dict[str, float] = {}
    for first in range(0, len(lines), BATCH):
        queries = [_query(at, lines[at], minutes * 60) for at in range(first, min(first + BATCH, len(lines)))]
        results = cloud.cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=since, EndTime=until)
        values |= {
            each["Id"]: sum(each["Values"])
            if lines[int(each["Id"][1:])].statistic == "Sum"
            else max(each["Values"])
            for each in results["MetricDataResults"]
            if each["Values"]
        }
    return [Reading(line, values.get(f"m{at}")) for at, line in enumerate(lines)]


def _query(at: int, line: Line, period: int) -> MetricDataQueryTypeDef:
    dimensions: list[DimensionTypeDef] = [{"Name": name, "Value": value} for name, value in line.dimensions]
    return {
        "Id": f"m{at}",
        "MetricStat": {
            "Metric": {"Namespace": line.namespace, "MetricName": line.metric, "Dimensions": dimensions},
            "Period": period,
            "Stat": line.statistic,
        },
    }
