"""Make metrics of what the emulator leaves lying: EMF lines in the functions' logs, and how full queues are.

On AWS, CloudWatch itself reads EMF from log groups, SQS reports its queues and Lambda its functions. The emulator
does neither (of functions it counts only those that are invoked directly, which nobody does here), and evaluates
alarms only when a metric arrives. With this bridge the local stack's dashboards and alarms are live.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.emulator import open_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from mypy_boto3_cloudwatch.literals import StandardUnitType
    from mypy_boto3_cloudwatch.type_defs import MetricDatumTypeDef

    from local.cloud import Cloud

PERIOD_SECONDS: Final = 1.0
BATCH: Final = 500  # CloudWatch takes 1,000 metrics a call; half of it stays below its size limit too
LATE_MILLISECONDS: Final = 10_000  # how far behind its neighbours a log line may appear
FAILURES: Final = ("Traceback (most recent call last):", "Task timed out after", "Worker process died")
DURATION: Final = re.compile(r"^REPORT RequestId: .*\tDuration: ([0-9.]+) ms")


def emf_metrics(line: str) -> Iterator[tuple[str, MetricDatumTypeDef]]:
    """Yield (namespace, datum) for each metric and dimension set of a log line; nothing if it is not EMF.

    The format: "Specification: Embedded metric format" of the CloudWatch guide. A metric that the line
    declares without a value, and a dimension set of which a value is absent, are left out.
    """
    document = _document(line)
    head = document.get("_aws")
    if not isinstance(head, dict) or not isinstance(head.get("Timestamp"), int):
        return
    written = dt.datetime.fromtimestamp(head["Timestamp"] / 1000, tz=dt.UTC)
    for directive in head.get("CloudWatchMetrics", []):
        for names in directive.get("Dimensions", [[]]):
            if not all(name in document for name in names):
                continue
            for metric in directive.get("Metrics", []):
                values = _numbers(document.get(metric["Name"]))
                if values:
                    yield (
                        directive["Namespace"],
                        {
                            "MetricName": metric["Name"],
                            "Dimensions": [{"Name": name, "Value": str(document[name])} for name in names],
                            "Timestamp": written,
                            "Unit": metric.get("Unit", "None"),
                            "Values": values,
                            "Counts": [1.0] * len(values),
                        },
                    )


def _document(line: str) -> dict[str, object]:
    if not line.startswith("{") or '"_aws"' not in line:
        return {}
    try:
        document = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _numbers(value: object) -> list[float]:
    values = value if isinstance(value, list) else [value]
    return [float(each) for each in values if isinstance(each, int | float) and not isinstance(each, bool)]


def invocation_metrics(function: str, lines: Iterable[str], ended: dt.datetime) -> list[MetricDatumTypeDef]:
    """Return what AWS/Lambda says of an invocation whose log, with its REPORT line, is `lines`.

    The emulator ends the log of a failed invocation with Python's traceback, or with why there is none.
    """
    lines = list(lines)
    failed = any(line.startswith(FAILURES) for line in lines)
    values: list[tuple[str, StandardUnitType, float]] = [
        ("Invocations", "Count", 1),
        ("Errors", "Count", failed),
        ("Throttles", "Count", 0),
        *(("Duration", "Milliseconds", float(took)) for line in lines for took in DURATION.findall(line)),
    ]
    return _data({"FunctionName": function}, values, ended)


def _data(
    dimensions: dict[str, str], values: Iterable[tuple[str, StandardUnitType, float]], at: dt.datetime
) -> list[MetricDatumTypeDef]:
    return [
        {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            "Timestamp": at,
            "Unit": unit,
            "Value": float(number),
        }
        for name, unit, number in values
    ]


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message of a queue: when it was sent (Unix seconds), and whether it still waits for a receiver."""

    sent: float
    visible: bool


