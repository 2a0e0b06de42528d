"""What is read from a dashboard's body."""

import json

from local.dashboard import Line, lines_of


def test_lines_repeat_what_a_dot_stands_for():
    """In a dashboard body a dot means the value of the line above at that place."""
    body = {
        "widgets": [
            {"type": "text", "properties": {"markdown": "## Service"}},
            {
                "type": "metric",
                "properties": {
                    "title": "Notices",
                    "metrics": [
                        ["LeaReports", "Notices", "outcome", "sent", {"stat": "Sum"}],
                        [".", ".", ".", "refused"],
                        [{"expression": "SEARCH('x', 'Sum')"}],
                    ],
                    "stat": "Maximum",
                },
            },
        ]
    }
    assert list(lines_of(json.dumps(body))) == [
        Line("Notices", "LeaReports", "Notices", (("outcome", "sent"),), "Sum"),
        Line("Notices", "LeaReports", "Notices", (("outcome", "refused"),), "Maximum"),
    ]


def test_two_dimensions_stay_pairs():
    """Names and values alternate."""
    row = ["AWS/ApiGateway", "Latency", "ApiName", "reports", "Stage", "live"]
    body = {"widgets": [{"type": "metric", "properties": {"metrics": [row]}}]}
    (line,) = lines_of(json.dumps(body))
    assert line.dimensions == (("ApiName", "reports"), ("Stage", "live"))
    assert line.statistic == "Average"


def test_a_line_has_the_unit_of_its_graph():
    """It stands on the axis; what is counted has none."""
    rows = [["LeaReports", "ChunkTime", {"label": "longest"}], ["LeaReports", "Requests"]]
    axis = {"yAxis": {"left": {"min": 0, "label": "seconds"}}}
    body = {
        "widgets": [
            {"type": "metric", "properties": {"metrics": rows[:1], **axis}},
            {"type": "metric", "properties": {"metrics": rows[1:], "yAxis": {"left": {"min": 0}}}},
        ]
    }

    assert [(line.label, line.unit) for line in lines_of(json.dumps(body))] == [
        ("longest", "seconds"),
        (None, ""),
    ]
