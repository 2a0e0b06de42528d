"""Who asks is looked up once, whatever a request is for."""

import json
from dataclasses import replace

import pytest

from request_report.application import app
from request_report.bootstrap import api_dependencies
from request_report.description import openapi

REQUESTS, CODE = "/v1/report-requests", "student-score-report-pdfs"
OPERATIONS = [
    (method.upper(), path)
    for path, operations in json.loads(openapi(app))["paths"].items()
    for method in operations
]


class CountedAssignments:
    """Role assignments that count how often they are asked for."""

    def __init__(self, assignments):
        self._assignments = assignments
        self.reads = 0

    def of(self, subject):
        """Return the roles of a person."""
        self.reads += 1
        return self._assignments.of(subject)


@pytest.fixture
def counted(functions, monkeypatch):
    """Let the routes work with counted role assignments."""
    made = api_dependencies()
    assignments = CountedAssignments(made.assignments)
    counting = replace(made, assignments=assignments)
    monkeypatch.setattr("request_report.handler.api_dependencies", lambda: counting)
    return assignments


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_roles_of_the_caller_are_read_once_per_request(functions, request_body, counted, method, path):
    """Also for what works with a request that was made before, and for each request anew."""
    _, _, document = functions.call("POST", REQUESTS, request_body())
    body = request_body(name="another") if (method, path) == ("POST", REQUESTS) else None
    for _ in range(2):
        counted.reads = 0
        status, _, _ = functions.call(
            method, path.replace("{job_id}", document["id"]).replace("{code}", CODE), body
        )

        assert counted.reads == 1
        assert status in {200, 202, 409}
