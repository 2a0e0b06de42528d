"""Nothing about a student can reach a log or a metric."""

import json
import logging

import pytest

from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from lea_reports.telemetry.events import FIELDS, IDS, Event, MemoryTelemetry
from lea_reports.telemetry.metrics import CHUNK_TIME, METRICS, SSRS

TELEMETRIES = [MemoryTelemetry(), CloudWatchTelemetry("build_report", "local")]


@pytest.mark.parametrize("telemetry", TELEMETRIES)
@pytest.mark.parametrize("field", ["ssid", "name", "message", "file", "email"])
def test_a_field_that_is_not_on_the_list_is_refused(telemetry, field):
    """The list has ids of jobs and LEAs, codes and counts, and no place for a student."""
    with pytest.raises(ValueError, match="not allowed"):
        telemetry.event(Event.JOB_READY, **{field: "x"})


@pytest.mark.parametrize("telemetry", TELEMETRIES)
def test_an_outcome_that_a_metric_does_not_have_is_refused(telemetry):
    """A misspelt outcome would be a metric that no widget shows."""
    with pytest.raises(ValueError, match="outcome"):
        telemetry.measure(SSRS, 1, "maed")
    with pytest.raises(ValueError, match="outcome"):
        telemetry.measure(SSRS, 1)
    with pytest.raises(ValueError, match="outcome"):
        telemetry.measure(CHUNK_TIME, 1, "made")


def test_an_event_is_one_json_line_with_its_code(capsys):
    """Logs are searched by code."""
    CloudWatchTelemetry("fresh", "local").event(Event.JOB_READY, job="01J", lea="99100010000000", bytes=5)

    line = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert line["event"] == "job_ready"
    assert line["message"] == Event.JOB_READY.sentence
    assert line["bytes"] == 5


@pytest.mark.parametrize(
    ("event", "level"),
    [(Event.STEP_FAILED, "ERROR"), (Event.CHUNK_GIVEN_UP, "WARNING"), (Event.REQUEST_REFUSED, "INFO")],
)
def test_each_event_has_its_level(event, level, capsys):
    """What operators must look at is found by it; what a client does wrong is none of that."""
    CloudWatchTelemetry(event.name, "local").event(event)

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["level"] == level


def test_each_line_bears_the_id_of_its_invocation_and_says_where_it_was_written(capsys):
    """All that one invocation did is found by it; the next one has its own, and no id of the one before."""
    telemetry = CloudWatchTelemetry("ids", "local")
    telemetry.begin(request_id="first", api_request_id="api")
    telemetry.event(Event.REQUEST_REFUSED)
    telemetry.begin(request_id="second")
    telemetry.event(Event.JOB_PLANNED)

    first, second = map(json.loads, capsys.readouterr().out.splitlines()[-2:])
    assert (first["request_id"], first["api_request_id"]) == ("first", "api")
    assert (second["request_id"], second.get("api_request_id")) == ("second", None)
    assert second["location"].startswith("test_each_line_bears_the_id")


@pytest.mark.parametrize("telemetry", TELEMETRIES)
def test_an_id_that_is_not_on_the_list_is_refused(telemetry):
    """Nothing of a person becomes part of every line."""
    with pytest.raises(ValueError, match="not an id"):
        telemetry.begin(user="x")


def test_a_measurement_is_in_the_embedded_metric_format(capsys):
    """CloudWatch makes a metric of it, with service, stage and outcome as dimensions and nothing else."""
    CloudWatchTelemetry("build_report", "local").measure(SSRS, 12, "made")

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (directive,) = line["_aws"]["CloudWatchMetrics"]

    assert directive["Namespace"] == "LeaReports"
    assert sorted(directive["Dimensions"][0]) == ["outcome", "service", "stage"]
    assert line["StudentScoreReports"] == [12.0]
    assert line["outcome"] == "made"


def test_no_field_is_one_that_a_log_record_has_itself():
    """Python's logging would refuse the whole line."""
    record = logging.LogRecord("", logging.INFO, "", 0, "", None, None)

    assert not (FIELDS | IDS) & vars(record).keys()
    assert not FIELDS & IDS
    for telemetry in TELEMETRIES:
        telemetry.event(Event.STEP_FAILED, **dict.fromkeys(FIELDS, 1))


def test_the_list_of_fields_and_the_table_of_metrics_name_no_student_data():
    """Both are short enough to be read; this keeps them so."""
    assert not FIELDS & {"ssid", "name", "first_name", "last_name", "birth_date", "score", "file", "path"}
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_a_log_line_carries_these_fields_and_no_others():
    """Ids of jobs, LEAs and staff, codes and counts: a new field is a decision that is made here too."""
    listed = (
        *(
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
        ),
        *("report", "role", "rule", "seconds", "state", "status", "step", "user"),
    )
    assert set(listed) == FIELDS


def test_a_metric_has_these_dimensions_and_no_others(capsys):
    """Without an outcome there are two."""
    CloudWatchTelemetry("build_report", "local").measure(CHUNK_TIME, 1)

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert sorted(directive["Dimensions"][0]) == ["service", "stage"]
