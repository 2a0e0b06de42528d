"""Whatever a client sends, the API answers as its document says, and gives little of it back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.access.identity import SignIn
from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import MemoryRoleAssignments
from lea_reports.datasets.reader import DatasetReader
from lea_reports.jobs.messages import MemoryQueue
from lea_reports.jobs.storage import MemoryStorage
from lea_reports.jobs.store import MemoryJobStore
from lea_reports.storage.objects import MemoryObjects
from lea_reports.telemetry.events import MemoryTelemetry
from request_report import handler, models
from request_report.bootstrap import ApiDependencies
from request_report.problems import LONGEST_ECHO
from tests.fuzz.effort import examples

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "api" / "openapi.json").read_text("utf-8"))
OPERATIONS = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
LEA = "99100010000000"
ROLE = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA)
SIGN_IN = SignIn("issuer", "client")
CLAIMS = {"sub": "s", "email": "s@example.org", "token_use": "id", "iss": "issuer", "aud": "client"}
GOOD = {
    "report": "student-score-report-pdfs",
    "name": "Spring-2026",
    "schools": "all",
    "grades": ["03"],
    "start_date": "2026-05-01",
    "end_date": "2026-07-31",
    "assessments": "all",
    "languages": ["english-all"],
    "merge": False,
    "password": "correct horse battery",
    "administration_year": "2025-26",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200)
JSON = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=99), part, max_size=4)
)
MUTATED = st.dictionaries(st.sampled_from([*GOOD, "other"]), JSON, max_size=3).map(
    lambda parts: json.dumps(GOOD | parts)
)
BODIES = st.none() | MUTATED | JSON.map(json.dumps) | st.text(max_size=300)
WORDS = st.text(max_size=200) | st.integers().map(str)
NAMES = ("Content-Type", "Idempotency-Key", "If-None-Match", "LEA-Reports-Role", "x-other")
HEADERS = st.dictionaries(st.sampled_from(NAMES), WORDS | st.sampled_from(["application/json", ROLE.id]))
QUERIES = st.dictionaries(st.sampled_from(["limit", "before", "after", "other"]), WORDS)
JOBS = st.just("01JBBBBBBBBBBBBBBBBBBBBBBB") | st.text(min_size=1, max_size=99)


@pytest.fixture(autouse=True)
def dependencies(monkeypatch):
    """Let the routes work in memory, with a coordinator and no data."""
    assignments = MemoryRoleAssignments()
    assignments.assign("s", ROLE)
    made = ApiDependencies(
        sign_in=SIGN_IN,
        assignments=assignments,
        jobs=MemoryJobStore(),
        datasets=DatasetReader(MemoryObjects()),
        builds=MemoryQueue(),
        notices=MemoryQueue(),
        storage=MemoryStorage(),
        telemetry=MemoryTelemetry(),
    )
    monkeypatch.setattr(handler, "api_dependencies", lambda: made)


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operation=st.sampled_from(OPERATIONS),
    method=st.none() | st.sampled_from(["HEAD", "PUT", "DELETE", "OPTIONS"]),
    job=JOBS,
    body=BODIES,
    headers=HEADERS,
    query=QUERIES,
)
def test_every_answer_is_a_documented_one(operation, method, job, body, headers, query):
    """The status stands in the document, the form is its form, and no long piece of what was sent comes back."""
    verb, path = operation
    event = {
        "resource": path,
        "path": path.replace("{job_id}", job),
        "httpMethod": method or verb,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "authorizer": {"claims": CLAIMS},
            "httpMethod": verb,
            "stage": "live",
            "requestId": "fuzz",
        },
        "body": body,
        "isBase64Encoded": False,
    }

    answer = handler.handle(event, SimpleNamespace(aws_request_id="fuzz"))

    status, text = answer["statusCode"], answer["body"]
    asked = {"HEAD": "GET"}.get(method or verb, method or verb)
    described = DOCUMENT["paths"][path].get(asked.lower(), {"responses": {}})["responses"]
    assert status < 500
    assert str(status) in described or status in {404, 405}  # an odd id makes it another path
    if method == "HEAD" or status == 304:
        assert text == ""
        return
    document = json.loads(text)
    model = models.ProblemAnswer
    if status < 400:
        content = described[str(status)]["content"]["application/json"]
        model = getattr(models, content["schema"]["$ref"].rpartition("/")[2])
    assert model.model_validate(document).model_dump(mode="json", exclude_unset=True) == document
    if status >= 400:
        sent = " ".join([body or "", *headers.values(), *query.values()])
        told = json.dumps(document, ensure_ascii=False)
        assert not [piece for piece in re.findall(rf"\S{{{LONGEST_ECHO + 1},}}", sent) if piece in told]
