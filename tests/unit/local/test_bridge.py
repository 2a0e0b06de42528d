"""What the bridge makes of log lines and queues."""

import datetime as dt
import json

import pytest

from local.bridge import QueuedMessage, emf_metrics, invocation_metrics, queue_metrics

LINE = {
    "_aws": {
        "Timestamp": 1_795_294_341_000,
        "CloudWatchMetrics": [
            {
                "Namespace": "LeaReports",
                "Dimensions": [["service", "stage"], ["stage"]],
                "Metrics": [{"Name": "Chunks", "Unit": "Count"}, {"Name": "ChunkTime", "Unit": "Seconds"}],
            }
        ],
    },
    "service": "build_report",
    "stage": "local",
    "Chunks": 1,
    "ChunkTime": [1.5, 2.5],
}


def test_each_metric_counts_once_for_each_dimension_set():
    """Two metrics under two dimension sets are four data, each with the values of its metric."""
    data = list(emf_metrics(json.dumps(LINE)))
    assert [namespace for namespace, _ in data] == ["LeaReports"] * 4
    assert [(datum["MetricName"], len(datum["Dimensions"]), datum["Values"]) for _, datum in data] == [
        ("Chunks", 2, [1.0]),
        ("ChunkTime", 2, [1.5, 2.5]),
        ("Chunks", 1, [1.0]),
        ("ChunkTime", 1, [1.5, 2.5]),
    ]
    assert data[0][1]["Timestamp"].timestamp() == 1_795_294_341
    assert data[1][1]["Unit"] == "Seconds"


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 1 Version: $LATEST",
        "",
        "{",
        '{"_aws": ',
        "[]",
        '{"level": "INFO", "_aws": null}',
        '{"_aws": {"CloudWatchMetrics": []}}',
        '{"_aws": {"Timestamp": "yesterday", "CloudWatchMetrics": []}}',
    ],
)
def test_lines_that_are_not_emf_give_nothing(line):
    """Logs hold all kinds of lines; only EMF documents become metrics."""
    assert list(emf_metrics(line)) == []


def test_a_metric_without_a_value_or_a_dimension_is_left_out():
    """A line may declare what it does not carry."""
    without_value = {key: value for key, value in LINE.items() if key != "Chunks"}
    without_service = {key: value for key, value in LINE.items() if key != "service"}
    assert {datum["MetricName"] for _, datum in emf_metrics(json.dumps(without_value))} == {"ChunkTime"}
    assert {len(datum["Dimensions"]) for _, datum in emf_metrics(json.dumps(without_service))} == {1}


@pytest.mark.parametrize(
    ("last_words", "errors"),
    [
        (["Traceback (most recent call last):", "KeyError: 'x'"], 1),
        (["Task timed out after 60.00 seconds"], 1),
        (['{"message": "all is well"}'], 0),
    ],
)
def test_an_invocation_counts_itself_its_error_and_its_time(last_words, errors):
    """Lambda's own metrics come from what the emulator logs of an invocation."""
    log = [
        "START RequestId: 1 Version: $LATEST",
        *last_words,
        "END RequestId: 1",
        "REPORT RequestId: 1\tDuration: 311 ms\tBilled Duration: 311 ms\tMemory Size: 128 MB",
    ]
    data = invocation_metrics("notify", log, dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    assert {datum["MetricName"]: datum["Value"] for datum in data} == {
        "Invocations": 1,
        "Errors": errors,
        "Throttles": 0,
        "Duration": 311,
    }


def test_a_queue_reports_its_depth_and_its_oldest_message():
    """Messages under work count as not visible, and age all the same until they are deleted."""
    messages = [QueuedMessage(100.0, visible=False), QueuedMessage(130.0, visible=True)]
    values = {datum["MetricName"]: datum["Value"] for datum in queue_metrics("build", messages, 160.0)}
    assert values == {
        "ApproximateNumberOfMessagesVisible": 1,
        "ApproximateNumberOfMessagesNotVisible": 1,
        "ApproximateAgeOfOldestMessage": 60,
    }


def test_an_empty_queue_reports_zeros():
    """Alarms need a number also when nothing waits."""
    assert [datum["Value"] for datum in queue_metrics("build", [], 160.0)] == [0, 0, 0]