def queue_metrics(queue: str, messages: Iterable[QueuedMessage], now: float) -> list[MetricDatumTypeDef]:
    """Return what AWS/SQS says of a queue.

    `messages` are those that were not deleted yet; `now` is in Unix seconds.
    """
    messages = list(messages)
    waiting = sum(message.visible for message in messages)
    age = max((now - message.sent for message in messages), default=0.0)
    values: list[tuple[str, StandardUnitType, float]] = [
        ("ApproximateNumberOfMessagesVisible", "Count", waiting),
        ("ApproximateNumberOfMessagesNotVisible", "Count", len(messages) - waiting),
        ("ApproximateAgeOfOldestMessage", "Seconds", max(age, 0.0)),
    ]
    return _data({"QueueName": queue}, values, dt.datetime.fromtimestamp(now, tz=dt.UTC))


class Bridge:
    """Carries metrics over while it is open, once a second, and a last time when it closes.

    It covers all functions and queues that exist when it opens. Trouble with one round is kept
    in `trouble` and the next round goes on: a bridge must not take the stack down.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.trouble: Exception | None = None
        self._cloud = cloud
        self._ending = threading.Event()
        self._turn = threading.Lock()
        self._seen: set[str] = set()
        self._since = int(time.time() * 1000)
        pages = cloud.functions.get_paginator("list_functions").paginate()
        functions = [function for page in pages for function in page["Functions"]]
        self._log_groups = {each["FunctionName"]: each["LoggingConfig"]["LogGroup"] for each in functions}
        self._queues = cloud.sqs.list_queues().get("QueueUrls", [])
        self._thread = threading.Thread(target=self._run, name="metrics-bridge", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()

    def carry(self) -> None:
        """Carry over now what there is; a reader of metrics calls this to be up to date."""
        with self._turn:
            for function, group in self._log_groups.items():
                self._carry_logs(function, group)
            self._carry_queues()

    def _run(self) -> None:
        while True:
            ending = self._ending.wait(PERIOD_SECONDS)
            try:
                self.carry()
            except (BotoCoreError, ClientError, OSError) as error:
                self.trouble = error
            if ending:
                return

    def _carry_logs(self, function: str, group: str) -> None:
        """Carry what invocations not seen yet logged: each has a stream, written at once when it ends."""
        pages = self._cloud.logs.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            startTime=self._since - LATE_MILLISECONDS,
        )
        events = [event for page in pages for event in page["events"]]
        fresh = [event for event in events if event["logStreamName"] not in self._seen]
        by_namespace: dict[str, list[MetricDatumTypeDef]] = {}
        fresh.sort(key=lambda event: event["logStreamName"])  # stable: lines stay in their order
        for stream, logged in groupby(fresh, key=lambda event: event["logStreamName"]):
            self._seen.add(stream)
            invocation = list(logged)
            ended = dt.datetime.fromtimestamp(invocation[-1]["timestamp"] / 1000, tz=dt.UTC)
            lines = [event["message"] for event in invocation]
            by_namespace.setdefault("AWS/Lambda", []).extend(invocation_metrics(function, lines, ended))
            for line in lines:
                for namespace, datum in emf_metrics(line):
                    by_namespace.setdefault(namespace, []).append(datum)
        for namespace, data in by_namespace.items():
            self._put(namespace, data)

    def _carry_queues(self) -> None:
        now = time.time()
        data: list[MetricDatumTypeDef] = []
        for url in self._queues:
            with open_url(self._cloud.address, f"/_ministack/sqs/messages?QueueUrl={url}") as page:
                accounts = json.load(page)["messages"].values()
            messages = [
                QueuedMessage(message["SentTimestamp"], message["IsVisible"])
                for regions in accounts
                for queues in regions.values()
                for message in queues[url]
            ]
            data += queue_metrics(url.rpartition("/")[2], messages, now)
        self._put("AWS/SQS", data)

    def _put(self, namespace: str, data: list[MetricDatumTypeDef]) -> None:
        for first in range(0, len(data), BATCH):
            self._cloud.cloudwatch.put_metric_data(
                Namespace=namespace, MetricData=data[first : first + BATCH]
            )
