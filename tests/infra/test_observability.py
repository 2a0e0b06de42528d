"""What operators see."""

from __future__ import annotations

import json

import pytest

from lea_reports.telemetry.metrics import METRICS, NAMESPACE

ALARMS = {
    *("BuildDeadLetters", "BuildOldestMessage", "NoticeDeadLetters", "NoticeOldestMessage"),
    *("RequestReportErrors", "RequestReportThrottles", "BuildReportErrors", "BuildReportThrottles"),
    *("OpenLinkErrors", "OpenLinkThrottles"),
    *("NotifyErrors", "NotifyThrottles", "JobsFailed", "NoticesFailed", "ApiServerErrors"),
}


def shown(cloud):
    """Return the metrics on the dashboard: namespace, name, dimensions."""
    (dashboard,) = cloud.of_type("CloudWatch::Dashboard")
    parts = dashboard.properties["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "token" for part in parts))
    for widget in body["widgets"]:
        for namespace, name, *rest in widget["properties"].get("metrics", []):
            names = [entry for entry in rest if isinstance(entry, str)]
            yield namespace, name, frozenset(zip(names[::2], names[1::2], strict=True))


def alarm(cloud, name):
    """Return one alarm's properties."""
    (found,) = (
        alarm.properties
        for alarm in cloud.of_type("CloudWatch::Alarm")
        if alarm.properties["AlarmName"] == f"lea-reports-{cloud.stage.name}-{name}"
    )
    return found


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_that_we_emit_is_on_the_dashboard(cloud, metric):
    """With the dimensions it is emitted under, once per outcome."""
    dimensions = {("service", metric.service), ("stage", cloud.stage.name)}
    expected = {frozenset({*dimensions, ("outcome", outcome)}) for outcome in metric.outcomes} or {
        frozenset(dimensions)
    }
    found = {dims for namespace, name, dims in shown(cloud) if (namespace, name) == (NAMESPACE, metric.name)}
    assert found == expected


def test_every_metric_of_ours_on_the_dashboard_is_emitted(cloud):
    """A widget without a metric is a flat line that looks like health."""
    names = {name for namespace, name, _ in shown(cloud) if namespace == NAMESPACE}
    assert names == {metric.name for metric in METRICS}


def test_the_alarms_of_day_one_exist(cloud):
    """Dead letters, waiting, errors, throttles, failures, 5xx."""
    names = {alarm.properties["AlarmName"].rpartition("-")[2] for alarm in cloud.of_type("CloudWatch::Alarm")}
    assert names == (ALARMS | {"NoJobReady"} if cloud.stage.computes_alarms else ALARMS)


def test_every_alarm_tells_somebody_when_it_starts_and_when_it_ends(cloud):
    """An alarm that only changes colour wakes nobody."""
    for found in cloud.of_type("CloudWatch::Alarm"):
        for kind in ("AlarmActions", "OKActions"):
            (topic,) = found.properties[kind]
            assert cloud.resolve(topic).type == "AWS::SNS::Topic"
        assert found.properties["AlarmDescription"]
        assert found.properties["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("queue", ["Build", "Notice"])
def test_one_dead_letter_is_enough(cloud, queue):
    """Each is a job that stands still or a coordinator who was not told."""
    found = alarm(cloud, f"{queue}DeadLetters")
    assert (found["Threshold"], found["EvaluationPeriods"]) == (1, 1)
    assert found["MetricName"] == "ApproximateNumberOfMessagesVisible"
    (dimension,) = found["Dimensions"]
    assert f"{queue}DeadLetters" in json.dumps(dimension["Value"])


def test_jobs_that_wait_while_none_ends_raise_an_alarm(prod):
    """The one alarm that also sees what no single part reports."""
    metrics = {entry["Id"]: entry for entry in alarm(prod, "NoJobReady")["Metrics"]}
    (expression,) = (entry["Expression"] for entry in metrics.values() if "Expression" in entry)
    assert expression == (
        "IF(FILL(waiting, 0) > 0 AND "
        "(FILL(ended_ready, 0) + FILL(ended_no_results, 0) + FILL(ended_failed, 0)) < 1, 1, 0)"
    )
    assert metrics["waiting"]["MetricStat"]["Stat"] == "Minimum"


def test_refused_mails_and_failed_jobs_raise_an_alarm(cloud):
    """By the outcome that the functions emit."""
    for name, metric in (("JobsFailed", "JobsEnded"), ("NoticesFailed", "Notices")):
        found = alarm(cloud, name)
        assert (found["Namespace"], found["MetricName"], found["Threshold"]) == (NAMESPACE, metric, 1)


def test_alarms_go_out_encrypted_to_the_address_of_the_stage(prod):
    """Production has somebody who watches."""
    (topic,) = prod.of_type("SNS::Topic")
    assert prod.resolve(topic.properties["KmsMasterKeyId"]).type == "AWS::KMS::Key"
    (subscription,) = prod.of_type("SNS::Subscription")
    assert subscription.properties["Endpoint"] == prod.stage.alarm_address
