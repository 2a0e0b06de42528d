"""The OpenAPI document that is committed is the one that the code means."""

import json
import re
from pathlib import Path

import pytest

from lea_reports.ssr_archive.language_choices import LANGUAGE_CHOICES
from request_report.application import app
from request_report.description import openapi

COMMITTED = Path(__file__).parent.parent.parent / "docs" / "api" / "openapi.json"


@pytest.fixture(scope="module")
def document():
    """Return the document that the code means."""
    return json.loads(openapi(app))


def test_the_committed_document_is_up_to_date():
    """After a change of the API, `make openapi` writes it anew and the difference is reviewed."""
    assert COMMITTED.read_text(encoding="utf-8") == openapi(app)


def test_every_error_is_described_as_a_problem(document):
    """Clients need one reader for all errors."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                kind = "application/json" if status < "400" else "application/problem+json"
                assert list(answer["content"]) == ([] if status == "304" else [kind])


def test_every_operation_says_what_it_does_and_needs_a_token(document):
    """The document is read by people."""
    assert document["security"] == [{"id_token": []}]
    for path in document["paths"].values():
        for operation in path.values():
            assert not operation["summary"].startswith(("GET", "POST"))


def test_every_schema_of_the_document_is_used(document):
    """Those of the framework's own problems are not ours."""
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))

    assert set(document["components"]["schemas"]) == named
    assert not {name for name in named if "Validation" in name}


def test_every_operation_has_the_header_of_the_role(document):
    """Whoever holds several roles needs it everywhere."""
    for path in document["paths"].values():
        for operation in path.values():
            assert "LEA-Reports-Role" in {each["name"] for each in operation["parameters"]}


def test_what_is_not_plain_is_explained(document):
    """Each choice of a language, and where a pointer points."""
    schemas = document["components"]["schemas"]
    languages = schemas["StudentScoreReportPdfsRequest"]["properties"]["languages"]

    assert all(f'"{choice}"' in languages["description"] for choice in LANGUAGE_CHOICES)
    assert "/limit" in schemas["ProblemOfField"]["properties"]["pointer"]["description"]
