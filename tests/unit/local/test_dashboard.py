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
