"""A report is one file: the one that docs/adding.md shows, put into a copy of the package, works everywhere."""

import csv
import io
import json

import pytest

from tests.unit.package_copy import ROOT, PackageCopy

LEA = "99100010000000"
CODE = "testing-windows"
FORM = """
import json
from lea_reports.catalog import CATALOG
from lea_reports.reports.request import form_schema
print(json.dumps(form_schema(CATALOG["testing-windows"])))
"""
OPENAPI = """
import sys
sys.path.append(sys.argv[1])
from request_report.application import app
from request_report.description import openapi
print(openapi(app))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Add the one file of the documentation to a copy of the package."""
    copy = PackageCopy(tmp_path_factory.mktemp("copy"))
    copy.add("catalog/testing_windows.py", "adding.md", "A report")
    return copy


@pytest.fixture(scope="module")
def store(copy, tmp_path_factory):
    """Take an invented district in."""
    feeds, store = tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("store")
    copy.command("synthesize", feeds, "--students", "60", "--schools", "4", "--seed", "3", "--year", "2026")
    copy.take_in(feeds, store)
    return store


def test_the_command_line_lists_it_and_makes_it(copy, store, tmp_path):
    """For all schools, or for some."""
    assert f"{CODE} " in copy.command("reports")

    for schools in ("all", ["99100016000001"]):
        parameters = json.dumps({"name": "Windows", "schools": schools, "format": "csv"})
        words = ("--lea", LEA, "--parameters", parameters, "--from", store, "--to", tmp_path)
        copy.command("report", CODE, *words)
        text = (tmp_path / "Windows.csv").read_text(encoding="utf-8-sig")
        headings, *rows = csv.reader(io.StringIO(text, newline=""))
        assert headings == ["School CDS Code", "School Name", "First Day", "Last Day"]
        assert len(rows) == (4 if schools == "all" else 1)


def test_what_it_does_not_take_is_refused_with_its_own_sentences(copy, store, tmp_path):
    """By the parameters that it declares."""
    parameters = json.dumps({"name": "Windows", "schools": ["99100029999999"]})
    words = ("--lea", LEA, "--parameters", parameters, "--from", store, "--to", tmp_path)

    said = copy.command("report", CODE, *words, succeeds=False)

    assert "/schools/0: 99100029999999 is not a school of Sample Valley Unified." in said


def test_the_api_tells_of_it(copy):
    """Its form, and the body of its request."""
    form = json.loads(copy.run("-c", FORM))
    document = json.loads(copy.run("-c", OPENAPI, ROOT / "functions"))

    assert list(form["properties"]) == ["name", "schools", "format"]
    body = document["paths"]["/v1/report-requests"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert body["discriminator"]["mapping"][CODE] == "#/components/schemas/TestingWindowsRequest"
    assert document["components"]["schemas"]["TestingWindowsRequest"]["required"] == [
        "report",
        "name",
        "schools",
    ]
