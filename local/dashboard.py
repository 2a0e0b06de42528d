"""Read the numbers of a CloudWatch dashboard back, as its graphs would show them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricDataQueryTypeDef

    from local.cloud import Cloud

BATCH = 400  # GetMetricData takes 500 queries
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a graph: which metric, how it is summed up (`Sum`, `p95`, ...), its name if it has one, its unit.

    What is counted has no unit.
    """

    graph: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    label: str | None = None
    unit: str = ""


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
                label=options.get("label"),
                unit=properties.get("yAxis", {}).get("left", {}).get("label", ""),
            )


def read_dashboard(cloud: Cloud, name: str, *, now: dt.datetime) -> list[Reading]:
    """Return the number of every line of the dashboard called `name` over the day (UTC) that ends `now`."""
    lines = list(lines_of(cloud.cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]))
    values: dict[str, float] = {}
    for first in range(0, len(lines), BATCH):
        results = cloud.cloudwatch.get_metric_data(
            MetricDataQueries=[_query(at, lines[at]) for at in range(first, min(first + BATCH, len(lines)))],
            StartTime=now - dt.timedelta(days=1),
            EndTime=now + dt.timedelta(minutes=1),  # the end itself is not included
            ScanBy="TimestampDescending",
        )["MetricDataResults"]
        values |= {each["Id"]: each["Values"][0] for each in results if each["Values"]}
    return [Reading(line, values.get(f"m{at}")) for at, line in enumerate(lines)]


def _query(at: int, line: Line) -> MetricDataQueryTypeDef:
    dimensions: list[DimensionTypeDef] = [{"Name": name, "Value": value} for name, value in line.dimensions]
    return {
        "Id": f"m{at}",
        "MetricStat": {
            "Metric": {"Namespace": line.namespace, "MetricName": line.metric, "Dimensions": dimensions},
            "Period": DAY_SECONDS,
            "Stat": line.statistic,
        },
    }
